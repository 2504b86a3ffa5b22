using System.Globalization;
using Segmentation.Resources;

namespace Segmentation.Cli.Definitions.Klaviyo;

/// <summary>Reads the times of Klaviyo's date filters. Its segments know UTC only.</summary>
internal static class SourceTimes
{
    private const long DayMs = 86_400_000;

    /// <summary>A number of units as a duration, such as <c>30d</c>.</summary>
    public static string Duration(SourceObject filter, string field, ImportScope scope)
    {
        int count = filter.Whole(field);
        string duration = Unit(filter, scope) is var (factor, letter) ? $"{(long)count * factor}{letter}" : "";
        return DurationText.TryParse(duration, out _, out _)
            ? duration
            : throw filter.Lost(
                field, $"{count} {filter.Text("unit")}", "not a time from one hour to 3660 days", "choose another, or write since or ever by hand");
    }

    /// <summary>The ages of "between A and B ago", the younger first, null for now.</summary>
    public static (string? Younger, string Older) Ages(SourceObject filter, ImportScope scope)
    {
        (string younger, string older) = filter.Whole("start") <= filter.Whole("end") ? ("start", "end") : ("end", "start");
        if (filter.Whole(younger) == filter.Whole(older))
            throw filter.Lost("end", "start and end", "the same, so that nothing lies between them", "mend the segment in Klaviyo");
        string olderAge = Duration(filter, older, scope);
        return (filter.Whole(younger) == 0 ? null : Duration(filter, younger, scope), olderAge);
    }

    /// <summary>A number of whole days.</summary>
    public static int Days(SourceObject filter, string field, ImportScope scope)
    {
        if (DurationText.ParseMs(Duration(filter, field, scope)) is var ms && ms % DayMs != 0)
            throw filter.Lost("unit", "hours", "not whole days, and days of the year come back by the day", "write the condition in days");
        return (int)(ms / DayMs);
    }

    /// <summary>A date as it is written in a spec: a day when it is the start of one, else an instant.</summary>
    public static string Date(SourceObject filter, string field) => Written(Instant(filter, field));

    /// <summary>The last instant before a date.</summary>
    public static string Before(SourceObject filter, string field) => Written(Instant(filter, field) - 1);

    /// <summary>The first instant after a date.</summary>
    public static string After(SourceObject filter, string field) => Written(Instant(filter, field) + 1);

    /// <summary>Start and end of "between dates".</summary>
    public static (string From, string To) Range(SourceObject filter) => Instant(filter, "start") < Instant(filter, "end")
        ? (Date(filter, "start"), Date(filter, "end"))
        : throw filter.Lost("end", "the end", "not after the start", "mend the segment in Klaviyo");

    /// <summary>For an operator that the condition does not take.</summary>
    public static NotCarriedOverException NotHere(SourceObject filter, string subject) =>
        filter.NotKnown("operator", filter.Text("operator"), $"cannot be asked of {subject}");

    private static long Instant(SourceObject filter, string field)
    {
        string text = filter.Text(field);
        foreach (string form in (string[])[text, text + "Z", text + "T00:00:00Z"])
        {
            if (Rfc3339.TryParse(form, out long ms) && ms is > 0 and <= EventJson.LatestOccurredAtMs)
                return ms;
        }
        throw filter.Lost(field, "this date", "not one from 1970 to 2200 in RFC 3339", "mend the segment in Klaviyo");
    }

    private static string Written(long ms) => ms % DayMs == 0
        ? DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : Rfc3339.Format(ms);

    private static (int Factor, char Letter) Unit(SourceObject filter, ImportScope scope)
    {
        string unit = filter.Text("unit");
        switch (unit)
        {
            case "hour":
                return (1, 'h');
            case "day":
                return (1, 'd');
            case "week":
                return (1, 'w');
            case "month":
                scope.Check(
                    filter.At("unit"), "a month", "has no fixed length; it is taken as 30 days", "write another number of days if you mind");
                return (30, 'd');
            case "year":
                scope.Check(
                    filter.At("unit"), "a year", "has no fixed length; it is taken as 365 days", "write another number of days if you mind");
                return (365, 'd');
            default:
                throw filter.NotKnown("unit", unit);
        }
    }
}
