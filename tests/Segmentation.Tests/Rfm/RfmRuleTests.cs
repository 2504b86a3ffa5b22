using static Segmentation.Tests.Shop;

namespace Segmentation.Tests.Rfm;

/// <summary>Rules on scores and on former tiers. A single order: recency 5 until day 2, then 4, 3, 2, 1 after days 4, 8, 16; gone on day 30.</summary>
public sealed class RfmRuleTests
{
    private static readonly RfmPolicyDefinition Policy = new(
        "default", "placed_order", "value", null, 30 * Day, RfmTiers.Lifecycle, new([2 * Day, 4 * Day, 8 * Day, 16 * Day], [1, 2, 3, 4], [10m, 20m, 30m, 40m]));

    [Theory]
    [InlineData(RfmDimension.Recency, 1, 5)]
    [InlineData(RfmDimension.Recency, 3, 4)]
    [InlineData(RfmDimension.Recency, 20, 1)]
    [InlineData(RfmDimension.Frequency, 1, 1)]
    [InlineData(RfmDimension.Monetary, 1, 3)]
    public void A_score_is_compared(RfmDimension dimension, double day, int score)
    {
        var ada = Ada(Order("1", 0, 25m));

        Evaluate(ada, new RfmScoreRule(Policy, dimension, Comparison.Eq(score)), day).Matches.ShouldBeTrue();
        Evaluate(ada, new RfmScoreRule(Policy, dimension, Comparison.Gt(score)), day).Matches.ShouldBeFalse();
        Evaluate(ada, new RfmScoreRule(Policy, dimension, Comparison.Lt(score)), day).Matches.ShouldBeFalse();
    }

    [Fact]
    public void Without_a_score_no_comparison_holds()
    {
        Evaluate(Ada(), new RfmScoreRule(Policy, RfmDimension.Recency, Comparison.Lte(5)), 1).Matches.ShouldBeFalse();
        Evaluate(Ada(Order("1", 0)), new RfmScoreRule(Policy, RfmDimension.Recency, Comparison.Ne(1)), 30).Matches.ShouldBeFalse();
        Evaluate(Ada(Order("1", 0)), new RfmScoreRule(Policy.With(null), RfmDimension.Frequency, Comparison.Lte(5)), 1).Matches.ShouldBeFalse();
    }

    [Fact]
    public void A_score_changes_when_its_break_point_is_passed()
    {
        var rule = new SegmentDefinition("s", new RfmScoreRule(Policy, RfmDimension.Recency, Comparison.Gte(3)));

        SegmentExplanation.NextFlip(rule, Ada(Order("1", 0)), At(1)).ShouldBe(At(8) + 1);
    }

    [Fact]
    public void A_former_tier_lapses_exactly_as_long_after_it_was_left_as_is_asked()
    {
        // New until day 4, one-time from then on; and gone after day 30, when former tiers are still known.
        var rule = new SegmentDefinition("s", new FormerTierRule(Policy, ["new"], 40 * Day));
        var leftAtMs = At(4) + 1;
        var ada = Ada(Order("1", 0));

        Matches(rule, ada, At(1)).ShouldBeTrue();
        Matches(rule, ada, leftAtMs).ShouldBeTrue();
        Matches(rule, ada, At(30)).ShouldBeTrue();
        Matches(rule, ada, leftAtMs + (40 * Day) - 1).ShouldBeTrue();
        Matches(rule, ada, leftAtMs + (40 * Day)).ShouldBeFalse();
        SegmentExplanation.NextFlip(rule, Ada(Order("1", 0)), At(1)).ShouldBe(leftAtMs + (40 * Day));
    }

    [Fact]
    public void The_latest_leaving_of_any_of_the_tiers_counts()
    {
        var history = new TierHistory();
        history.SetLeft("default", "vip", At(0));
        history.SetLeft("default", "active", At(2));
        var ada = Ada();
        ada.Tiers = history;

        var verdict = Evaluate(ada, new FormerTierRule(Policy, ["vip", "active"], 7 * Day), 8);

        verdict.Matches.ShouldBeTrue();
        NextDay(verdict).ShouldBe(9);
        Evaluate(ada, new FormerTierRule(Policy, ["vip"], 7 * Day), 8).Matches.ShouldBeFalse();
    }

    [Fact]
    public void A_present_tier_that_is_not_any_more_is_left_now()
    {
        var ada = Ada();
        ada.RecordTier("default", "vip", At(0));

        var verdict = Evaluate(ada, new FormerTierRule(Policy, ["vip"], 7 * Day), 20);

        verdict.Matches.ShouldBeTrue();
        NextDay(verdict).ShouldBe(27);
    }

    [Fact]
    public void A_history_knows_the_present_tier_and_when_each_former_one_was_left_last()
    {
        var history = new TierHistory();
        history.Enter("default", "new", 1);
        history.Enter("other", "vip", 2);
        history.Enter("default", "vip", 3);
        history.Enter("default", "new", 4);
        history.Enter("default", "new", 5);
        history.Enter("default", null, 6);

        history.TierOf("default").ShouldBeNull();
        history.TierOf("other").ShouldBe("vip");
        history.LeftAtMs("default", "new").ShouldBe(6);
        history.LeftAtMs("default", "vip").ShouldBe(4);
        history.LeftAtMs("other", "vip").ShouldBeNull();
        history.Count.ShouldBe(3);
        history.Copy().LeftAtMs("default", "vip").ShouldBe(4);
    }

    [Fact]
    public void A_tier_that_the_policy_does_not_have_is_refused() =>
        Should.Throw<ArgumentException>(() => new FormerTierRule(Policy, ["gold"], Day)).Message.ShouldContain("has no tier gold");

    private static bool Matches(SegmentDefinition segment, Profile profile, long atMs)
    {
        (profile.Memberships, profile.Tiers) = (null, null);
        new MembershipReplay([segment]).Run(profile, atMs);
        var pass = new Evaluation();
        pass.Begin(profile, atMs);
        return pass.Evaluate(segment).Matches;
    }
}
