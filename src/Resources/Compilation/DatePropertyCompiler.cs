namespace Segmentation.Resources;

/// <summary>Turns the operators on dates whose answer time changes into the engine's conditions.</summary>
internal static class DatePropertyCompiler
{
    /// <summary>The operators, by their names in a spec.</summary>
    public static readonly string[] Names = ["withinLast", "withinNext", "olderThan", "calendar", "anniversary"];

    private static readonly string[] AnniversaryNames = ["withinNext", "withinLast", "calendar"];

    /// <summary>The names of those that are given.</summary>
    public static IEnumerable<string> Given(PropertyConditionSpec spec)
    {
        if (spec.WithinLast is not null)
            yield return "withinLast";
        if (spec.WithinNext is not null)
            yield return "withinNext";
        if (spec.OlderThan is not null)
            yield return "olderThan";
        if (spec.Calendar is not null)
            yield return "calendar";
        if (spec.Anniversary is not null)
            yield return "anniversary";
    }

    /// <summary>The condition of the only operator given; null after reporting a problem.</summary>
    public static DateCondition? Compile(PropertyConditionSpec spec, string name, string path, SegmentScope scope)
    {
        path = $"{path}.{name}";
        return name switch
        {
            "withinLast" => scope.Problems.Duration(spec.WithinLast, path) is { } ms ? DateCondition.WithinLast(ms) : null,
            "withinNext" => scope.Problems.Duration(spec.WithinNext, path) is { } ms ? DateCondition.WithinNext(ms) : null,
            "olderThan" => scope.Problems.Duration(spec.OlderThan, path) is { } ms ? DateCondition.OlderThan(ms) : null,
            "calendar" => CalendarPhrase.Compile(spec.Calendar!, path, scope.Problems) is { } span ? new CalendarDate(scope.Calendar, span) : null,
            _ => Compile(spec.Anniversary!, path, scope),
        };
    }

    private static Anniversary? Compile(AnniversarySpec spec, string path, SegmentScope scope)
    {
        var given = AnniversaryNames.Zip((object?[])[spec.WithinNext, spec.WithinLast, spec.Calendar])
            .Where(one => one.Second is not null).Select(one => one.First).ToList();
        if (!ComparisonCompiler.ExactlyOne(given, AnniversaryNames, "span", path, scope.Problems))
            return null;
        path = $"{path}.{given[0]}";
        CalendarSpan? span = spec switch
        {
            { Calendar: { } phrase } => CalendarPhrase.Compile(phrase, path, scope.Problems),
            { WithinNext: { } ahead } when AreDays(ahead, path, scope.Problems) => new(CalendarUnit.Day, 0, ahead),
            { WithinLast: { } ago } when AreDays(ago, path, scope.Problems) => new(CalendarUnit.Day, -ago, 0),
            _ => null,
        };
        return span is { } days ? new Anniversary(scope.Calendar, days) : null;
    }

    private static bool AreDays(int days, string path, ProblemList problems)
    {
        if (days is >= 0 and <= AnniversarySpec.DaysMax)
            return true;
        problems.Invalid(path, $"takes 0 to {AnniversarySpec.DaysMax} days, 0 being today alone; {days} is out of range");
        return false;
    }
}
