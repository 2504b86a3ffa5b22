namespace Segmentation.Resources;

/// <summary>Turns the conditions on when an event happened into the engine's rules. Each is null after reporting a problem.</summary>
internal static class PatternCompiler
{
    private static readonly string[] CalendarUnits = ["day", "week", "month", "quarter", "year"];

    public static Rule? FirstTime(FirstTimeConditionSpec spec, string path, SegmentScope scope)
    {
        var before = scope.Problems.Count;
        var selection = Selection(spec.Event, spec.Where, path, scope);
        var lookback = spec.Lookback is null ? null : scope.Problems.Duration(spec.Lookback, path + ".lookback");
        var timeframe = TimeframeCompiler.Compile(spec, path, scope);
        return scope.Problems.Count == before ? new FirstTimeRule(selection!, lookback, timeframe!) : null;
    }

    public static Rule? Restarted(RestartedConditionSpec spec, string path, SegmentScope scope)
    {
        var before = scope.Problems.Count;
        var selection = Selection(spec.Event, spec.Where, path, scope);
        var silentFor = Required(spec.SilentFor, path + ".silentFor", scope);
        var timeframe = TimeframeCompiler.Compile(spec, path, scope);
        return scope.Problems.Count == before ? new RestartedRule(selection!, silentFor!.Value, timeframe!) : null;
    }

    public static Rule? Regular(RegularConditionSpec spec, string path, SegmentScope scope)
    {
        var before = scope.Problems.Count;
        var selection = Selection(spec.Event, spec.Where, path, scope);
        var periods = RegularPeriods(spec, path, scope);
        return scope.Problems.Count == before ? new RegularRule(selection!, spec.AtLeast, periods!) : null;
    }

    public static Rule? Stopped(StoppedConditionSpec spec, string path, SegmentScope scope)
    {
        var before = scope.Problems.Count;
        var selection = Selection(spec.Event, spec.Where, path, scope);
        var periods = RegularPeriods(spec, path, scope);
        var silentFor = Required(spec.SilentFor, path + ".silentFor", scope);
        return scope.Problems.Count == before ? new StoppedRule(selection!, spec.AtLeast, periods!, silentFor!.Value) : null;
    }

    private static EventSelection? Selection(string name, IReadOnlyList<WhereSpec>? where, string path, SegmentScope scope) =>
        SelectionCompiler.Compile(name, path + ".event", where, path + ".where", scope);

    private static long? Required(string text, string path, SegmentScope scope) =>
        scope.Problems.RequireText(text, path, "90d") ? scope.Problems.Duration(text, path) : null;

    private static Periods? RegularPeriods(RegularConditionSpec spec, string path, SegmentScope scope)
    {
        var problems = scope.Problems;
        if (spec.OfLast is < 1 or > RegularConditionSpec.PeriodsMax)
            problems.Invalid(path + ".ofLast", $"is a number of periods from 1 to {RegularConditionSpec.PeriodsMax}");
        else if (spec.AtLeast < 1 || spec.AtLeast > spec.OfLast)
            problems.Invalid(path + ".atLeast", $"is a number of the periods, from 1 to {spec.OfLast}, which ofLast says");
        else if (problems.RequireText(spec.Period, path + ".period", "30d, week or month"))
            return PeriodsOf(spec, path + ".period", scope);
        return null;
    }

    private static Periods? PeriodsOf(RegularConditionSpec spec, string path, SegmentScope scope)
    {
        if (Array.IndexOf(CalendarUnits, spec.Period) is var unit and >= 0)
            return Periods.Of(spec.OfLast, (CalendarUnit)unit, scope.Calendar);
        if (DurationText.TryParse(spec.Period, out var lengthMs, out var error))
            return Periods.Of(spec.OfLast, lengthMs);
        scope.Problems.Invalid(path, $"{error}; or a period of the calendar: day, week, month, quarter or year");
        return null;
    }
}
