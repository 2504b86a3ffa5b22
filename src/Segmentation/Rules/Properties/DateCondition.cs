namespace Segmentation;

/// <summary>
/// A question about a date whose answer time alone changes: it holds from one instant to another, once or again and again. Immutable.
/// Instants and dates are milliseconds since the Unix epoch.
/// </summary>
public abstract class DateCondition
{
    private protected DateCondition()
    {
    }

    /// <summary>Dates in (t − within, t].</summary>
    public static DateCondition WithinLast(long withinMs) => new RelativeDate("withinLast", Positive(withinMs), 0, withinMs);

    /// <summary>Dates in (t, t + within].</summary>
    public static DateCondition WithinNext(long withinMs) => new RelativeDate("withinNext", Positive(withinMs), -withinMs, 0);

    /// <summary>Dates at or before t − age.</summary>
    public static DateCondition OlderThan(long ageMs) => new RelativeDate("olderThan", Positive(ageMs), ageMs, null);

    /// <summary>
    /// When it holds, including the start and excluding the end: the time that the instant lies in, or else the first after it; an end of
    /// <see cref="Verdict.Never"/> is for ever. When neither exists, a time that has passed.
    /// </summary>
    internal abstract (long FromMs, long UntilMs) Holding(long dateMs, long instantMs);

    /// <summary>As written in a spec.</summary>
    public abstract override string ToString();

    private static long Positive(long ms)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ms);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ms, Timeframe.MaxMs);
        return ms;
    }

    private protected static CalendarSpan Checked(CalendarSpan span) =>
        span.First > span.Last || span.First < -CalendarSpan.MaxReach || span.Last > CalendarSpan.MaxReach
            ? throw new ArgumentException($"A span reaches from at most {CalendarSpan.MaxReach} units ago to as many ahead.", nameof(span))
            : span;

    private sealed class RelativeDate(string word, long ms, long fromMs, long? untilMs) : DateCondition
    {
        internal override (long FromMs, long UntilMs) Holding(long dateMs, long instantMs) =>
            (dateMs + fromMs, untilMs is { } until ? dateMs + until : Verdict.Never);

        public override string ToString() => $"{word} {DurationWords.Of(ms)}";
    }
}

/// <summary>Dates on the days of a span of the calendar, which may lie ahead.</summary>
public sealed class CalendarDate : DateCondition
{
    private readonly SegmentCalendar calendar;
    private readonly CalendarSpan span;

    /// <param name="calendar">Whose days.</param>
    /// <param name="span">Reaches at most <see cref="CalendarSpan.MaxReach"/> units back and ahead, or an <see cref="ArgumentException"/>.</param>
    public CalendarDate(SegmentCalendar calendar, CalendarSpan span)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        this.calendar = calendar;
        this.span = Checked(span);
    }

    internal override (long FromMs, long UntilMs) Holding(long dateMs, long instantMs)
    {
        var day = PropertyDate.DayOf(dateMs, calendar);
        return (calendar.StartOf(day, span.Unit, -span.Last), calendar.StartOf(day, span.Unit, 1 - span.First));
    }

    public override string ToString() => $"calendar {span} in {calendar.Zone.Id}";
}
