namespace Segmentation.Resources;

internal static class PredictionCompiler
{
    public static Rule? Compile(PredictionConditionSpec spec, string path, SegmentScope scope)
    {
        scope.Problems.Invalid(path, "is not available yet");
        return null;
    }
}
