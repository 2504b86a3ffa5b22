using NodaTime;
using Segmentation.Tests.Oracle;

namespace Segmentation.Tests.Timeframes;

/// <summary>What the engine takes for granted of every timeframe, at random instants near the odd ones of many zones.</summary>
public sealed class TimeframeMonotonyTests
{
    private const long Day = 86_400_000;

    [Fact]
    public void Neither_end_ever_moves_back_and_times_enter_and_leave_when_they_say()
    {
        foreach (var seed in Seeds.Take(3_000_001, 20_000))
        {
            var random = new Random(seed);
            var frame = Frame(random, out var zone);
            var (one, other) = (Instant(random, zone), Instant(random, zone));
            if (FaultOfEnds(frame, Math.Min(one, other), Math.Max(one, other)) is { } ends)
                Assert.Fail($"{ends}: {frame}. Replay with SEED={seed}.");
            if (FaultOfTime(frame, one) is { } time)
                Assert.Fail($"{time}: {frame}. Replay with SEED={seed}.");
        }
    }

    private static string? FaultOfEnds(PlainTimeframe frame, long earlier, long later)
    {
        if (frame.UntilMs(earlier) > earlier)
            return $"it reaches beyond {earlier}";
        if (frame.FromMs(earlier) > frame.FromMs(later))
            return $"its start moves back from {earlier} to {later}";
        return frame.UntilMs(earlier) > frame.UntilMs(later) ? $"its end moves back from {earlier} to {later}" : null;
    }

    private static string? FaultOfTime(PlainTimeframe frame, long time)
    {
        var (enters, leaves) = (frame.EntersAt(time), frame.LeavesAt(time));
        if (enters < time)
            return $"{time} enters before it is there";
        if (!frame.EntersLate && enters != time && enters != Verdict.Never)
            return $"{time} enters late";
        foreach (var near in (long[])[enters, leaves])
        {
            if (near == Verdict.Never)
                continue;
            foreach (var at in (long[])[near - 1, near, near + 1])
            {
                var isInside = frame.FromMs(at) <= time && time <= frame.UntilMs(at);
                if (isInside != (at >= enters && at < leaves))
                    return $"{time} is {(isInside ? "" : "not ")}inside at {at}, and enters at {enters} and leaves at {leaves}";
            }
        }

        return null;
    }

    private static PlainTimeframe Frame(Random random, out DateTimeZone zone)
    {
        var calendar = Zones.Calendar(Zones.Tricky[random.Next(Zones.Tricky.Length)], (IsoDayOfWeek)random.Next(1, 8));
        zone = calendar.Zone;
        if (random.Next(6) > 0)
        {
            var last = -random.Next(0, 3);
            return new CalendarTimeframe(calendar, new CalendarSpan((CalendarUnit)random.Next(5), last - random.Next(0, 4), last));
        }

        var younger = random.Next(0, 40) * Day;
        return random.Next(2) == 0
            ? FixedTimeframe.Of(Instant(random, zone), null)
            : (PlainTimeframe)Timeframe.Between(younger, younger + 1 + random.Next(0, 40) * Day);
    }

    // Half of them near a change of the zone's clocks, half of them at the start of a day, to the millisecond or nearly.
    private static long Instant(Random random, DateTimeZone zone)
    {
        var instant = NodaTime.Instant.FromUtc(random.Next(1975, 2035), random.Next(1, 13), random.Next(1, 29), random.Next(24), random.Next(60));
        var interval = zone.GetZoneInterval(instant);
        if (random.Next(2) == 0 && interval.HasStart)
            instant = interval.Start + Duration.FromHours(random.Next(-72, 73));
        if (random.Next(2) == 0)
            instant = zone.GetZoneInterval(instant) is { HasStart: true } near && random.Next(2) == 0 ? near.Start : Midnight(instant, zone);
        return instant.ToUnixTimeMilliseconds() + random.Next(-1, 2);
    }

    private static Instant Midnight(Instant instant, DateTimeZone zone) =>
        instant.InZone(zone).Date.AtMidnight().InZoneLeniently(zone).ToInstant();
}
