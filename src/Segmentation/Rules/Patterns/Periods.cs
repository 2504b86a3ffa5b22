using System.Numerics;
using System.Runtime.InteropServices;

namespace Segmentation;

/// <summary>The last so many periods of a length or of the calendar. Immutable.</summary>
public abstract class Periods
{
    /// <summary>The most periods that a condition may look at.</summary>
    public const int CountMax = 60;

    private protected Periods(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, CountMax);
        Count = count;
    }

    public int Count { get; }

    /// <summary>The last periods of this length, in milliseconds: (t − (i + 1) · length, t − i · length].</summary>
    public static Periods Of(int count, long lengthMs) => new RollingPeriods(count, lengthMs);

    /// <summary>The whole units of the calendar before the present one.</summary>
    public static Periods Of(int count, CalendarUnit unit, SegmentCalendar calendar) => new CalendarPeriods(count, unit, calendar);

    /// <summary>In how many of the last periods there is an event.</summary>
    internal abstract int CountBefore(CountedEvents events, long instantMs);

    /// <summary>In how many periods there is an event, the last of them being the one that ends with the time or in which it lies.</summary>
    internal abstract int CountUpTo(CountedEvents events, long lastMs);

    /// <summary>
    /// Whether there is one in at least so many of the last periods, and when that changes if nothing more happens: exact.
    /// </summary>
    internal abstract (bool Holds, long NextMs) Regular(CountedEvents events, long instantMs, int atLeast);

    /// <summary>Such as <c>6 periods of 30d</c> or <c>6 months</c>.</summary>
    public abstract override string ToString();
}

/// <summary>Periods of a length.</summary>
internal sealed class RollingPeriods : Periods
{
    private readonly long lengthMs;

    public RollingPeriods(int count, long lengthMs)
        : base(count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lengthMs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthMs, Timeframe.MaxMs);
        this.lengthMs = lengthMs;
    }

    internal override int CountBefore(CountedEvents events, long instantMs) => CountUpTo(events, instantMs);

    internal override int CountUpTo(CountedEvents events, long lastMs)
    {
        var count = 0;
        for (var i = 0; i < Count; i++)
            count += events.Any(lastMs - (i + 1) * lengthMs + 1, lastMs - i * lengthMs) ? 1 : 0;
        return count;
    }

    /// <summary>
    /// The i-th period has an event as long as the instant less i lengths lies in a busy stretch: each event begins one of one length, and
    /// stretches that meet are one. Those apart by more than a length are few, however many events there are; their edges, each moved on
    /// by 0 to n − 1 lengths, are all the instants at which the number of periods changes.
    /// </summary>
    internal override (bool Holds, long NextMs) Regular(CountedEvents events, long instantMs, int atLeast)
    {
        Span<Edge> edges = stackalloc Edge[2 * Count];
        edges = edges[..FindEdges(events, instantMs, edges)];
        var count = CountUpTo(events, instantMs);
        var holds = count >= atLeast;
        while (true)
        {
            var at = Verdict.Never;
            foreach (var edge in edges)
                at = Math.Min(at, edge.NextMs);
            if (at == Verdict.Never)
                return (holds, Verdict.Never);
            foreach (ref var edge in edges)
                count += edge.PassAt(at, lengthMs);
            if (count >= atLeast != holds)
                return (holds, at);
        }
    }

    private int FindEdges(CountedEvents events, long instantMs, Span<Edge> edges)
    {
        var found = 0;
        for (var cursor = events.From(instantMs - Count * lengthMs + 1); cursor.TimeMs != Verdict.Never;)
        {
            edges[found++] = new Edge(cursor.TimeMs, 1, instantMs, lengthMs, Count);
            var endMs = cursor.TimeMs;
            for (; cursor.TimeMs <= endMs; cursor.MoveOn())
                endMs = cursor.TimeMs + lengthMs;
            edges[found++] = new Edge(endMs, -1, instantMs, lengthMs, Count);
        }

        return found;
    }

    public override string ToString() => $"{Count} periods of {DurationWords.Of(lengthMs)}";

    // Where a busy stretch begins or ends, on its way through the periods.
    [StructLayout(LayoutKind.Auto)]
    private struct Edge
    {
        private readonly long lastMs;
        private readonly int change;

        public Edge(long atMs, int change, long instantMs, long lengthMs, int count)
        {
            this.change = change;
            lastMs = atMs + (count - 1) * lengthMs;
            var next = atMs > instantMs ? atMs : atMs + ((instantMs - atMs) / lengthMs + 1) * lengthMs;
            NextMs = next > lastMs ? Verdict.Never : next;
        }

        public long NextMs { get; private set; }

        public int PassAt(long atMs, long lengthMs)
        {
            if (NextMs != atMs)
                return 0;
            NextMs = atMs + lengthMs > lastMs ? Verdict.Never : atMs + lengthMs;
            return change;
        }
    }
}

/// <summary>Whole units of the calendar.</summary>
internal sealed class CalendarPeriods(int count, CalendarUnit unit, SegmentCalendar calendar) : Periods(count)
{
    internal override int CountBefore(CountedEvents events, long instantMs) => BitOperations.PopCount(Occupied(events, instantMs) >> 1);

    // The present unit counts, too, but not the one before all the others.
    internal override int CountUpTo(CountedEvents events, long lastMs) => CountOf(Occupied(events, lastMs), Count);

    internal override (bool Holds, long NextMs) Regular(CountedEvents events, long instantMs, int atLeast)
    {
        var occupied = Occupied(events, instantMs);
        var holds = BitOperations.PopCount(occupied >> 1) >= atLeast;
        for (var later = 1; later <= Count + 1; later++)
        {
            if (CountOf(occupied, Count + 1 - later) >= atLeast == holds)
                continue;
            // A day that the zone skipped is over as it begins; past the last period it makes no difference.
            var at = calendar.StartOf(unit, instantMs, later);
            if (later > Count || at == Verdict.Never || at < calendar.StartOf(unit, instantMs, later + 1))
                return (holds, at);
        }

        return (holds, Verdict.Never);
    }

    // Bit 0 for the unit of the time, bit i for the i-th before it.
    private ulong Occupied(CountedEvents events, long timeMs)
    {
        var bits = 0UL;
        var after = calendar.StartOf(unit, timeMs, 1);
        for (var i = 0; i <= Count; i++)
        {
            var start = calendar.StartOf(unit, timeMs, -i);
            bits |= events.Any(start, after - 1) ? 1UL << i : 0;
            after = start;
        }

        return bits;
    }

    private static int CountOf(ulong bits, int first) => BitOperations.PopCount(bits & ((1UL << first) - 1));

    public override string ToString() => $"{Count} {unit.ToString().ToLowerInvariant()}s";
}
