namespace Segmentation.Resources;

/// <summary>Turns the operators on dates whose answer time changes into the engine's conditions.</summary>
internal static class DatePropertyCompiler
{
    /// <summary>The operators, by their names in a spec.</summary>
    public static readonly string[] Names = ["withinLast", "withinNext", "olderThan", "calendar", "anniversary"];

    private static readonly string[] Directions = ["withinNext", "withinLast"];

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
        (string Name, int? Days)[] given =
            [.. new[] { ("withinNext", spec.WithinNext), ("withinLast", spec.WithinLast) }.Where(one => one.Item2 is not null)];
        if (!ComparisonCompiler.ExactlyOne([.. given.Select(one => one.Name)], Directions, "direction", path, scope.Problems))
            return null;
        var (name, days) = given[0];
        if (days is >= 0 and <= AnniversarySpec.DaysMax)
            return new Anniversary(scope.Calendar, days.Value, isAhead: name == "withinNext");
        scope.Problems.Invalid($"{path}.{name}", $"takes 0 to {AnniversarySpec.DaysMax} days, 0 being today alone; {days} is out of range");
        return null;
    }
}
