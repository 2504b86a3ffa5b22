namespace Segmentation.Resources;

internal static class SequenceCompiler
{
    public static Rule? Compile(SequenceConditionSpec spec, string path, SegmentScope scope)
    {
        scope.Problems.Invalid(path, "is not available yet");
        return null;
    }
}
