using NodaTime;

namespace Segmentation;

/// <summary>
/// Dates whose day and month come back on the days of a span of the calendar, whatever the year of the date. 29 February comes back on
/// 28 February in other years.
/// </summary>
public sealed class Anniversary : DateCondition
{
    private const int LastYear = 9998;

    private readonly SegmentCalendar calendar;
    private readonly CalendarSpan span;

    /// <param name="calendar">Whose days.</param>
    /// <param name="span">Reaches at most <see cref="CalendarSpan.MaxReach"/> units back and ahead, or an <see cref="ArgumentException"/>.</param>
    public Anniversary(SegmentCalendar calendar, CalendarSpan span)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        this.calendar = calendar;
        this.span = Checked(span);
    }

    // From one return to the next are at most 366 days, so that a span as long as that always holds one.
    private bool IsAlways => span.Last - span.First + 1 >= span.Unit switch
    {
        CalendarUnit.Day => 366,
        CalendarUnit.Week => 53,
        CalendarUnit.Month => 12,
        CalendarUnit.Quarter => 4,
        _ => 1,
    };

    internal override (long FromMs, long UntilMs) Holding(long dateMs, long instantMs)
    {
        if (IsAlways)
            return (long.MinValue, Verdict.Never);
        var date = PropertyDate.DayOf(dateMs, calendar);
        var year = Math.Min(calendar.DateAt(calendar.StartOf(span.Unit, instantMs, span.First)).Year, LastYear) - 1;
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

    // As long as the return in that year lies in the span.
    private (long FromMs, long UntilMs) Around(LocalDate date, int year)
    {
        var day = Math.Min(date.Day, CalendarSystem.Iso.GetDaysInMonth(year, date.Month));
        var back = new LocalDate(year, date.Month, day);
        return (calendar.StartOf(back, span.Unit, -span.Last), calendar.StartOf(back, span.Unit, 1 - span.First));
    }

    public override string ToString() => span switch
    {
        { Unit: CalendarUnit.Day, First: 0, Last: > 0 } => $"anniversary withinNext {span.Last} days in {calendar.Zone.Id}",
        { Unit: CalendarUnit.Day, First: < 0, Last: 0 } => $"anniversary withinLast {-span.First} days in {calendar.Zone.Id}",
        _ => $"anniversary calendar {span} in {calendar.Zone.Id}",
    };
}
