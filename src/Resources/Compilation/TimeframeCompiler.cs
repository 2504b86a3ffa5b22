namespace Segmentation.Resources;

/// <summary>Turns the timeframe of a condition into the engine's.</summary>
internal static class TimeframeCompiler
{
    /// <summary>Ever when none is given; null after reporting a problem.</summary>
    public static Timeframe? Compile(TimeframeSpec spec, string path, SegmentScope scope)
    {
        var problems = scope.Problems;
        if (spec.From is null != spec.To is null)
        {
            problems.Invalid(path, "from and to go together; for one side alone write since or before");
            return null;
        }

        var given = Given(spec).ToList();
        if (given.Count > 1)
        {
            problems.Invalid(path, $"{string.Join(" and ", given)} are given together; keep one, and put the other into a condition of its own");
            return null;
        }

        return given.Count == 0 ? Timeframe.Ever : CompileOne(spec, given[0], path, scope);
    }

    private static Timeframe? CompileOne(TimeframeSpec spec, string name, string path, SegmentScope scope)
    {
        var at = $"{path}.{name}";
        return name switch
        {
            "within" => scope.Problems.Duration(spec.Within, at) is { } ms ? Timeframe.Within(ms) : null,
            "between" => Between(spec.Between!, at, scope.Problems),
            "since" => DateCompiler.Compile(spec.Since, at, scope) is { } ms ? FixedTimeframe.Of(ms, null) : null,
            "after" => DateCompiler.Compile(spec.After, at, scope) is { } ms ? FixedTimeframe.Of(ms + 1, null) : null,
            "before" => DateCompiler.Compile(spec.Before, at, scope) is { } ms ? FixedTimeframe.Of(long.MinValue, ms) : null,
            "from" => FromTo(spec, path, scope),
            "calendar" => Calendar(spec.Calendar!, at, scope),
            "sinceEntering" => OnlyTrue(spec.SinceEntering, at, scope) ? new EnteringTimeframe(scope.Segment) : null,
            "sinceProperty" => scope.Problems.RequireText(spec.SinceProperty, at, "first_order_at")
                ? new PropertyTimeframe(spec.SinceProperty!, scope.Calendar)
                : null,
            _ => OnlyTrue(spec.Ever, at, scope) ? Timeframe.Ever : null,
        };
    }

    private static RollingTimeframe? Between(IReadOnlyList<string> ages, string path, ProblemList problems)
    {
        if (ages.Count != 2)
        {
            problems.Invalid(path, $"takes two ages, the younger first, such as [30d, 60d]; there are {ages.Count}");
            return null;
        }

        var (younger, older) = (problems.Duration(ages[0], path + "[0]"), problems.Duration(ages[1], path + "[1]"));
        if (younger is null || older is null)
            return null;
        if (younger < older)
            return (RollingTimeframe)Timeframe.Between(younger.Value, older.Value);
        problems.Invalid(path, $"the younger age stands first and is the shorter one; {ages[0]} is not shorter than {ages[1]}");
        return null;
    }

    private static FixedTimeframe? FromTo(TimeframeSpec spec, string path, SegmentScope scope)
    {
        var (from, to) = (DateCompiler.Compile(spec.From, path + ".from", scope), DateCompiler.Compile(spec.To, path + ".to", scope));
        if (from is null || to is null)
            return null;
        if (from < to)
            return FixedTimeframe.Of(from.Value, to);
        scope.Problems.Invalid(path + ".to", $"{spec.To} does not lie after {spec.From}; to is the end, itself not included");
        return null;
    }

    private static CalendarTimeframe? Calendar(string phrase, string path, SegmentScope scope)
    {
        if (CalendarPhrase.Compile(phrase, path, scope.Problems) is not { } span)
            return null;
        if (!span.IsAhead)
            return new CalendarTimeframe(scope.Calendar, span);
        scope.Problems.Invalid(path, $"{phrase} lies ahead, where no event has happened; only dates of properties can lie there");
        return null;
    }

    private static bool OnlyTrue(bool? value, string path, SegmentScope scope)
    {
        if (value == true)
            return true;
        scope.Problems.Invalid(path, "can only be true; leave it out, or write a timeframe such as within: 30d");
        return false;
    }

    private static IEnumerable<string> Given(TimeframeSpec spec)
    {
        if (spec.Within is not null)
            yield return "within";
        if (spec.Between is not null)
            yield return "between";
        if (spec.Since is not null)
            yield return "since";
        if (spec.After is not null)
            yield return "after";
        if (spec.Before is not null)
            yield return "before";
        if (spec.From is not null)
            yield return "from";
        if (spec.Calendar is not null)
            yield return "calendar";
        if (spec.SinceEntering is not null)
            yield return "sinceEntering";
        if (spec.SinceProperty is not null)
            yield return "sinceProperty";
        if (spec.Ever is not null)
            yield return "ever";
    }
}
