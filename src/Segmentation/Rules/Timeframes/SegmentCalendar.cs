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

    // 9999-12-30T00:00:00Z: no zone shows a year after it, which NodaTime could not tell.
    private const long LatestMs = 253_402_128_000_000;

    // Ahead of UTC or behind it.
    private static readonly long LargestOffsetMs = Offset.MaxValue.Milliseconds;

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
        var instant = Instant.FromUnixTimeMilliseconds(Math.Min(instantMs, LatestMs));
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

    // The first instant at which the clocks show the day's midnight or later. (The zone's own answer would take memory.)
    private long StartOf(LocalDate day)
    {
        var midnightMs = day.AtMidnight().InUtc().ToInstant().ToUnixTimeMilliseconds();
        var interval = Zone.GetZoneInterval(Instant.FromUnixTimeMilliseconds(midnightMs - LargestOffsetMs));
        while (interval.HasEnd && interval.End.ToUnixTimeMilliseconds() + interval.WallOffset.Milliseconds <= midnightMs)
            interval = Zone.GetZoneInterval(interval.End);
        var startMs = midnightMs - interval.WallOffset.Milliseconds;
        return interval.HasStart ? Math.Max(startMs, interval.Start.ToUnixTimeMilliseconds()) : startMs;
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
