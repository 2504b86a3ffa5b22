namespace Segmentation.Resources;

/// <summary>What became of one Segment's spec: a definition and its revision, or problems.</summary>
/// <param name="Name">The Segment's metadata.name.</param>
/// <param name="Definition">What the engine evaluates; null when there are problems.</param>
/// <param name="Revision">
/// 16 hexadecimal digits that stand for everything the membership follows from: the match, the time zone, and the same of every segment and
/// policy that it refers to, however indirectly. Not for names shown, drift, suspension or RFM break points. Null when there are problems.
/// </param>
/// <param name="Problems">In the order of the spec; empty for a valid one.</param>
public sealed record SegmentCompilation(string Name, SegmentDefinition? Definition, string? Revision, IReadOnlyList<SpecProblem> Problems)
{
    public bool IsValid => Definition is not null;

    /// <summary>Stands for the spec without what it refers to; null when there are problems.</summary>
    internal string? OwnRevision { get; init; }
}

/// <summary>What became of one RfmPolicy's spec: a definition and its revision, or problems.</summary>
/// <param name="Name">The RfmPolicy's metadata.name.</param>
/// <param name="Definition">Without break points as long as a quantile policy has not been scored; null when there are problems.</param>
/// <param name="Revision">
/// 16 hexadecimal digits that stand for everything that scores follow from but the break points and the model. Null when there are problems.
/// </param>
/// <param name="Problems">In the order of the spec; empty for a valid one.</param>
public sealed record RfmPolicyCompilation(string Name, RfmPolicyDefinition? Definition, string? Revision, IReadOnlyList<SpecProblem> Problems)
{
    public bool IsValid => Definition is not null;

    /// <summary>What is to be predicted; null when nothing is, and when there are problems.</summary>
    public PredictionTerms? Terms { get; init; }
}
