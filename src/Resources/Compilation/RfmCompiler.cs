namespace Segmentation.Resources;

/// <summary>Turns the condition on an RFM tier or score into the engine's rule.</summary>
internal static class RfmCompiler
{
    /// <summary>Null after reporting a problem.</summary>
    public static Rule? Compile(RfmConditionSpec spec, string path, SegmentScope scope) =>
        scope.References.Rfm(spec, path, scope.Used, scope.Problems);
}
