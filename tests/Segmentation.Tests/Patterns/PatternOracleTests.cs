using Segmentation.Tests.Oracle;
using Segmentation.Tests.Timeframes;

namespace Segmentation.Tests.Patterns;

/// <summary>
/// Patterns over random histories, compared with their definition read out loud: every event against every other. Between now and the
/// next change the answer stays; at the next change it is another, unless very much lies in the future.
/// </summary>
public sealed class PatternOracleTests
{
    [Fact]
    public void First_times_and_restarts_are_as_defined() => Check(4_000_001, 6_000, SilenceCase);

    [Fact]
    public void Regular_and_stopped_are_as_defined() => Check(5_000_001, 6_000, PeriodCase);

    [Fact]
    public void Sequences_are_as_defined() => Check(6_000_001, 12_000, SequenceCase);

    private static void Check(int first, int count, Func<PatternWorld, PatternCase> make)
    {
        foreach (var seed in Seeds.Take(first, count))
        {
            var world = new PatternWorld(seed);
            var one = make(world);
            var history = world.History();
            var instant = world.Instant();
            Seeds.Check(seed, history, events => one.Fault(events, instant));
        }
    }

    private static PatternCase SilenceCase(PatternWorld world)
    {
        var frame = world.Frame();
        var silence = world.Length();
        var lookback = world.Random.Next(3) > 0 ? silence : (long?)null;
        if (world.Random.Next(2) == 0)
        {
            return new PatternCase(
                new FirstTimeRule(PatternWorld.Of("a"), lookback, frame.Timeframe),
                (t, times) => times("a").Any(x => frame.Has(t, x) && !times("a").Any(y => y < x && (lookback is null || y > x - lookback))),
                [.. frame.Delays, 0],
                frame.Relevant);
        }

        return new PatternCase(
            new RestartedRule(PatternWorld.Of("a"), silence, frame.Timeframe),
            (t, times) => times("a").Any(x => frame.Has(t, x) && times("a").Where(y => y < x).DefaultIfEmpty(long.MaxValue).Max() <= x - silence),
            [.. frame.Delays, 0],
            frame.Relevant);
    }

    private static PatternCase PeriodCase(PatternWorld world)
    {
        var (n, silence) = (world.Random.Next(1, 6), world.Length());
        var k = world.Random.Next(1, n + 1);
        var calendar = Zones.Calendar(Zones.Tricky[world.Random.Next(Zones.Tricky.Length)]);
        var unit = (CalendarUnit)world.Random.Next(3);
        var length = world.Random.Next(2) == 0 ? world.Length() : (long?)null;
        var periods = length is { } ms ? Periods.Of(n, ms) : Periods.Of(n, unit, calendar);

        // How many of the periods, the last of which ends with or holds the time.
        int CountTo(long time, IEnumerable<long> events, bool withPresent)
        {
            if (length is { } p)
                return Enumerable.Range(0, n).Count(i => events.Any(x => x > time - (i + 1) * p && x <= time - i * p));
            long Unit(long at) => PatternWorld.UnitNumber(calendar, unit, at);
            var last = Unit(time) - (withPresent ? 0 : 1);
            return events.Select(Unit).Distinct().Count(u => u <= last && u > last - n);
        }

        IReadOnlyList<long> delays = length is { } d ? [.. Enumerable.Range(0, n + 1).Select(i => i * d)] : [0];
        IReadOnlyList<long> Starts(IReadOnlyList<long> times) =>
            length is null ? [.. times.SelectMany(x => Enumerable.Range(0, n + 2).Select(i => calendar.StartOf(unit, x, i)))] : [];
        if (world.Random.Next(2) == 0)
            return new PatternCase(new RegularRule(PatternWorld.Of("a"), k, periods), (t, times) => CountTo(t, times("a"), false) >= k, delays, Starts);
        return new PatternCase(
            new StoppedRule(PatternWorld.Of("a"), k, periods, silence),
            (t, times) => times("a").Any() && t - times("a").Max() >= silence && CountTo(times("a").Max(), times("a"), true) >= k,
            [0, silence],
            _ => []);
    }

    private static PatternCase SequenceCase(PatternWorld world)
    {
        var frame = world.Frame();
        var steps = world.Steps();
        var completed = world.Random.Next(3) == 0 ? world.Length() : (long?)null;
        return new PatternCase(
            new SequenceRule(steps, completed, frame.Timeframe),
            (t, times) => new SequenceDefinition(steps, completed, t, times, x => frame.Has(t, x)).Holds(),
            [.. frame.Delays, 0, .. steps.Where(step => step.IsAbsent).Select(step => step.WithinMs ?? 0)],
            frame.Relevant);
    }
}

/// <summary>One rule, what it means, and when time alone can matter to it.</summary>
/// <param name="Rule">The engine's.</param>
/// <param name="Holds">From the instant and the times, by event name, that have come and are not taken back.</param>
/// <param name="Delays">How long after an event it can matter.</param>
/// <param name="Relevant">Further instants at which one of the times can matter.</param>
internal sealed record PatternCase(
    PatternRule Rule, Func<long, Func<string, IReadOnlyList<long>>, bool> Holds, IReadOnlyList<long> Delays, Func<IReadOnlyList<long>, IReadOnlyList<long>> Relevant)
{
    /// <summary>Follows the next changes for a while; null when all is well.</summary>
    public string? Fault(IReadOnlyList<PlainEvent> events, long instant)
    {
        var profile = new Profile("someone");
        foreach (var e in events)
            profile.Add(Translation.Event(e, profile.Id));
        var relevant = events.SelectMany(e => Delays.Select(delay => e.Time + delay)).Concat(Relevant([.. events.Select(e => e.Time)]))
            .SelectMany(at => (long[])[at - 1, at, at + 1]).Where(at => at >= 0).Distinct().Order().ToList();
        var evaluation = new Evaluation();
        for (var step = 0; step < 4; step++)
        {
            evaluation.Begin(profile, instant);
            var verdict = Rule.Evaluate(evaluation);
            var expected = HoldsAt(events, instant);
            if (verdict.Matches != expected)
                return $"At {instant}: the answer is not {expected}: {Rule}";
            if (verdict.NextChangeMs <= instant)
                return $"At {instant}: the next change {verdict.NextChangeMs} is not later: {Rule}";
            var early = relevant.Find(u => u > instant && u < verdict.NextChangeMs && HoldsAt(events, u) != expected);
            if (early != 0)
                return $"At {instant}: it changes at {early} already, not at {verdict.NextChangeMs}: {Rule}";
            if (verdict.NextChangeMs == Verdict.Never)
                return null;
            instant = verdict.NextChangeMs;
            if (HoldsAt(events, instant) == expected)
                return $"It does not change at {instant}: {Rule}";
        }

        return null;
    }

    private bool HoldsAt(IReadOnlyList<PlainEvent> events, long t)
    {
        bool IsTakenBack(PlainEvent e) => events.Any(refund => refund.Refunds == e.Id && refund.Time <= t);
        return Holds(t, name => [.. events.Where(e => e.Name == name && e.Time <= t && !IsTakenBack(e)).Select(e => e.Time)]);
    }
}

/// <summary>A sequence, tried out choice by choice.</summary>
internal sealed class SequenceDefinition(
    IReadOnlyList<SequenceStep> steps, long? completed, long t, Func<string, IReadOnlyList<long>> times, Func<long, bool> isInFrame)
{
    public bool Holds() => Times(0).Any(e => isInFrame(e) && Follows(1, e, e));

    private bool Follows(int next, long first, long last)
    {
        var present = next;
        while (present < steps.Count && steps[present].IsAbsent)
            present++;
        var absent = Enumerable.Range(next, present - next).ToList();
        if (present == steps.Count)
            return (completed is null || last - first < completed) && absent.All(i => IsAbsentAfter(i, last));
        return Times(present).Any(e =>
            e > last && isInFrame(e) && (steps[present].WithinMs is not { } within || e - last < within)
            && !absent.Any(i => Times(i).Any(x => x > last && x < e)) && Follows(present + 1, first, e));
    }

    private bool IsAbsentAfter(int step, long last) => steps[step].WithinMs is { } within
        ? t >= last + within && !Times(step).Any(x => x > last && x < last + within)
        : !Times(step).Any(x => x > last);

    private IReadOnlyList<long> Times(int step) => times(steps[step].Selection.EventName);
}
