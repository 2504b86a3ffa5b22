using Segmentation.Tests.Oracle;

namespace Segmentation.Tests.Rfm;

public sealed class RfmTierCoverageTests
{
    // name, recency, frequency, monetary: the table that the R package rfm publishes with rfm_segment, version 0.2.2 and later.
    private const string PublishedTable =
        """
        champions          4-5 4-5 4-5
        loyal-customers    2-5 3-5 3-5
        potential-loyalist 3-5 1-3 1-3
        new-customers      4-5 1-1 1-1
        promising          3-4 1-1 1-1
        need-attention     2-3 2-3 2-3
        about-to-sleep     2-3 1-2 1-2
        at-risk            1-2 2-5 2-5
        cant-lose-them     1-1 4-5 4-5
        lost               1-2 1-2 1-2
        """;

    [Fact]
    public void The_published_table_leaves_combinations_to_nobody_and_has_tiers_in_vain()
    {
        var tiers = Table(PublishedTable);

        var coverage = RfmTierCoverage.Of(tiers);

        // Counted by hand, from the ranges above: frequency 1 with much spending, much frequency with monetary 1, and so on.
        coverage.Combinations.ShouldBe(125);
        coverage.Uncovered.Count.ShouldBe(Uncovered(tiers, 5).Count);
        coverage.Uncovered.ShouldContain(new RfmCombination(5, 1, 5, false));
        coverage.Uncovered.ShouldContain(new RfmCombination(1, 1, 3, false));
        coverage.Name(coverage.Uncovered)[0].ShouldBe(("R1 F1 M3-5", 3));
        coverage.Unreachable.Select(tier => (tiers.Names[tier.Index], string.Join(' ', tier.TakenBy))).ShouldBe(
        [
            ("new-customers", "potential-loyalist"),
            ("promising", "potential-loyalist"),
            ("cant-lose-them", "at-risk"),
        ]);
    }

    [Fact]
    public void The_presets_cover_everything_and_have_no_tier_in_vain()
    {
        foreach (var tiers in (RfmTiers[])[RfmTiers.Classic, RfmTiers.KlaviyoLike, .. Enumerable.Range(3, 8).Select(RfmTiers.LifecycleOn)])
        {
            var coverage = RfmTierCoverage.Of(tiers);
            coverage.Uncovered.ShouldBeEmpty();
            coverage.Unreachable.ShouldBeEmpty();
        }

        RfmTierCoverage.Of(RfmTiers.Classic).Combinations.ShouldBe(25);
        RfmTierCoverage.Of(RfmTiers.Classic).Overlaps.ShouldBeEmpty();
    }

    [Fact]
    public void Six_groups_on_three_scores_are_as_their_map_says()
    {
        // Recency 3 down to 1; in each line frequency 1 to 3.
        string[][] map = [["recent", "loyal", "champions"], ["needs-attention", "loyal", "loyal"], ["inactive", "at-risk", "at-risk"]];
        for (var r = 1; r <= 3; r++)
        for (var f = 1; f <= 3; f++)
        for (var m = 1; m <= 3; m++)
            RfmTiers.KlaviyoLike.TierOf(r, f, m, 2).ShouldBe(map[3 - r][f - 1], $"{r}{f}{m}");
    }

    [Fact]
    public void Neighbours_are_named_together()
    {
        var some = new RfmTiers(3, [new("a", new(2, 3), new(1, 3), new(1, 3)), new("b", new(1, 1), new(1, 1), new(2, 2))]);
        RfmTierCoverage.Of(some).Uncovered.Count.ShouldBe(8);
        Names(some).ShouldBe(["R1 F1 M1+3", "R1 F2 M1-3", "R1 F3 M1-3"]);

        var single = new RfmTiers(3, [new("a", new(2, 3), new(1, 3), new(1, 3)), new("b", new(1, 1), new(1, 3), new(1, 3), SinglePurchase: true)]);
        Names(single).ShouldBe(["R1 of several purchases"]);

        static IEnumerable<string> Names(RfmTiers tiers) => RfmTierCoverage.Of(tiers).Name(RfmTierCoverage.Of(tiers).Uncovered).Select(group => group.Name);
    }

    [Fact]
    public void Random_lists_agree_with_a_look_at_every_combination()
    {
        foreach (var seed in Seeds.Take(6_000_001, 400))
        {
            var random = new Random(seed);
            var scores = random.Next(3, 6);
            DigitSet Some() => DigitSet.Of(Enumerable.Range(1, scores).Where(_ => random.Next(3) > 0).DefaultIfEmpty(random.Next(1, scores + 1)));
            var tiers = new RfmTiers(
                scores,
                [.. Enumerable.Range(0, random.Next(1, 7)).Select(i => new RfmTier($"t{i}", Some(), Some(), Some(), random.Next(4) switch { 0 => true, 1 => false, _ => null }))]);
            var coverage = RfmTierCoverage.Of(tiers);

            var uncovered = Uncovered(tiers, scores);
            (coverage.Uncovered.Count == 0).ShouldBe(uncovered.Count == 0, $"seed {seed}");
            coverage.Name(coverage.Uncovered).Sum(group => group.Combinations).ShouldBe(coverage.Uncovered.Count, $"seed {seed}");
            var reached = Digits(scores).SelectMany(d => (string?[])[tiers.TierOf(d.R, d.F, d.M, 1), tiers.TierOf(d.R, d.F, d.M, 2)]).OfType<string>().ToHashSet();
            coverage.Unreachable.Select(tier => tiers.Names[tier.Index]).ShouldBe(tiers.Names.Where(name => !reached.Contains(name)), $"seed {seed}");
        }
    }

    private static RfmTiers Table(string text) => new(5, [.. text.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(cells => new RfmTier(cells[0], Range(cells[1]), Range(cells[2]), Range(cells[3])))]);

    private static DigitSet Range(string text) => new(text[0] - '0', text[2] - '0');

    private static List<(int R, int F, int M)> Uncovered(RfmTiers tiers, int scores) =>
        [.. Digits(scores).Where(d => tiers.TierOf(d.R, d.F, d.M, 1) is null || tiers.TierOf(d.R, d.F, d.M, 2) is null)];

    private static IEnumerable<(int R, int F, int M)> Digits(int scores) =>
        from r in Enumerable.Range(1, scores)
        from f in Enumerable.Range(1, scores)
        from m in Enumerable.Range(1, scores)
        select (r, f, m);
}
