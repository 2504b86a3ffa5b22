using System.Text.Json;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Redis;
using Segmentation.Resources;
using Xunit.Abstractions;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>What a year of a shop brings and a random history hardly ever does, against brute force. SEED replays one.</summary>
[Collection(SharedRedis.Name)]
public sealed class ScenarioTests(RedisServer redis, ITestOutputHelper output)
{
    private const long DayMs = 24 * History.HourMs;

    private static readonly DataPlaneOptions Tight = new() { EntriesPerTurn = 2, DuePerTurn = 2, BackfillPerTurn = 3, CachedOccurrences = 1 };

    [Fact]
    public async Task Refunds_that_come_before_their_orders_and_duplicates_hours_later_leave_what_an_orderly_world_would()
    {
        foreach (var seed in Seeds.Take(4))
        {
            output.WriteLine($"SEED={seed}");
            await using var plane = await DataPlane.OpenAsync(redis.Configuration, options: Tight);
            plane.DeclareShop();
            await plane.DrainAsync();
            var random = new Random(seed);
            var arrivals = Arrivals(random, plane.Clock.NowMs);
            foreach (var (atMs, e) in arrivals)
            {
                plane.Time.Advance(Math.Max(0, atMs - plane.Clock.NowMs));
                await plane.AppendAsync(e);
                if (random.Next(3) == 0) await plane.TurnAsync(random.Next(plane.PartitionCount));
                if (random.Next(15) == 0) await plane.TakeOverAsync(); // who saw the first of two is gone
            }
            await plane.DrainAsync();

            await PartitionPropertyTests.FlipsShouldBeExactAsync(plane, $"SEED={seed}");
            await Oracle.ShouldAgreeAsync(plane, $"SEED={seed}");
            var once = arrivals.Select(a => a.Event).DistinctBy(e => e.Id).OrderBy(e => e.OccurredAtMs);
            var orderly = Oracle.Replay([.. once.Select(e => new Acknowledged(e.OccurredAtMs, [e], null, null))]);
            var compiled = Oracle.Compile(plane);
            foreach (var (name, entry) in plane.Workspace.Catalog.Segments)
            {
                var expected = orderly.Values.Where(p => Oracle.Evaluate(p, compiled.Segments[name].Definition!, plane.Clock.NowMs).Matches).Select(p => p.Id);
                var members = await Oracle.MembersAsync(plane, name, entry.Serving!.Revision);
                members.Keys.Order(StringComparer.Ordinal).ShouldBe(expected.Order(StringComparer.Ordinal), $"SEED={seed} {name}");
            }
        }
    }

    // Orders and what takes them back, each sent some hours after it happened, in any order; a third of all once more, up to two days later.
    private static List<(long AtMs, CustomerEvent Event)> Arrivals(Random random, long fromMs)
    {
        var arrivals = new List<(long AtMs, CustomerEvent Event)>();
        for (var i = 0; i < 90; i++)
        {
            var profile = $"customer-{random.Next(8)}";
            var order = new CustomerEvent($"o{i}", "placed_order", profile, fromMs + random.NextInt64(10 * DayMs), random.Next(100, 9_000) / 100m);
            Send(order);
            if (random.Next(2) == 0) continue;
            decimal? amount = random.Next(2) == 0 ? null : random.Next(100, 5_000) / 100m;
            Send(new CustomerEvent($"r{i}", "refunded_order", profile, order.OccurredAtMs + random.NextInt64(3 * History.HourMs), amount, Refunds: order.Id));
        }
        return [.. arrivals.OrderBy(a => a.AtMs)];

        void Send(CustomerEvent e)
        {
            arrivals.Add((e.OccurredAtMs + random.NextInt64(6 * History.HourMs), e));
            if (random.Next(3) == 0) arrivals.Add((arrivals[^1].AtMs + random.NextInt64(History.HourMs, 48 * History.HourMs), e));
        }
    }

    [Fact]
    public async Task A_clock_that_jumps_an_hour_to_and_fro_never_turns_a_membership_back()
    {
        foreach (var seed in Seeds.Take(4))
        {
            output.WriteLine($"SEED={seed}");
            await using var plane = await DataPlane.OpenAsync(redis.Configuration, options: Tight);
            plane.DeclareShop();
            await plane.DrainAsync();
            var history = new History(seed, new HistoryShape(LongestWaitMs: 5 * History.HourMs));
            var latestMs = plane.Clock.NowMs;
            for (var step = 0; step < 120; step++)
            {
                await history.StepAsync(plane);
                if (history.Random.Next(5) == 0) Jump(plane, history.Random.Next(2) == 0 ? History.HourMs : -History.HourMs);
                for (var turns = history.Random.Next(3); turns > 0; turns--) await plane.TurnAsync(history.Random.Next(plane.PartitionCount));
                latestMs = Math.Max(latestMs, plane.Clock.NowMs);
                if (step % 40 != 39) continue;

                // Until it is as late again as it was once, time stands still.
                if (plane.Clock.NowMs < latestMs) Jump(plane, latestMs - plane.Clock.NowMs);
                await plane.DrainAsync();
                await Oracle.ShouldAgreeAsync(plane, $"SEED={seed} step {step}");
            }
            foreach (var name in plane.Segments.Keys)
            {
                foreach (var moves in (await Oracle.OutboxAsync(plane, name)).GroupBy(f => f.Profile))
                    moves.Select(m => m.AtMs).ShouldBeInOrder(SortDirection.Ascending, $"SEED={seed} {name} {moves.Key}");
            }
        }
    }

    private static void Jump(DataPlane plane, long ms) => plane.Clock.MoveTo(plane.Clock.Now.AddMilliseconds(ms));

    [Theory]
    [InlineData("2025-03-30", "2025-03-29T23:00:00Z", "2025-03-30T22:00:00Z", 23)]
    [InlineData("2025-10-26", "2025-10-25T22:00:00Z", "2025-10-26T23:00:00Z", 25)]
    public async Task A_day_of_the_segments_zone_is_as_long_as_its_clocks_make_it(string day, string begins, string ends, int hours)
    {
        var (fromMs, untilMs) = (Ms(begins), Ms(ends));
        (untilMs - fromMs).ShouldBe(hours * History.HourMs, day);
        await using var plane = await DataPlane.OpenAsync(redis.Configuration, partitions: 1, options: Tight);
        plane.Declare("today", Spec("""{"timeZone":"Europe/Berlin","match":{"event":{"name":"placed_order","calendar":"today"}}}"""));
        plane.Declare("three-days", Spec("""{"timeZone":"Europe/Berlin","match":{"event":{"name":"placed_order","calendar":"last 3 days"}}}"""));
        plane.Time.Advance(fromMs - plane.Clock.NowMs - 1);
        await plane.DrainAsync();

        // One order in the last millisecond before the day, and one every half an hour of it.
        await OrderAsync("before");
        plane.Time.Advance(1);
        for (; plane.Clock.NowMs < untilMs; plane.Time.Advance(History.HourMs / 2)) await OrderAsync($"at-{plane.Clock.NowMs}");
        await plane.DrainAsync();

        var moves = await Oracle.OutboxAsync(plane, "today");
        moves.Single(m => !m.Enters && m.Profile == "before").AtMs.ShouldBe(fromMs, "it was yesterday's");
        moves.Where(m => !m.Enters && m.Profile != "before").Select(m => m.AtMs).Distinct().ShouldBe([untilMs], "all of the day's leave when it ends");
        moves.Count(m => !m.Enters).ShouldBe((2 * hours) + 1);
        plane.Time.Advance(5 * DayMs);
        await plane.DrainAsync();
        await PartitionPropertyTests.FlipsShouldBeExactAsync(plane, day);
        await Oracle.ShouldAgreeAsync(plane, day);

        Task OrderAsync(string profile) => plane.AppendAsync(new CustomerEvent("o-" + profile, "placed_order", profile, plane.Clock.NowMs, 1m));
    }

    [Fact]
    public async Task A_profile_of_a_million_events_is_bounded_and_exact_for_what_its_latest_tell()
    {
        const int Most = 2_000;
        const int PerEntry = 500;
        var entries = Environment.GetEnvironmentVariable("TEST_LONG") == "1" ? 2_000 : 120;
        await using var plane = await DataPlane.OpenAsync(redis.Configuration, partitions: 1, options: new() { EventsPerName = Most, CachedOccurrences = 1 });
        plane.Declare("busy", Shop.Spec(Shop.Orders(within: "10m", count: new() { Gte = 600 })));
        plane.Declare("steady", Shop.Spec(Shop.Orders(within: "30m", count: new() { Between = [1_700, 1_800] })));
        await plane.DrainAsync();
        var seed = Seeds.Take(1).Single();
        output.WriteLine($"SEED={seed}");
        var random = new Random(seed);
        var timesMs = new List<long>();
        for (var entry = 0; entry < entries; entry++)
        {
            // About one a second, out of order within an entry, with a rest now and then.
            var fromMs = plane.Clock.NowMs;
            plane.Time.Advance((PerEntry * 1_000) + (random.Next(8) == 0 ? random.Next(300_000) : 0));
            var events = Enumerable.Range(0, PerEntry).Select(i => new CustomerEvent($"e{entry}-{i}", "placed_order", "ada", fromMs + random.Next(PerEntry * 1_000), 1m)).ToArray();
            timesMs.AddRange(events.Select(e => e.OccurredAtMs));
            timesMs.RemoveRange(0, Math.Max(0, timesMs.Count - (2 * Most)));
            await plane.AppendAsync(events);
            if (random.Next(20) == 0) await plane.TakeOverAsync();
            await plane.DrainAsync();

            var nowMs = plane.Clock.NowMs;
            (await IsMemberAsync("busy")).ShouldBe(CountWithin(10) >= 600, $"SEED={seed} entry {entry}");
            (await IsMemberAsync("steady")).ShouldBe(CountWithin(30) is >= 1_700 and <= 1_800, $"SEED={seed} entry {entry}");

            int CountWithin(int minutes) => timesMs.Count(ms => ms > nowMs - (minutes * 60_000L) && ms <= nowMs);
        }
        var kept = await plane.Redis.Database.SortedSetLengthAsync(Keys.Events(Keys.Partition(plane.Name, 0), "ada", "placed_order"));
        kept.ShouldBeInRange(Most, Most + (Most / 10));
        (await Oracle.OutboxAsync(plane, "busy")).Count.ShouldBeGreaterThan(0);

        async Task<bool> IsMemberAsync(string segment) => (await Oracle.MembersAsync(plane, segment, plane.Workspace.Catalog.Segments[segment].Serving!.Revision)).ContainsKey("ada");
    }

    private static long Ms(string instant) => DateTimeOffset.Parse(instant, null).ToUnixTimeMilliseconds();

    private static SegmentSpec Spec(string json) => JsonSerializer.Deserialize(json, ResourcesJson.Default.SegmentSpec)!;
}
