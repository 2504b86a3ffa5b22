using System.Globalization;

namespace Segmentation.Resources;

/// <summary>Reads the days of the calendar: today, this week, last 3 months.</summary>
internal static class CalendarPhrase
{
    public const string HowToWrite = "names no days of the calendar; write today, yesterday, tomorrow, this week, last month, next year, last 3 days or the like";

    private static readonly string[] Units = ["day", "week", "month", "quarter", "year"];

    /// <summary>Null after reporting a problem.</summary>
    public static CalendarSpan? Compile(string text, string path, ProblemList problems)
    {
        var words = text.Split(' ');
        CalendarSpan? span = words switch
        {
            ["today"] => new(CalendarUnit.Day, 0, 0),
            ["yesterday"] => new(CalendarUnit.Day, -1, -1),
            ["tomorrow"] => new(CalendarUnit.Day, 1, 1),
            ["this", var unit] => Of(unit, 0, 0),
            ["last", var unit] => Of(unit, -1, -1),
            ["next", var unit] => Of(unit, 1, 1),
            ["last", var count, [.. var unit, 's']] when Count(count) is { } n => Of(unit, -n, -1, days: true),
            ["next", var count, [.. var unit, 's']] when Count(count) is { } n => Of(unit, 1, n, days: true),
            _ => null,
        };
        if (span is null)
            problems.Invalid(path, $"\"{text}\" {HowToWrite}");
        return span;
    }

    // A single day has names of its own: yesterday, today, tomorrow.
    private static CalendarSpan? Of(string unit, int first, int last, bool days = false)
    {
        var index = Array.IndexOf(Units, unit);
        return index < 0 || (index == 0 && !days) ? null : new CalendarSpan((CalendarUnit)index, first, last);
    }

    private static int? Count(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= CalendarSpan.MaxReach ? count : null;
}
