using NodaTime;

namespace Segmentation;

/// <summary>Reads date properties: texts that are RFC 3339, or a day, which means its start in the segment's zone. Allocates nothing.</summary>
internal static class PropertyDate
{
    // The length of 2026-03-01.
    private const int DayLength = 10;

    // Two days before the end of what NodaTime can tell, so that no time zone leads out of it.
    private const long LatestDayMs = Rfc3339.LatestMs - (2 * 86_400_000);

    /// <param name="value">Any property.</param>
    /// <param name="calendar">Whose days are meant.</param>
    /// <param name="ms">Milliseconds since the Unix epoch, of the years 1 to 9999.</param>
    public static bool TryRead(PropertyValue value, SegmentCalendar calendar, out long ms)
    {
        ms = 0;
        if (value.Kind != PropertyKind.Text)
            return false;
        var text = value.Text;
        if (text.Length != DayLength)
            return Rfc3339.TryParse(text, out ms);
        if (!Rfc3339.TryParseDay(text, out var year, out var month, out var day))
            return false;

        // The calendar ends with 9998; a later day stands for one that never comes.
        ms = Math.Clamp(calendar.StartOf(new LocalDate(year, month, day), CalendarUnit.Day, 0), Rfc3339.EarliestMs, Rfc3339.LatestMs);
        return true;
    }

    /// <summary>The day of the calendar on which a date lies.</summary>
    public static LocalDate DayOf(long dateMs, SegmentCalendar calendar) => calendar.DateAt(Math.Min(dateMs, LatestDayMs));

    /// <summary>Whether these milliseconds can be a date.</summary>
    public static bool IsInRange(decimal ms) => ms is >= Rfc3339.EarliestMs and <= Rfc3339.LatestMs && decimal.IsInteger(ms);
}
