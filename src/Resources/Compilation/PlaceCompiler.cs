namespace Segmentation.Resources;

internal static class PlaceCompiler
{
    public static Rule? Compile(PlaceConditionSpec spec, string path, SegmentScope scope)
    {
        scope.Problems.Invalid(path, "is not available yet");
        return null;
    }
}
