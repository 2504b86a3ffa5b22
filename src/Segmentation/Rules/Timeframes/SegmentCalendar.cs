using NodaTime;

namespace Segmentation;

/// <summary>A unit of the calendar.</summary>
public enum CalendarUnit
{
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// <summary>
/// The days, weeks, months, quarters and years of a time zone. A day begins at its first instant, which is not midnight where the clocks
/// skip midnight; a day that the zone skipped as a whole is empty and begins where the next one does. Immutable.
/// </summary>
public sealed class SegmentCalendar(DateTimeZone zone, IsoDayOfWeek weekStart)
{
    // Of the years that NodaTime can tell; instants here go to the end of 9999.
    private const int LastYear = 9999;

    // No zone has ever moved its clocks by more than a day and an hour.
    private static readonly Duration LongestMove = Duration.FromDays(2);

    /// <summary>UTC, with weeks that start on Monday.</summary>
    public static SegmentCalendar Utc { get; } = new(DateTimeZone.Utc, IsoDayOfWeek.Monday);

    public DateTimeZone Zone { get; } = zone ?? throw new ArgumentNullException(nameof(zone));

    public IsoDayOfWeek WeekStart { get; } = weekStart;

    /// <summary>
    /// The day on which the instant, in milliseconds since the Unix epoch, lies: the latest that has begun. Where clocks that go back
    /// show the end of a day again after midnight, the next day goes on.
    /// </summary>
    public LocalDate DateAt(long instantMs)
    {
        var instant = Instant.FromUnixTimeMilliseconds(instantMs);
        var interval = Zone.GetZoneInterval(instant);
        var date = instant.WithOffset(interval.WallOffset).Date;
        var isSettled = !interval.HasStart || instant - interval.Start >= Duration.FromDays(1);
        return isSettled || StartOf(date.PlusDays(1)) > instantMs ? date : date.PlusDays(1);
    }

    /// <summary>
    /// The first instant of a unit, in milliseconds since the Unix epoch: of the one that lies <paramref name="offset"/> units after the one
    /// of the instant. Past the year 9999 it is <see cref="Verdict.Never"/>.
    /// </summary>
    public long StartOf(CalendarUnit unit, long instantMs, int offset = 0) => StartOf(DateAt(instantMs), unit, offset);

    /// <inheritdoc cref="StartOf(CalendarUnit, long, int)"/>
    public long StartOf(LocalDate date, CalendarUnit unit, int offset)
    {
        var first = FirstDay(date, unit);
        var years = unit switch
        {
            CalendarUnit.Day => offset / 365,
            CalendarUnit.Week => offset / 52,
            CalendarUnit.Month => offset / 12,
            CalendarUnit.Quarter => offset / 4,
            _ => offset,
        };
        if (first.Year + years >= LastYear)
            return Verdict.Never;
        var moved = unit switch
        {
            CalendarUnit.Day => first.PlusDays(offset),
            CalendarUnit.Week => first.PlusWeeks(offset),
            CalendarUnit.Month => first.PlusMonths(offset),
            CalendarUnit.Quarter => first.PlusMonths(3 * offset),
            _ => first.PlusYears(offset),
        };
        return StartOf(moved);
    }

    private long StartOf(LocalDate day)
    {
        // Far from any change of the clocks midnight is plain, and is found without an allocation.
        var utc = day.AtMidnight().InUtc().ToInstant();
        var interval = Zone.GetZoneInterval(utc);
        if ((!interval.HasStart || utc - interval.Start >= LongestMove) && (!interval.HasEnd || interval.End - utc >= LongestMove))
            return utc.ToUnixTimeMilliseconds() - interval.WallOffset.Milliseconds;
        var midnight = Zone.MapLocal(day.AtMidnight());
        var start = midnight.Count == 0 ? midnight.LateInterval.Start : midnight.First().ToInstant();
        return start.ToUnixTimeMilliseconds();
    }

    private LocalDate FirstDay(LocalDate date, CalendarUnit unit) => unit switch
    {
        CalendarUnit.Day => date,
        CalendarUnit.Week => date.PlusDays(-(((int)date.DayOfWeek - (int)WeekStart + 7) % 7)),
        CalendarUnit.Month => new LocalDate(date.Year, date.Month, 1),
        CalendarUnit.Quarter => new LocalDate(date.Year, ((date.Month - 1) / 3 * 3) + 1, 1),
        _ => new LocalDate(date.Year, 1, 1),
    };
}
