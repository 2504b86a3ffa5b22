using NodaTime;

namespace Segmentation;

/// <summary>
/// Dates whose day and month come back within the next, or came back within the last, so many days of the calendar, today included and
/// whatever the year of the date. 29 February comes back on 28 February in other years.
/// </summary>
public sealed class Anniversary : DateCondition
{
    /// <summary>The most days, inclusive.</summary>
    public const int MaxDays = 366;

    // From one return to the next are at most 366 days, so that these many days ahead or back always hold one.
    private const int AlwaysDays = 365;
    private const int LastYear = 9998;

    private readonly SegmentCalendar calendar;
    private readonly int days;
    private readonly bool isAhead;

    /// <param name="calendar">Whose days.</param>
    /// <param name="days">0, which is today alone, to <see cref="MaxDays"/>.</param>
    /// <param name="isAhead">Whether the next days are meant; otherwise the last.</param>
    public Anniversary(SegmentCalendar calendar, int days, bool isAhead)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        ArgumentOutOfRangeException.ThrowIfNegative(days);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(days, MaxDays);
        this.calendar = calendar;
        this.days = days;
        this.isAhead = isAhead;
    }

    internal override (long FromMs, long UntilMs) Holding(long dateMs, long instantMs)
    {
        if (days >= AlwaysDays)
            return (long.MinValue, Verdict.Never);
        var date = PropertyDate.DayOf(dateMs, calendar);
        var year = Math.Min(calendar.DateAt(instantMs).Year, LastYear) - 1;
        var holding = Around(date, year);
        while ((holding.UntilMs <= instantMs || IsEmpty(holding)) && year < LastYear)
            holding = Around(date, ++year);

        // Long ones can meet the next. Those that do not always meet are kept apart by the next leap year.
        while (year < LastYear && Around(date, ++year) is var next && next.FromMs <= holding.UntilMs)
            holding.UntilMs = next.UntilMs;
        return holding;
    }

    // On a day that the zone skipped.
    private static bool IsEmpty((long FromMs, long UntilMs) holding) => holding.FromMs == holding.UntilMs;

    // Of the return in that year.
    private (long FromMs, long UntilMs) Around(LocalDate date, int year)
    {
        var day = Math.Min(date.Day, CalendarSystem.Iso.GetDaysInMonth(year, date.Month));
        var back = new LocalDate(year, date.Month, day);
        return isAhead ? (StartOf(back, -days), StartOf(back, 1)) : (StartOf(back, 0), StartOf(back, days + 1));
    }

    private long StartOf(LocalDate day, int offset) => calendar.StartOf(day, CalendarUnit.Day, offset);

    public override string ToString() => $"anniversary {(isAhead ? "withinNext" : "withinLast")} {days} days in {calendar.Zone.Id}";
}
