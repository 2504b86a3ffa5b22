using System.Runtime.InteropServices;

namespace Segmentation;

/// <summary>
/// Whole units of the calendar, counted from the present one: from <paramref name="First"/> to <paramref name="Last"/>, both inclusive, 0
/// being the present one, −1 the one before. So this week is 0 to 0, the last 3 days −3 to −1, tomorrow 1 to 1.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CalendarSpan(CalendarUnit Unit, int First, int Last)
{
    /// <summary>The most units that a span may reach back or ahead.</summary>
    public const int MaxReach = 999;

    /// <summary>Whether part of it lies after the present unit.</summary>
    public bool IsAhead => Last > 0;

    /// <summary>As written in a spec.</summary>
    public override string ToString()
    {
        var unit = Unit.ToString().ToLowerInvariant();
        return (Unit, First, Last) switch
        {
            (CalendarUnit.Day, 0, 0) => "today",
            (CalendarUnit.Day, -1, -1) => "yesterday",
            (CalendarUnit.Day, 1, 1) => "tomorrow",
            (_, 0, 0) => $"this {unit}",
            (_, -1, -1) => $"last {unit}",
            (_, 1, 1) => $"next {unit}",
            (_, < 0, -1) => $"last {-First} {unit}s",
            _ => $"next {Last} {unit}s",
        };
    }
}

/// <summary>The days of a <see cref="CalendarSpan"/> that does not lie ahead, and not after the instant.</summary>
public sealed class CalendarTimeframe : PlainTimeframe
{
    private const long DayMs = 86_400_000;

    public CalendarTimeframe(SegmentCalendar calendar, CalendarSpan span)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        if (span.IsAhead || span.First > span.Last || span.First < -CalendarSpan.MaxReach)
            throw new ArgumentException("Events lie in the past: a timeframe of them must not reach ahead.", nameof(span));
        Calendar = calendar;
        Span = span;
    }

    public SegmentCalendar Calendar { get; }

    public CalendarSpan Span { get; }

    internal override bool Moves => true;

    // The longest that the units of the span and the one that goes on can be, and two days for what a zone may do with its clocks.
    internal override long ReachMs => ((2L - Span.First) * LongestDays(Span.Unit) * DayMs) + (2 * DayMs);

    internal override bool EntersLate => Span.Last < 0;

    internal override long FromMs(long instantMs) => Calendar.StartOf(Span.Unit, instantMs, Span.First);

    internal override long UntilMs(long instantMs) =>
        Math.Min(instantMs, Calendar.StartOf(Span.Unit, instantMs, Span.Last + 1) - 1);

    internal override long EntersAt(long timeMs) => Span.Last == 0 ? timeMs : Calendar.StartOf(Span.Unit, timeMs, -Span.Last);

    internal override long LeavesAt(long timeMs) => Calendar.StartOf(Span.Unit, timeMs, 1 - Span.First);

    private static long LongestDays(CalendarUnit unit) => unit switch
    {
        CalendarUnit.Day => 1,
        CalendarUnit.Week => 7,
        CalendarUnit.Month => 31,
        CalendarUnit.Quarter => 92,
        _ => 366,
    };

    public override string ToString() => $"{Span} in {Calendar.Zone.Id}";
}
