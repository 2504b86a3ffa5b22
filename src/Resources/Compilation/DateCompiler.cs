using NodaTime.Text;

namespace Segmentation.Resources;

/// <summary>Reads dates: RFC 3339, or a day, which means its start in the segment's zone.</summary>
internal static class DateCompiler
{
    public const string HowToWrite = "is no date; write a day such as 2026-03-01, or an instant with its offset such as 2026-03-01T09:00:00Z";

    /// <summary>Milliseconds since the Unix epoch; null after reporting a problem.</summary>
    public static long? Compile(string? text, string path, SegmentScope scope)
    {
        if (Rfc3339.TryParse(text, out var ms))
            return ms;
        if (LocalDatePattern.Iso.Parse(text ?? "") is { Success: true, Value: var day } && day.Year is >= 1970 and < 9999)
            return scope.Calendar.StartOf(day, CalendarUnit.Day, 0);
        scope.Problems.Invalid(path, HowToWrite);
        return null;
    }
}
