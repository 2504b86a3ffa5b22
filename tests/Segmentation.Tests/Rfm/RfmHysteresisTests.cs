using Segmentation.Tests.Oracle;
using static Segmentation.Tests.Shop;

namespace Segmentation.Tests.Rfm;

/// <summary>A single order: recency 5 until day 2, then 4, 3, 2, 1 after days 4, 8, 16: new until day 4, one-time then; gone on day 30.</summary>
public sealed class RfmHysteresisTests
{
    private static readonly RfmBreakPoints Points = new([2 * Day, 4 * Day, 8 * Day, 16 * Day], [1, 2, 3, 4], [10m, 20m, 30m, 40m]);

    [Fact]
    public void A_tier_is_kept_until_the_end_of_the_dwell_and_left_exactly_then()
    {
        var path = Path(Policy(minDwellDays: 6), Ada(Order("1", 0)), 0, 40);

        path.ShouldBe([("new", At(0)), ("one-time", At(6)), (null, At(30))]);
    }

    [Fact]
    public void Who_comes_back_within_the_dwell_never_left()
    {
        var ada = Ada(Order("1", 0), Order("2", 5), Order("3", 5.5));

        Path(Policy(), ada, 0, 6).Select(step => step.Tier).ShouldBe(["new", "one-time", "active"]);
        Path(Policy(minDwellDays: 5.5), ada, 0, 6).Select(step => step.Tier).ShouldBe(["new", "active"]);
    }

    [Fact]
    public void The_margin_holds_as_long_as_values_so_near_would_be_of_the_tier()
    {
        // An age is off by a quarter at most: 4 days are in reach until ⌊4 / 0.75⌋ days.
        var path = Path(Policy(marginPercent: 25), Ada(Order("1", 0)), 0, 40);

        path.ShouldBe([("new", At(0)), ("one-time", At(0) + (4 * Day * 100 / 75) + 1), (null, At(30))]);
    }

    [Fact]
    public void Without_a_score_nothing_is_held()
    {
        var ada = Ada(Order("1", 0), Refund("r", 1, "1"));

        Path(Policy(minDwellDays: 20, marginPercent: 50), ada, 0, 40).ShouldBe([("new", At(0)), (null, At(1))]);
    }

    [Fact]
    public void A_tier_that_the_policy_has_no_more_holds_nobody()
    {
        var ada = Ada(Order("1", 0));
        ada.RecordTier("default", "gold", At(0));

        Score(Policy(minDwellDays: 20), ada, At(1)).Tier.ShouldBe("new");
    }

    [Fact]
    public void Digits_are_not_held()
    {
        var ada = Ada(Order("1", 0));
        ada.RecordTier("default", "new", At(0));

        var score = Score(Policy(minDwellDays: 20), ada, At(5));

        (score.Recency, score.Tier, score.NextChangeMs).ShouldBe((3, "new", At(8) + 1));
    }

    [Fact]
    public void A_rule_on_the_tier_follows_the_tier_that_is_held_also_into_the_time_to_come()
    {
        var rule = new SegmentDefinition("s", new RfmRule(Policy(minDwellDays: 6), ["new"]));
        rule.Dependencies.FormerTiers.ShouldBe(["default"]);
        var ada = Ada(Order("1", 0));
        ada.RecordTier("default", "new", At(0));

        SegmentExplanation.NextFlip(rule, ada, At(1)).ShouldBe(At(6));
    }

    [Fact]
    public void New_break_points_move_nobody_to_and_fro()
    {
        // Drawn anew every day, the second break point now lies a little above the age, now below it.
        var ada = Ada(Order("1", 0));
        var (plain, held) = (new List<string?>(), new List<string?>());
        foreach (var (policy, tiers) in new[] { (Policy(), plain), (Policy(marginPercent: 10), held) })
        {
            ada.Tiers = null;
            for (var i = 0; i < 6; i++)
            {
                var points = new RfmBreakPoints([2 * Day, (4 * Day) + (i % 2 == 0 ? Day / 10 : -Day / 10), 8 * Day, 16 * Day], [1, 2, 3, 4], [10m, 20m, 30m, 40m]);
                var tier = Score(policy.With(points), ada, At(4)).Tier;
                if (ada.RecordTier("default", tier, At(4)))
                    tiers.Add(tier);
            }
        }

        plain.ShouldBe(["new", "one-time", "new", "one-time", "new", "one-time"]);
        held.ShouldBe(["new"]);
    }

    [Fact]
    public void Random_histories_give_the_tiers_of_the_brute_force_whatever_is_looked_at_between()
    {
        foreach (var seed in Seeds.Take(7_000_001, 2_000))
        {
            var world = new RandomWorld(seed);
            var policy = world.Policy();
            var random = new Random(seed);
            if (policy.Recency is null)
                continue;
            var (dwell, margin) = (random.Next(3) == 0 ? 0 : random.Next(1, 40) * Day / 4, random.Next(3) == 0 ? 0 : random.Next(1, 51));
            Seeds.Check(seed, world.History(), history => Fault(policy, history, dwell, margin, seed));
        }
    }

    private static string? Fault(PolicySpec spec, IReadOnlyList<PlainEvent> history, long dwell, int margin, int seed)
    {
        if (history.Count == 0)
            return null;
        var policy = With(Translation.Policy(spec), new RfmHysteresis(dwell, margin));
        var (from, until) = (history.Min(e => e.Time), history.Max(e => e.Time) + spec.Window + Day);
        var expected = new HeldTiers(spec, history, dwell, margin).Path(from, until);
        var profile = new Profile("someone");
        foreach (var e in RandomWorld.Deliver(history, seed))
            profile.Add(Translation.Event(e, profile.Id));
        var due = Walk(policy, profile, from, until, []);
        var random = new Random(seed);
        var more = Walk(policy, profile, from, until, [.. Enumerable.Range(0, 20).Select(_ => from + (long)(random.NextDouble() * (until - from)))]);
        return !due.SequenceEqual(expected) ? $"{Words(due)} instead of {Words(expected)}, dwell {dwell}, margin {margin}: {spec}"
            : !more.SequenceEqual(expected) ? $"looked at more often: {Words(more)} instead of {Words(expected)}, dwell {dwell}, margin {margin}: {spec}"
            : null;
    }

    private static List<(string? Tier, long AtMs)> Path(RfmPolicyDefinition policy, Profile profile, double fromDay, double untilDay) =>
        Walk(policy, profile, At(fromDay), At(untilDay), []);

    // From change to change, as the operator does, and to some instants more.
    private static List<(string? Tier, long AtMs)> Walk(RfmPolicyDefinition policy, Profile profile, long fromMs, long untilMs, long[] more)
    {
        profile.Tiers = null;
        var path = new List<(string?, long)>();
        for (var atMs = fromMs; atMs < untilMs;)
        {
            var score = Score(policy, profile, atMs);
            if (profile.RecordTier(policy.Name, score.Tier, atMs))
                path.Add((score.Tier, atMs));
            atMs = more.Where(instant => instant > atMs).Append(score.NextChangeMs).Min();
        }

        return path;
    }

    private static string Words(IEnumerable<(string? Tier, long AtMs)> path) => string.Join(", ", path.Select(step => $"{step.Tier ?? "none"} at {step.AtMs}"));

    private static RfmScore Score(RfmPolicyDefinition policy, Profile profile, long atMs)
    {
        var evaluation = new Evaluation();
        evaluation.Begin(profile, atMs);
        return evaluation.Score(policy);
    }

    private static RfmPolicyDefinition Policy(double minDwellDays = 0, int marginPercent = 0) => With(
        new RfmPolicyDefinition("default", "placed_order", "value", null, 30 * Day, RfmTiers.Lifecycle, Points), new RfmHysteresis((long)(minDwellDays * Day), marginPercent));

    private static RfmPolicyDefinition With(RfmPolicyDefinition policy, RfmHysteresis hysteresis) =>
        new(policy.Name, policy.PurchaseEvent, policy.Amount.ToString(), policy.RefundEvent, policy.WindowMs, policy.Tiers, policy.BreakPoints)
        {
            Frequency = policy.Frequency,
            Monetary = policy.Monetary,
            ExcludesZeroValues = policy.ExcludesZeroValues,
            Hysteresis = hysteresis,
        };
}
