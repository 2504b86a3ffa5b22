namespace Segmentation.Resources;

/// <summary>All definitions of a workspace at one moment; immutable.</summary>
public sealed class WorkspaceDefinition
{
    public static readonly WorkspaceDefinition Empty = new(
        new Dictionary<string, SegmentCompilation>(), new Dictionary<string, RfmPolicyCompilation>(), []);

    internal WorkspaceDefinition(
        IReadOnlyDictionary<string, SegmentCompilation> segments,
        IReadOnlyDictionary<string, RfmPolicyCompilation> policies,
        IReadOnlyList<SegmentCompilation> validSegments)
    {
        Segments = segments;
        Policies = policies;
        ValidSegments = validSegments;
    }

    /// <summary>Every Segment given, by name.</summary>
    public IReadOnlyDictionary<string, SegmentCompilation> Segments { get; }

    /// <summary>Every RfmPolicy given, by name.</summary>
    public IReadOnlyDictionary<string, RfmPolicyCompilation> Policies { get; }

    /// <summary>The valid ones, each after all those that it refers to.</summary>
    public IReadOnlyList<SegmentCompilation> ValidSegments { get; }
}
