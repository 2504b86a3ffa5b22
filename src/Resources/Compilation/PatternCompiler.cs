namespace Segmentation.Resources;

internal static class PatternCompiler
{
    public static Rule? FirstTime(FirstTimeConditionSpec spec, string path, SegmentScope scope)
    {
        scope.Problems.Invalid(path, "is not available yet");
        return null;
    }

    public static Rule? Restarted(RestartedConditionSpec spec, string path, SegmentScope scope)
    {
        scope.Problems.Invalid(path, "is not available yet");
        return null;
    }

    public static Rule? Regular(RegularConditionSpec spec, string path, SegmentScope scope)
    {
        scope.Problems.Invalid(path, "is not available yet");
        return null;
    }

    public static Rule? Stopped(StoppedConditionSpec spec, string path, SegmentScope scope)
    {
        scope.Problems.Invalid(path, "is not available yet");
        return null;
    }
}
