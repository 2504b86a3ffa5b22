using Segmentation.Resources;

namespace Segmentation.Operator.Reconcilers;

/// <summary>How much a segment has changed.</summary>
internal static class Drift
{
    /// <summary>How far back a segment's drift looks.</summary>
    public static TimeSpan WindowOf(SegmentSpec spec) =>
        DurationText.TryParse(spec.Drift?.Window ?? DriftSpec.DefaultWindow, out var windowMs, out _) ? TimeSpan.FromMilliseconds(windowMs) : TimeSpan.FromHours(24);

    /// <summary>
    /// Change of the member count over a window, in percent of the count at its start, rounded to one decimal, half away from zero; null when the
    /// window began with no members. Moves caused by an edit of the definition are not counted.
    /// </summary>
    public static decimal? Percent(long members, (long Entered, long Left) flow)
    {
        var before = members - flow.Entered + flow.Left;
        return before <= 0 ? null : Math.Round(100m * (members - before) / before, 1, MidpointRounding.AwayFromZero);
    }
}
