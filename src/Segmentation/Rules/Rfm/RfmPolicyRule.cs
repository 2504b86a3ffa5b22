using System.Globalization;

namespace Segmentation;

/// <summary>A condition on what an RFM policy says of the profile.</summary>
public abstract class RfmPolicyRule : Rule
{
    private protected RfmPolicyRule(RfmPolicyDefinition policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        Policy = policy;
    }

    public RfmPolicyDefinition Policy { get; }

    public sealed override string Key => "rfm";

    private protected override string Finding(Evaluation e)
    {
        var score = e.Score(Policy);
        return score.HasScore
            ? string.Create(CultureInfo.InvariantCulture, $"tier {score.Tier ?? "none"}, scores {score.Recency}, {score.Frequency}, {score.Monetary}")
            : "no score";
    }

    internal override void CollectDependencies(RuleDependencies.Collector into) => into.AddPolicy(Policy);

    /// <summary>The tiers; an <see cref="ArgumentException"/> when there is none, or one that the policy does not have.</summary>
    private protected static string[] Checked(RfmPolicyDefinition policy, IReadOnlyCollection<string> tiers)
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

        return [.. tiers];
    }
}
