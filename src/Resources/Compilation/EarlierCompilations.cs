namespace Segmentation.Resources;

/// <summary>
/// What was compiled before and means the same now. Taking it over saves the work (a regular expression takes milliseconds to build), and
/// the engine, which compares definitions by reference, sees that nothing changed.
/// </summary>
internal sealed class EarlierCompilations(WorkspaceDefinition? previous)
{
    /// <summary>The earlier policy when revision, break points and model are the same; otherwise the one given.</summary>
    public RfmPolicyCompilation Policy(RfmPolicyCompilation compiled) =>
        previous?.Policies.GetValueOrDefault(compiled.Name) is { Definition: { } earlier } same
        && same.Revision == compiled.Revision
        && Equals(earlier.BreakPoints, compiled.Definition?.BreakPoints)
        && Equals(earlier.Predictions, compiled.Definition?.Predictions)
        && same.Terms == compiled.Terms
            ? same
            : compiled;

    /// <summary>
    /// The earlier segment when its own spec is the same and everything that it refers to is the very same object; otherwise null.
    /// </summary>
    public SegmentCompilation? Segment(
        string name,
        string ownRevision,
        IReadOnlyDictionary<string, SegmentCompilation> segments,
        IReadOnlyDictionary<string, RfmPolicyCompilation> policies)
    {
        if (previous?.Segments.GetValueOrDefault(name) is not { Definition: { } definition } same || same.OwnRevision != ownRevision)
            return null;
        return definition.Dependencies.Segments.All(segment => ReferenceEquals(segments.GetValueOrDefault(segment.Name)?.Definition, segment))
            && definition.Dependencies.Policies.All(policy => ReferenceEquals(policies.GetValueOrDefault(policy.Name)?.Definition, policy))
                ? same
                : null;
    }
}
