namespace Segmentation.Resources;

internal static class SelectionConditions
{
    public static Rule? Sample(SampleConditionSpec spec, string path, SegmentScope scope)
    {
        scope.Problems.Invalid(path, "is not available yet");
        return null;
    }

    public static Rule? Profiles(ProfilesConditionSpec spec, string path, SegmentScope scope)
    {
        scope.Problems.Invalid(path, "is not available yet");
        return null;
    }
}
