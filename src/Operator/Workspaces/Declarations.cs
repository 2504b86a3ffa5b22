using Segmentation.Resources;

namespace Segmentation.Operator.Workspaces;

/// <summary>What the API server's objects of one namespace ask for.</summary>
/// <param name="Segments">Those not being deleted.</param>
/// <param name="Policies">Those not being deleted.</param>
/// <param name="Audiences">Per segment the uids of the AudienceSyncs that follow it, in order, separated by spaces.</param>
internal sealed record Declarations(
    IReadOnlyDictionary<string, Declared<SegmentSpec>> Segments,
    IReadOnlyDictionary<string, Declared<RfmPolicySpec>> Policies,
    IReadOnlyDictionary<string, string> Audiences);

/// <summary>One object's spec and its generation.</summary>
internal sealed record Declared<TSpec>(TSpec Spec, long Generation);

/// <summary>What became of a declared segment; its controller writes the status from this.</summary>
/// <param name="Generation">The generation looked at.</param>
/// <param name="Problems">Why the spec cannot be used; empty when it can.</param>
/// <param name="Serving">The serving revision, or null.</param>
/// <param name="Building">The revision being built, or null.</param>
/// <param name="BuildingPassKey">Its pass, to ask how far it is; null while it waits for a policy.</param>
/// <param name="BuildingPassId">Its pass, likewise.</param>
/// <param name="WaitsForPolicy">The policy whose first break points, or first attempt at a model, it waits for, or null.</param>
internal sealed record SegmentOutcome(
    long Generation,
    IReadOnlyList<SpecProblem> Problems,
    string? Serving,
    string? Building,
    string? BuildingPassKey,
    string? BuildingPassId,
    string? WaitsForPolicy)
{
    /// <summary>Of a segment in a workspace that another operator serves.</summary>
    /// <param name="shard">The other's label selector; empty when it sees all objects.</param>
    public static SegmentOutcome Elsewhere(long generation, string shard) => new(
        generation,
        [new(ProblemReasons.OtherShard, "metadata.labels",
            $"the namespace is served by the operator {(shard.Length > 0 ? $"with the label selector '{shard}'" : "without a label selector")}; "
            + "give all Segments, RfmPolicies and AudienceSyncs of a namespace the labels of one operator")],
        null, null, null, null, null);

    /// <summary>Whether a status written from either would be the same, the numbers apart.</summary>
    public bool SameAs(SegmentOutcome? other) =>
        other is not null && Problems.SequenceEqual(other.Problems) && this == other with { Problems = Problems };
}

/// <summary>What became of a declared policy.</summary>
/// <param name="BreakPoints">Of the serving revision, or null.</param>
/// <param name="Building">Whether a revision is being built.</param>
/// <param name="Model">Of the serving revision; null before the first attempt to fit one, and when it predicts nothing.</param>
internal sealed record PolicyOutcome(
    long Generation, IReadOnlyList<SpecProblem> Problems, string? Serving, BreakPointsEntry? BreakPoints, bool Building, ModelEntry? Model = null)
{
    /// <inheritdoc cref="SegmentOutcome.SameAs"/>
    public bool SameAs(PolicyOutcome? other) =>
        other is not null && Problems.SequenceEqual(other.Problems) && this == other with { Problems = Problems };
}
