namespace Segmentation;

/// <summary>One of the three things that a policy scores, or all of them together.</summary>
public enum RfmDimension
{
    Recency,
    Frequency,
    Monetary,

    /// <summary>The weighted mean of the three.</summary>
    Combined,
}

/// <summary>Compares a score of the profile, 1 to the policy's number of scores. Without a score it does not hold.</summary>
public sealed class RfmScoreRule(RfmPolicyDefinition policy, RfmDimension dimension, Comparison comparison) : RfmPolicyRule(policy)
{
    public RfmDimension Dimension { get; } = dimension;

    public Comparison Comparison { get; } = comparison;

    public override Verdict Evaluate(Evaluation e)
    {
        var score = e.Score(Policy);
        var digit = Dimension switch
        {
            RfmDimension.Recency => score.Recency,
            RfmDimension.Frequency => score.Frequency,
            RfmDimension.Monetary => score.Monetary,
            _ => score.Combined,
        };
        return new Verdict(score.HasScore && Comparison.Holds(digit), score.NextChangeMs, this);
    }

    public override string ToString() => $"{Policy.Name}: {Dimension.ToString().ToLowerInvariant()} {Comparison}";
}
