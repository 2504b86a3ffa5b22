namespace Segmentation.Resources;

/// <summary>Turns the condition on membership in another segment into the engine's rule.</summary>
internal static class MembershipCompiler
{
    /// <summary>Null after reporting a problem.</summary>
    public static Rule? Compile(SegmentConditionSpec spec, string path, SegmentScope scope) =>
        scope.References.Segment(spec, path, scope.Used, scope.Problems);
}
