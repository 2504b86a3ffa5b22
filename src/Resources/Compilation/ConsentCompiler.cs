namespace Segmentation.Resources;

internal static class ConsentCompiler
{
    public static Rule? Consent(ConsentConditionSpec spec, string path, SegmentScope scope)
    {
        scope.Problems.Invalid(path, "is not available yet");
        return null;
    }

    public static Rule? Suppression(SuppressionConditionSpec spec, string path, SegmentScope scope)
    {
        scope.Problems.Invalid(path, "is not available yet");
        return null;
    }
}
