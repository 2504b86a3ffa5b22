using NodaTime.Text;

namespace Segmentation;

/// <summary>Reads date properties: texts that are RFC 3339, or a day, which means its start in the segment's zone.</summary>
internal static class PropertyDate
{
    // The length of 2026-03-01.
    private const int DayLength = 10;

    /// <param name="value">Any property.</param>
    /// <param name="calendar">Whose days are meant.</param>
    /// <param name="ms">Milliseconds since the Unix epoch.</param>
    public static bool TryRead(PropertyValue value, SegmentCalendar calendar, out long ms)
    {
        ms = 0;
        if (value.Kind != PropertyKind.Text)
            return false;
        var text = value.Text;
        if (text.Length != DayLength)
            return Rfc3339.TryParse(text, out ms);
        if (LocalDatePattern.Iso.Parse(text) is not { Success: true, Value: var day })
            return false;
        ms = calendar.StartOf(day, CalendarUnit.Day, 0);
        return true;
    }
}
