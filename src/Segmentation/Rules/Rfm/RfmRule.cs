namespace Segmentation;

/// <summary>
/// Holds when the policy puts the profile into one of the tiers. Without a purchase in the policy's window, or before the policy has
/// break points, a profile is in no tier.
/// </summary>
public sealed class RfmRule : RfmPolicyRule
{
    private readonly string[] tiers;

    /// <summary>Throws <see cref="ArgumentException"/> when no tier is named, or one that the policy does not have.</summary>
    public RfmRule(RfmPolicyDefinition policy, IReadOnlyCollection<string> tiers)
        : base(policy) => this.tiers = Checked(policy, tiers);

    public IReadOnlyList<string> Tiers => tiers;

    public override Verdict Evaluate(Evaluation e)
    {
        var score = e.Score(Policy);
        return new Verdict(score.Tier is { } tier && tiers.AsSpan().Contains(tier), score.NextChangeMs, this);
    }

    public override string ToString() => $"{Policy.Name}: tier {string.Join(", ", tiers)}";
}
