namespace Segmentation.Tests.Rfm;

public sealed class RfmTiersTests
{
    // One line for each recency digit from 5 down to 1; in it one tier for each frequency digit from 1 to 5.
    private const string ClassicMap =
        """
        new          potential-loyalist potential-loyalist champions champions
        promising    potential-loyalist potential-loyalist loyal     loyal
        about-to-sleep about-to-sleep   need-attention     loyal     loyal
        hibernating  hibernating        at-risk            at-risk   cannot-lose
        hibernating  hibernating        at-risk            at-risk   cannot-lose
        """;

    [Fact]
    public void Classic_covers_all_25_combinations_as_the_map_says()
    {
        var lines = ClassicMap.Split('\n').Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        foreach (var (r, f, m) in Digits(5))
            RfmTiers.Classic.TierOf(r, f, m, 2).ShouldBe(lines[5 - r][f - 1].Trim(), $"{r}{f}{m}");
    }

    [Fact]
    public void The_tiers_of_classic_do_not_overlap()
    {
        foreach (var (r, f, m) in Digits(5))
            RfmTiers.Classic.All.Count(tier => tier.Covers(r, f, m, false)).ShouldBe(1, $"{r}{f}{m}");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public void Lifecycle_covers_every_combination_and_uses_every_tier_on_any_number_of_scores(int scores)
    {
        var tiers = RfmTiers.LifecycleOn(scores);

        var used = Digits(scores).SelectMany(d => (string?[])[tiers.TierOf(d.R, d.F, d.M, 1), tiers.TierOf(d.R, d.F, d.M, 2)]).ToHashSet();

        used.ShouldNotContain((string?)null);
        used.ShouldBe(tiers.Names.ToHashSet()!, ignoreOrder: true);
    }

    // The best two fifths of the digits are new or vip, the best three active, the worst one churned; one at least is at-risk.
    [Theory]
    [InlineData(3, 3, 3, 1)]
    [InlineData(4, 3, 3, 1)]
    [InlineData(5, 4, 3, 1)]
    [InlineData(6, 5, 3, 1)]
    [InlineData(7, 5, 4, 1)]
    [InlineData(8, 6, 4, 2)]
    [InlineData(9, 6, 5, 2)]
    [InlineData(10, 7, 5, 2)]
    public void Lifecycle_has_the_same_shares_on_any_number_of_scores(int scores, int worstNew, int worstActive, int bestChurned)
    {
        var tiers = RfmTiers.LifecycleOn(scores);
        for (var recency = 1; recency <= scores; recency++)
        {
            tiers.TierOf(recency, 1, 1, 1).ShouldBe(recency >= worstNew ? "new" : "one-time");
            tiers.TierOf(recency, 1, 1, 2).ShouldBe(recency >= worstActive ? "active" : recency <= bestChurned ? "churned" : "at-risk");
            tiers.TierOf(recency, recency, recency, 2).ShouldBe(recency >= worstNew ? "vip" : recency >= worstActive ? "active" : recency <= bestChurned ? "churned" : "at-risk");
        }
    }

    [Theory]
    [InlineData(5, 1, 1, 1, "new")]
    [InlineData(4, 1, 5, 1, "new")]
    [InlineData(3, 1, 1, 1, "one-time")]
    [InlineData(1, 5, 5, 1, "one-time")]
    [InlineData(5, 5, 5, 9, "vip")]
    [InlineData(4, 4, 4, 2, "vip")]
    [InlineData(4, 4, 3, 9, "active")]
    [InlineData(3, 5, 5, 9, "active")]
    [InlineData(2, 5, 5, 9, "at-risk")]
    [InlineData(1, 5, 5, 9, "churned")]
    public void Lifecycle_says_what_a_shop_means(int r, int f, int m, int purchases, string tier) =>
        RfmTiers.Lifecycle.TierOf(r, f, m, purchases).ShouldBe(tier);

    [Fact]
    public void The_first_tier_that_covers_wins_and_what_none_covers_has_none()
    {
        var tiers = new RfmTiers(3, [new("best", new(3, 3), new(1, 3), new(1, 3)), new("good", new(2, 3), new(1, 3), new(1, 3))]);

        ((string?[])[tiers.TierOf(3, 1, 1, 1), tiers.TierOf(2, 1, 1, 1), tiers.TierOf(1, 1, 1, 1)]).ShouldBe(["best", "good", null]);
    }

    [Fact]
    public void Tiers_that_make_no_sense_are_refused()
    {
        var fine = new RfmTier("fine", new(1, 3), new(1, 3), new(1, 3));

        Should.Throw<ArgumentException>(() => new RfmTiers(3, []));
        Should.Throw<ArgumentException>(() => new RfmTiers(3, [fine, fine])).Message.ShouldStartWith("Every tier needs a name of its own");
        Should.Throw<ArgumentException>(() => new RfmTiers(3, [fine with { Recency = new(1, 4) }])).Message.ShouldStartWith("Tier fine has digits outside 1 to 3");
        Should.Throw<ArgumentException>(() => new RfmTiers(3, [fine with { Monetary = new(2, 1) }]));
    }

    private static IEnumerable<(int R, int F, int M)> Digits(int scores) =>
        from r in Enumerable.Range(1, scores)
        from f in Enumerable.Range(1, scores)
        from m in Enumerable.Range(1, scores)
        select (r, f, m);
}
