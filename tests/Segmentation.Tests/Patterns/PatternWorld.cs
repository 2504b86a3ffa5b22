using NodaTime;
using Segmentation.Tests.Oracle;
using Segmentation.Tests.Timeframes;

namespace Segmentation.Tests.Patterns;

/// <summary>Random events of few names at few instants, and timeframes and steps over them.</summary>
internal sealed class PatternWorld
{
    private static readonly string[] Names = ["a", "b", "c"];

    private readonly long start;
    private readonly long step;

    public PatternWorld(int seed)
    {
        Random = new Random(seed);
        step = Random.Next(3) == 0 ? 1_000L : 86_400_000L / 2;
        // Over the day that Samoa skipped.
        start = 1_324_000_000_000L + Random.Next(3);
    }

    public Random Random { get; }

    public static EventSelection Of(string name) => new(name, []);

    public long Instant() => start + step * Random.Next(-2, 45) + Random.Next(-1, 2);

    public long Length() => Math.Max(1, step * Random.Next(0, 12) + Random.Next(-1, 2));

    /// <summary>Some of them take back another, as a whole.</summary>
    public List<PlainEvent> History()
    {
        var count = Random.Next(0, 11);
        var events = new List<PlainEvent>(count);
        for (var i = 0; i < count; i++)
        {
            var refunds = Random.Next(8) == 0 ? $"e{Random.Next(count)}" : null;
            events.Add(new PlainEvent(
                $"e{i}", Random.Next(2) == 0 ? "a" : Names[Random.Next(3)], start + step * Random.Next(0, 40), null, new Dictionary<string, object>(), refunds == $"e{i}" ? null : refunds));
        }

        return events;
    }

    public List<SequenceStep> Steps()
    {
        var count = Random.Next(2, 6);
        var steps = new List<SequenceStep>(count);
        for (var i = 0; i < count; i++)
        {
            var isAbsent = i > 0 && Random.Next(3) == 0;
            var mayBeWithin = i > 0 && (!isAbsent || i == count - 1);
            steps.Add(new SequenceStep(Of(Names[Random.Next(3)]), mayBeWithin && Random.Next(2) == 0 ? Length() : null, isAbsent));
        }

        return steps;
    }

    public PatternFrame Frame()
    {
        var older = Length() + step * 4;
        var younger = Random.Next(0, (int)Math.Min(older, 20)) * (older / 20);
        var (from, to) = (Instant(), Instant());
        switch (Random.Next(5))
        {
            case 0:
                return new PatternFrame(Timeframe.Ever, (_, _) => true, [], _ => []);
            case 1:
                return new PatternFrame(Timeframe.Within(older), (t, x) => x > t - older, [older], _ => []);
            case 2:
                return new PatternFrame(Timeframe.Between(younger, older), (t, x) => x > t - older && x <= t - younger, [younger, older], _ => []);
            case 3:
                return new PatternFrame(
                    FixedTimeframe.Of(Math.Min(from, to), Math.Max(from, to) + 1), (_, x) => x >= Math.Min(from, to) && x <= Math.Max(from, to), [], _ => []);
            default:
                return CalendarFrame();
        }
    }

    /// <summary>The number of the day, week or month in which the instant lies.</summary>
    public static long UnitNumber(SegmentCalendar calendar, CalendarUnit unit, long instantMs)
    {
        var date = calendar.DateAt(instantMs);
        return unit switch
        {
            CalendarUnit.Day => Period.DaysBetween(new LocalDate(1970, 1, 1), date),
            CalendarUnit.Week => (Period.DaysBetween(new LocalDate(1970, 1, 5), date) - ((int)calendar.WeekStart - 1)) / 7,
            _ => date.Year * 12L + date.Month,
        };
    }

    private PatternFrame CalendarFrame()
    {
        var calendar = Zones.Calendar(Zones.Tricky[Random.Next(Zones.Tricky.Length)]);
        var unit = (CalendarUnit)Random.Next(3);
        var last = -Random.Next(0, 3);
        var first = last - Random.Next(0, 3);
        long Unit(long at) => UnitNumber(calendar, unit, at);
        return new PatternFrame(
            new CalendarTimeframe(calendar, new CalendarSpan(unit, first, last)),
            (t, x) => Unit(x) >= Unit(t) + first && Unit(x) <= Unit(t) + last,
            [],
            times => [.. times.SelectMany(x => Enumerable.Range(-last, 2 + last - first).Select(i => calendar.StartOf(unit, x, i)))]);
    }
}

/// <summary>A timeframe and, for an event that has come, whether it lies in it.</summary>
internal sealed record PatternFrame(
    Timeframe Timeframe, Func<long, long, bool> Has, IReadOnlyList<long> Delays, Func<IReadOnlyList<long>, IReadOnlyList<long>> Relevant);
