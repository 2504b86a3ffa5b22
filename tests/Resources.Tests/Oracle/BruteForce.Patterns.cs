using NodaTime;
using Segmentation.Resources;

namespace Resources.Tests.Oracle;

internal sealed partial class BruteForce
{
    private bool FirstTimeHolds(string segment, FirstTimeConditionSpec spec, long t)
    {
        var times = Counted(segment, spec.Event, spec.Where, t).Select(e => e.At).ToList();
        return Timeframe(segment, spec, t) is { } inTime
            && times.Exists(at => inTime(at)
                && !times.Exists(earlier => earlier < at && (spec.Lookback is not { } lookback || earlier > at - Texts.Duration(lookback))));
    }

    private bool RestartedHolds(string segment, RestartedConditionSpec spec, long t)
    {
        var times = Counted(segment, spec.Event, spec.Where, t).Select(e => e.At).ToList();
        return Timeframe(segment, spec, t) is { } inTime
            && times.Exists(at => inTime(at)
                && times.Exists(earlier => earlier < at)
                && at - times.Where(earlier => earlier < at).Max() >= Texts.Duration(spec.SilentFor));
    }

    private bool RegularHolds(string segment, RegularConditionSpec spec, long t)
    {
        var times = Counted(segment, spec.Event, spec.Where, t).Select(e => e.At).ToList();
        if (!IsUnit(spec.Period))
            return Filled(times, RollingPeriods(spec, t)) >= spec.AtLeast;
        var calendar = CalendarOf(segment);
        return Filled(times, CalendarPeriods(segment, spec, calendar.FirstOf(spec.Period, calendar.Of(t)))) >= spec.AtLeast;
    }

    private bool StoppedHolds(string segment, StoppedConditionSpec spec, long t)
    {
        var times = Counted(segment, spec.Event, spec.Where, t).Select(e => e.At).ToList();
        if (times.Count == 0)
            return false;
        var latest = times.Max();
        if (t - latest < Texts.Duration(spec.SilentFor))
            return false;
        if (!IsUnit(spec.Period))
            return Filled(times, RollingPeriods(spec, latest)) >= spec.AtLeast;
        var calendar = CalendarOf(segment);
        return Filled(times, CalendarPeriods(segment, spec, calendar.After(spec.Period, calendar.Of(latest)))) >= spec.AtLeast;
    }

    private static bool IsUnit(string period) => period is "day" or "week" or "month" or "quarter" or "year";

    private static int Filled(List<long> times, IEnumerable<(long From, long Until)> periods) =>
        periods.Count(period => times.Exists(at => at >= period.From && at < period.Until));

    // The ones that end with the instant. From the first to before the second of two instants, as everywhere here.
    private static IEnumerable<(long From, long Until)> RollingPeriods(RegularConditionSpec spec, long end)
    {
        var length = Texts.Duration(spec.Period);
        for (var i = 0; i < spec.OfLast; i++)
            yield return (end - (i + 1) * length + 1, end - i * length + 1);
    }

    // The whole ones before the day, on which one begins.
    private IEnumerable<(long From, long Until)> CalendarPeriods(string segment, RegularConditionSpec spec, LocalDate end)
    {
        var calendar = CalendarOf(segment);
        for (var i = 0; i < spec.OfLast; i++)
        {
            var first = calendar.FirstOf(spec.Period, end.PlusDays(-1));
            yield return (calendar.Start(first), calendar.Start(end));
            end = first;
        }
    }

    private bool SequenceHolds(string segment, SequenceConditionSpec spec, long t)
    {
        if (Timeframe(segment, spec, t) is not { } inTime)
            return false;
        var candidates = spec.Steps.Select(step => Counted(segment, step.Event, step.Where, t).Select(e => e.At).ToList()).ToList();
        return Continue(0, null, null, []);

        // Whether steps from here on can be met: chosen so far from `first` to `before`, then the absent steps of the gap.
        bool Continue(int index, long? first, long? before, List<int> absent)
        {
            if (index == spec.Steps.Count)
                return absent.TrueForAll(gap => AbsentToTheEnd(gap, before!.Value));
            var step = spec.Steps[index];
            if (step.Absent == true)
                return Continue(index + 1, first, before, [.. absent, index]);
            return candidates[index].Exists(at => inTime(at)
                && (before is null || at > before)
                && (before is null || step.Within is null || at - before < Texts.Duration(step.Within))
                && (first is null || spec.CompletedWithin is null || at - first < Texts.Duration(spec.CompletedWithin))
                && absent.TrueForAll(gap => !candidates[gap].Exists(other => other > before && other < at))
                && Continue(index + 1, first ?? at, at, []));
        }

        bool AbsentToTheEnd(int index, long before)
        {
            if (spec.Steps[index].Within is not { } within)
                return !candidates[index].Exists(at => at > before && at <= t);
            var end = before + Texts.Duration(within);
            return t >= end && !candidates[index].Exists(at => at > before && at < end);
        }
    }
}
