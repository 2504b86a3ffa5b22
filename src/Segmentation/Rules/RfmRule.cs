using System.Globalization;

namespace Segmentation;

/// <summary>
/// Holds when the policy puts the profile into one of the tiers. Without a purchase in the policy's window, or before the policy has
/// break points, a profile is in no tier.
/// </summary>
public sealed class RfmRule : Rule
{
    private readonly string[] tiers;

    /// <summary>Throws <see cref="ArgumentException"/> when no tier is named, or one that the policy does not have.</summary>
    public RfmRule(RfmPolicyDefinition policy, IReadOnlyCollection<string> tiers)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(tiers);
        if (tiers.Count == 0)
            throw new ArgumentException("Name at least one tier.", nameof(tiers));
        if (tiers.FirstOrDefault(tier => !policy.Tiers.Names.Contains(tier)) is { } unknown)
        {
            throw new ArgumentException(
                $"RFM policy {policy.Name} has no tier {unknown}; it has {string.Join(", ", policy.Tiers.Names)}.", nameof(tiers));
        }

        Policy = policy;
        this.tiers = [.. tiers];
    }

    public RfmPolicyDefinition Policy { get; }

    public IReadOnlyList<string> Tiers => tiers;

    public override Verdict Evaluate(Evaluation e)
    {
        var score = e.Score(Policy);
        return new Verdict(score.Tier is { } tier && tiers.AsSpan().Contains(tier), score.NextChangeMs, this);
    }

    public override string Key => "rfm";

    public override string ToString() => $"{Policy.Name}: tier {string.Join(", ", tiers)}";

    private protected override string Finding(Evaluation e)
    {
        var score = e.Score(Policy);
        return score.HasScore
            ? string.Create(CultureInfo.InvariantCulture, $"tier {score.Tier ?? "none"}, scores {score.Recency}, {score.Frequency}, {score.Monetary}")
            : "no score";
    }

    internal override void CollectDependencies(RuleDependencies.Collector into) => into.AddPolicy(Policy);
}
