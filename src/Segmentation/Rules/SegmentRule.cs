namespace Segmentation;

/// <summary>
/// Holds when the profile is, or is not, in the other segment at the same instant. The other segment is evaluated in the same pass, once
/// however many rules ask.
/// </summary>
public sealed class SegmentRule(SegmentDefinition segment, bool isMember) : Rule
{
    public SegmentDefinition Segment { get; } = segment ?? throw new ArgumentNullException(nameof(segment));

    public bool IsMember { get; } = isMember;

    public override Verdict Evaluate(Evaluation e)
    {
        var verdict = e.Evaluate(Segment);
        return new Verdict(verdict.Matches == IsMember, verdict.NextChangeMs, this);
    }

    public override string Key => "segment";

    public override string ToString() => $"{(IsMember ? "member" : "not a member")} of {Segment.Name}";

    private protected override string Finding(Evaluation e) => $"{(e.Evaluate(Segment).Matches ? "a member" : "not a member")} of {Segment.Name}";

    private protected override IEnumerable<Explanation> ExplainParts(Evaluation e) =>
        e.Explained.Add(Segment) ? [Segment.Rule.Explain(e)] : [];

    internal override void CollectDependencies(RuleDependencies.Collector into) => into.AddSegment(Segment);
}
