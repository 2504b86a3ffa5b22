using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Redis;
using Segmentation.Operator.Workspaces;
using Xunit.Abstractions;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>What is forgotten changes nothing that a definition asked for, and what one profile can hold is bounded.</summary>
[Collection(SharedRedis.Name)]
public sealed class RetentionTests(RedisServer redis, ITestOutputHelper output)
{
    private const long DayMs = 24 * History.HourMs;

    private static readonly DataPlaneOptions Tight = new() { EntriesPerTurn = 2, DuePerTurn = 2, BackfillPerTurn = 3, CachedOccurrences = 1 };
    private static readonly string[] Bounded = ["frequent", "spenders", "between-orders", "cheap-average", "dear-maximum", "germans", "silent-germans", "best"];

    [Theory]
    [InlineData("bounded")]
    [InlineData("all")]
    public async Task With_and_without_retention_everybody_moves_at_the_same_instants(string definitions)
    {
        foreach (var seed in Seeds.Take(4))
        {
            output.WriteLine($"SEED={seed} {definitions}");
            var (forever, everything) = await RunAsync(seed, definitions, new RetentionOptions());
            var (retained, left) = await RunAsync(seed, definitions, KeepAll(TimeSpan.FromHours(1)));
            retained.ShouldBe(forever, $"SEED={seed} {definitions}");
            left.ShouldBeLessThan(everything, $"SEED={seed} {definitions}: something was forgotten");
        }
    }

    [Fact]
    public async Task An_event_stays_as_long_as_a_rule_of_its_name_or_a_definition_wants_it()
    {
        await using var plane = await OpenAsync(KeepAll(TimeSpan.FromDays(2)));
        plane.Declare("recent", Shop.Spec(Shop.Orders(within: "5d")));
        await plane.AppendAsync(Event(plane, "o1", "placed_order"), Event(plane, "v1", "viewed"));
        await plane.DrainAsync();

        await AdvanceAsync(plane, (2 * DayMs) - 1);
        (await CountAsync(plane, "placed_order"), await CountAsync(plane, "viewed")).ShouldBe((1, 1));
        await AdvanceAsync(plane, DayMs);
        (await CountAsync(plane, "placed_order"), await CountAsync(plane, "viewed")).ShouldBe((1, 0));
        await AdvanceAsync(plane, 3 * DayMs);
        (await CountAsync(plane, "placed_order"), await CountAsync(plane, "viewed")).ShouldBe((0, 0));

        ((string?)await plane.Redis.Database.HashGetAsync(Keys.Profile(Keys.Partition(plane.Name, 0), "ada"), "names")).ShouldBe("");
        await plane.TakeOverAsync();
        await plane.DrainAsync();
        (await Oracle.OutboxAsync(plane, "recent")).Count.ShouldBe(2, "came and went, once");
    }

    [Fact]
    public async Task A_definition_that_asks_for_more_than_is_kept_says_from_when_on_it_is_exact()
    {
        await using var plane = await OpenAsync(KeepAll(TimeSpan.FromDays(1)));
        plane.Declare("recent", Shop.Spec(Shop.Orders(within: "2d")));
        var orderedMs = plane.Clock.NowMs;
        await plane.AppendAsync(Event(plane, "o1", "placed_order"));
        await plane.DrainAsync();
        await AdvanceAsync(plane, 3 * DayMs);
        Missing(plane, "recent").ShouldBeNull();

        plane.Declare("lately", Shop.Spec(Shop.Orders(within: "10d")));
        plane.Declare("ever", Shop.Spec(Shop.Orders()));
        await plane.DrainAsync();
        Missing(plane, "recent").ShouldBeNull();
        Missing(plane, "lately").ShouldBe(new("placed_order", orderedMs + 1, orderedMs + (10 * DayMs)));
        Missing(plane, "ever").ShouldBe(new("placed_order", orderedMs + 1, Verdict.Never));
        await plane.TakeOverAsync();
        await plane.DrainAsync();
        Missing(plane, "lately").ShouldNotBeNull("a new owner knows it, too");

        await plane.AppendAsync(Event(plane, "o1", "placed_order") with { OccurredAtMs = orderedMs });
        await AdvanceAsync(plane, 1);
        (await Oracle.OutboxAsync(plane, "lately")).Count.ShouldBe(1, "what is sent again is kept for those that ask for it now");
        await AdvanceAsync(plane, orderedMs + (10 * DayMs) - 1 - plane.Clock.NowMs);
        Missing(plane, "lately").ShouldNotBeNull();
        await AdvanceAsync(plane, 1);
        Missing(plane, "lately").ShouldBeNull();
    }

    [Theory]
    [InlineData("acme", "placed_order", 1.0)]
    [InlineData("other", "placed_order", 2.0)]
    [InlineData("acme", "viewed", 3.0)]
    [InlineData("other", "viewed", 4.0)]
    public void The_rule_that_says_most_of_an_event_holds(string workspace, string eventName, double days)
    {
        var options = KeepAll(TimeSpan.FromDays(4));
        options.Rules.Add(new RetentionRule { Workspace = "acme", Keep = TimeSpan.FromDays(3) });
        options.Rules.Add(new RetentionRule { Event = "placed_order", Keep = TimeSpan.FromDays(2) });
        options.Rules.Add(new RetentionRule { Workspace = "acme", Event = "placed_order", Keep = TimeSpan.FromDays(1) });

        options.KeepMs(workspace, eventName).ShouldBe((long)(days * DayMs));
        new RetentionOptions().KeepMs(workspace, eventName).ShouldBeNull();
    }

    [Fact]
    public async Task A_profile_of_very_many_events_keeps_the_latest_and_holds_nobody_up()
    {
        const int Most = 100_000;
        await using var plane = await OpenAsync(new RetentionOptions(), new DataPlaneOptions { EventsPerName = Most, CachedOccurrences = 1 });
        plane.Declare("many", Shop.Spec(Shop.Orders(within: "100d", count: new() { Gte = Most })));
        plane.Declare("buyers", Shop.Spec(Shop.Orders()));
        await plane.DrainAsync();
        for (var request = 0; request < 400; request++)
        {
            plane.Time.Advance(1000);
            await plane.AppendAsync([.. Enumerable.Range(0, 500).Select(i => Event(plane, $"e{request}-{i}", "placed_order"))]);
            if (request % 40 == 0) await plane.AppendAsync(Event(plane, $"b{request}", "placed_order", $"bob-{request}"));
        }

        // Who comes behind a third of it is served when that third is, not after all.
        for (var turns = 0; turns < 400 && !(await MembersAsync(plane, "buyers")).Contains("bob-120"); turns++) await plane.TurnAsync(0);
        (await CountAsync(plane, "placed_order")).ShouldBeLessThan(Most);
        await plane.DrainAsync();

        (await CountAsync(plane, "placed_order")).ShouldBeInRange(Most, Most + (Most / 10));
        (await MembersAsync(plane, "many")).ShouldBe(["ada"], "a count of no more than are kept is exact");
        (await MembersAsync(plane, "buyers")).Length.ShouldBe(11);
        plane.Time.Advance(100 * DayMs);
        await plane.DrainAsync();
        (await MembersAsync(plane, "many")).ShouldBeEmpty();
    }

    private async Task<(string Moves, long EventsLeft)> RunAsync(int seed, string definitions, RetentionOptions retention)
    {
        await using var plane = await DataPlane.OpenAsync(redis.Configuration, options: Tight, retention: retention);
        foreach (var (name, spec) in Shop.Policies) plane.Declare(name, spec);
        foreach (var (name, spec) in Shop.Segments.Where(s => definitions == "all" || Bounded.Contains(s.Key))) plane.Declare(name, spec);
        await plane.DrainAsync();
        var history = new History(seed, new HistoryShape(Profiles: 12, Duplicates: 0.2, LongestWaitMs: 3 * DayMs, DuplicatesMove: false));
        var turns = new Random(seed);
        for (var step = 0; step < 150; step++)
        {
            await history.StepAsync(plane);
            for (var n = turns.Next(4); n > 0; n--) await plane.TurnAsync(turns.Next(plane.PartitionCount));
            if (turns.Next(30) == 0) await plane.TakeOverAsync();
        }
        await plane.DrainAsync();
        await Oracle.ShouldAgreeAsync(plane, $"SEED={seed} {definitions}");
        plane.Time.Advance(2 * History.HourMs);
        await plane.DrainAsync();

        var lines = new List<string>();
        foreach (var (name, entry) in plane.Workspace.Catalog.Segments)
        {
            lines.AddRange((await Oracle.OutboxAsync(plane, name)).Select(flip => $"{name} {flip}"));
            lines.AddRange((await Oracle.MembersAsync(plane, name, entry.Serving!.Revision)).Select(member => $"{name} {member}"));
        }
        return (string.Join('\n', lines.Order(StringComparer.Ordinal)), await EventsAsync(plane));
    }

    private static async Task<long> EventsAsync(DataPlane plane)
    {
        var count = 0L;
        for (var p = 0; p < plane.PartitionCount; p++)
        {
            foreach (var key in await Dump.KeysAsync(plane.Redis.Database, Keys.Partition(plane.Name, p) + "events:"))
                count += await plane.Redis.Database.SortedSetLengthAsync(key);
        }
        return count;
    }

    private async Task<DataPlane> OpenAsync(RetentionOptions retention, DataPlaneOptions? options = null) =>
        await DataPlane.OpenAsync(redis.Configuration, partitions: 1, options: options, retention: retention);

    private static RetentionOptions KeepAll(TimeSpan keep)
    {
        var options = new RetentionOptions { Interval = TimeSpan.FromHours(1) };
        options.Rules.Add(new RetentionRule { Keep = keep });
        return options;
    }

    private static async Task AdvanceAsync(DataPlane plane, long ms)
    {
        plane.Time.Advance(ms);
        await plane.DrainAsync();
    }

    private static MissingEvents? Missing(DataPlane plane, string segment) =>
        plane.Workspace.MissingFor(plane.Workspace.Compiled!.Segments[segment].Definition!.Dependencies);

    private static Task<long> CountAsync(DataPlane plane, string name) =>
        plane.Redis.Database.SortedSetLengthAsync(Keys.Events(Keys.Partition(plane.Name, 0), "ada", name));

    private static async Task<string[]> MembersAsync(DataPlane plane, string segment) =>
        [.. (await Oracle.MembersAsync(plane, segment, plane.Workspace.Catalog.Segments[segment].Serving!.Revision)).Keys];

    private static CustomerEvent Event(DataPlane plane, string id, string name, string profile = "ada") => new(id, name, profile, plane.Clock.NowMs, 30m);
}
