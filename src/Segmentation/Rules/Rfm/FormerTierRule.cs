namespace Segmentation;

/// <summary>
/// Holds when the policy puts the profile into one of the tiers, or did so less than a duration ago. Former tiers are known from
/// <see cref="Profile.Tiers"/>; one that is the present tier there and is not any more is left at the instant of the pass.
/// </summary>
public sealed class FormerTierRule : RfmPolicyRule
{
    private readonly string[] tiers;

    /// <param name="policy">The policy.</param>
    /// <param name="tiers">At least one, and only such as the policy has, or an <see cref="ArgumentException"/>.</param>
    /// <param name="withinMs">t − left &lt; within; 1 to <see cref="Timeframe.MaxMs"/>.</param>
    public FormerTierRule(RfmPolicyDefinition policy, IReadOnlyCollection<string> tiers, long withinMs)
        : base(policy)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(withinMs, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(withinMs, Timeframe.MaxMs);
        this.tiers = Checked(policy, tiers);
        WithinMs = withinMs;
    }

    public IReadOnlyList<string> Tiers => tiers;

    public long WithinMs { get; }

    public override Verdict Evaluate(Evaluation e)
    {
        // Where the tier can change, its leaving has to be recorded, so the change counts as one although the answer stays for a while.
        var score = e.Score(Policy);
        if (IsAsked(score.Tier))
            return new Verdict(true, score.NextChangeMs, this);
        var lapsesAtMs = LeftAtMs(e) is { } leftAtMs ? leftAtMs + WithinMs : long.MinValue;
        return e.InstantMs < lapsesAtMs
            ? new Verdict(true, Math.Min(score.NextChangeMs, lapsesAtMs), this)
            : new Verdict(false, score.NextChangeMs, this);
    }

    public override string ToString() => $"{Policy.Name}: tier {string.Join(", ", tiers)} within {DurationWords.Of(WithinMs)}";

    private protected override string Finding(Evaluation e)
    {
        var now = base.Finding(e);
        return !IsAsked(e.Score(Policy).Tier) && LeftAtMs(e) is { } leftAtMs ? $"{now}; left the latest of these at {Rfc3339.Format(leftAtMs)}" : now;
    }

    internal override void CollectDependencies(RuleDependencies.Collector into) => into.AddFormerTiers(Policy);

    private bool IsAsked(string? tier) => tier is not null && tiers.AsSpan().Contains(tier);

    // Of a profile that is in none of the tiers.
    private long? LeftAtMs(Evaluation e)
    {
        if (e.Profile.Tiers is not { } history)
            return null;
        if (IsAsked(history.TierOf(Policy.Name)))
            return e.InstantMs;
        long? latest = null;
        foreach (var tier in tiers)
        {
            if (history.LeftAtMs(Policy.Name, tier) is { } leftAtMs && (latest is null || leftAtMs > latest))
                latest = leftAtMs;
        }

        return latest;
    }
}
