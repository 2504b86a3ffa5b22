using System.Globalization;

namespace Segmentation;

/// <summary>What an event rule found, in words.</summary>
internal static class EventFinding
{
    public static string Of(EventRule rule, Evaluation e)
    {
        if (rule.Timeframe.For(e) is not { } frame)
            return "the timeframe does not begin for this profile";
        if (e.Profile.History(rule.Selection.EventName) is not { } history)
            return "0 counted; it never happened";
        var (start, end) = history.Range(frame.FromMs(e.InstantMs), frame.UntilMs(e.InstantMs));
        var counted = Enumerable.Range(start, end - start).Where(i => rule.Selection.Counts(history, i, e.InstantMs)).ToList();
        var text = string.Create(CultureInfo.InvariantCulture, $"{counted.Count} counted");
        if (counted.Count == 0)
            return text;
        var leavesAt = frame.LeavesAt(history.TimeAt(counted[0]));
        return leavesAt == Verdict.Never ? text : $"{text}; the oldest leaves at {Rfc3339.Format(leavesAt)}";
    }
}
