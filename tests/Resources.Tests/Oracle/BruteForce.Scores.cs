using Segmentation.Resources;

namespace Resources.Tests.Oracle;

internal sealed partial class BruteForce
{
    private bool RfmHolds(RfmConditionSpec spec, long t)
    {
        var score = Score(spec.Policy, t);
        if (spec.WasTier is { } was)
            return WasIn(spec.Policy, was, Texts.Duration(spec.Within!), score?.Tier, t);
        if (score is not { } known)
            return false;
        if (spec.Tier is { } tiers)
            return tiers.Contains(known.Tier);
        if (spec.Recency is { } recency)
            return Compare(known.Recency, recency);
        if (spec.Score is { } combined)
            return Compare(Combined(workspace.Policies[spec.Policy].Scoring.Weights, known), combined);
        return spec.Frequency is { } frequency ? Compare(known.Frequency, frequency) : Compare(known.Monetary, spec.Monetary!);
    }

    private static decimal Combined(RfmWeightsSpec? weights, (int R, int F, int M, string Tier) score) => weights is null
        ? Math.Round((score.R + score.F + score.M) / 3m, 2)
        : Math.Round((score.R * weights.Recency + score.F * weights.Frequency + score.M * weights.Monetary) / (decimal)(weights.Recency + weights.Frequency + weights.Monetary), 2);

    // One that is known in a tier but is in another now leaves it now.
    private bool WasIn(string policy, IReadOnlyList<string> tiers, long within, string? now, long t) =>
        (now is not null && tiers.Contains(now))
        || profile.Tiers.GetValueOrDefault(policy, []).Any(tier => tiers.Contains(tier.Name) && t - (tier.Left ?? t) < within);

    /// <summary>The scores and the tier of the profile; null without purchases. Policies have thresholds for five scores.</summary>
    public (int Recency, int Frequency, int Monetary, string Tier)? Score(string name, long t)
    {
        var policy = workspace.Policies[name];
        bool Scored(PlainEvent e) => e.At <= t && e.At > t - Texts.Duration(policy.Window) && !IsTakenBack(e, t);
        var purchases = profile.Events.Where(e => e.Name == policy.Purchases.Event && Scored(e))
            .Where(e => !policy.Purchases.ExcludeZeroValue || NumberOf(e, policy.Purchases.Amount, t) > 0m).ToList();
        if (purchases.Count == 0)
            return null;
        var (days, average) = (policy.Purchases.Frequency == RfmFrequencyMeasure.Days, policy.Purchases.Monetary == RfmMonetaryMeasure.Average);
        var spent = purchases.Sum(e => NumberOf(e, policy.Purchases.Amount, t) ?? 0m)
            - profile.Events.Where(e => e.Name == policy.Purchases.RefundEvent && e.Refunds is null && Scored(e))
                .Sum(e => Math.Abs(NumberOf(e, policy.Purchases.Amount, t) ?? 0m));
        var age = t - purchases.Max(e => e.At);
        var r = 5 - policy.Scoring.Recency!.Count(passed => age > Texts.Duration(passed));
        var count = days ? purchases.DistinctBy(e => DateTimeOffset.FromUnixTimeMilliseconds(e.At).UtcDateTime.Date).Count() : purchases.Count;
        var f = 1 + policy.Scoring.Frequency!.Count(exceeded => count > exceeded);
        var m = 1 + policy.Scoring.Monetary!.Count(exceeded => (average ? Math.Round(spent / purchases.Count, 4) : spent) > exceeded);
        return (r, f, m, policy.Tiers.Preset == RfmTierPreset.Classic ? Classic(r, f) : Lifecycle(count, r, f, m));
    }

    // The tables of docs/rfm.md.
    private static string Classic(int r, int f) => (r, f) switch
    {
        (5, 4 or 5) => "champions",
        (3 or 4, 4 or 5) => "loyal",
        (1 or 2, 5) => "cannot-lose",
        (1 or 2, 3 or 4) => "at-risk",
        (1 or 2, 1 or 2) => "hibernating",
        (3, 1 or 2) => "about-to-sleep",
        (3, 3) => "need-attention",
        (4 or 5, 2 or 3) => "potential-loyalist",
        (4, 1) => "promising",
        _ => "new",
    };

    private static string Lifecycle(int purchases, int r, int f, int m) =>
        purchases >= 2 && r >= 4 && f >= 4 && m >= 4 ? "vip"
        : purchases == 1 && r >= 4 ? "new"
        : purchases == 1 ? "one-time"
        : r >= 3 ? "active"
        : r == 2 ? "at-risk" : "churned";
}
