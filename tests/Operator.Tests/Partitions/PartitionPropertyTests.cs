using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Redis;
using Segmentation.Resources;
using Xunit.Abstractions;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>Random histories against brute force; every failure names its seed, and SEED replays it.</summary>
[Collection(SharedRedis.Name)]
public class PartitionPropertyTests(RedisServer redis, ITestOutputHelper output)
{
    // Small enough that every bound of a turn is met all the time, and the cache too small for the profiles.
    private static readonly DataPlaneOptions Tight = new() { EntriesPerTurn = 2, DuePerTurn = 2, BackfillPerTurn = 3, CachedOccurrences = 1 };
    private static readonly DataPlaneOptions Roomy = new();

    public static TheoryData<string> Profiles => ["mixed", "late", "future", "duplicates", "waits", "crowd"];

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Members_due_times_tallies_and_outboxes_agree_with_brute_force(string profile)
    {
        foreach (var seed in Seeds.Take(3))
        {
            output.WriteLine($"SEED={seed} profile={profile}");
            await using var plane = await DataPlane.OpenAsync(redis.Configuration, options: profile == "crowd" ? Roomy : Tight);
            plane.IsFollowed = IsEven;
            plane.DeclareShop();
            await plane.DrainAsync();
            var history = new History(seed, ShapeOf(profile));
            for (var step = 0; step < 120; step++)
            {
                await history.StepAsync(plane);
                for (var turns = history.Random.Next(3); turns > 0; turns--) await plane.TurnAsync(history.Random.Next(plane.PartitionCount), eventsFirst: history.Random.Next(2) == 0);
                if (step % 40 != 39) continue;
                await plane.DrainAsync();
                await Oracle.ShouldAgreeAsync(plane, $"SEED={seed} profile={profile} step {step}");
            }
            await FlipsShouldBeExactAsync(plane, $"SEED={seed} profile={profile}");
            await plane.TakeOverAsync();
            await plane.DrainAsync();
            await FlipsShouldBeExactAsync(plane, $"SEED={seed} profile={profile}, from the store");
        }
    }

    [Fact]
    public async Task Definitions_may_change_at_any_point_of_a_history()
    {
        foreach (var seed in Seeds.Take(6))
        {
            output.WriteLine($"SEED={seed}");
            await using var plane = await DataPlane.OpenAsync(redis.Configuration, options: Tight);
            plane.IsFollowed = IsEven;
            var history = new History(seed, new HistoryShape());
            for (var step = 0; step < 150; step++)
            {
                await history.StepAsync(plane);
                if (history.Random.Next(8) == 0) ChangeDefinition(plane, history.Random);
                if (history.Random.Next(3) == 0) await plane.PlanIfWantedAsync();
                for (var turns = history.Random.Next(4); turns > 0; turns--) await plane.TurnAsync(history.Random.Next(plane.PartitionCount), eventsFirst: history.Random.Next(2) == 0);
                if (step % 50 != 49) continue;
                await ResumeAndSettleAsync(plane);
                await Oracle.ShouldAgreeAsync(plane, $"SEED={seed} step {step}");
            }
        }
    }

    [Fact]
    public async Task The_same_log_gives_the_same_members_whatever_the_turns()
    {
        foreach (var seed in Seeds.Take(3))
        {
            output.WriteLine($"SEED={seed}");
            var first = await RunAsync(seed, Tight, turnSeed: 1);
            var second = await RunAsync(seed, Roomy, turnSeed: 2);
            var third = await RunAsync(seed, new DataPlaneOptions { EntriesPerTurn = 7, DuePerTurn = 1, BackfillPerTurn = 1, CachedOccurrences = 1 }, turnSeed: 3);
            second.ShouldBe(first, $"SEED={seed}");
            third.ShouldBe(first, $"SEED={seed}");
        }
    }

    private async Task<string> RunAsync(int seed, DataPlaneOptions options, int turnSeed)
    {
        await using var plane = await DataPlane.OpenAsync(redis.Configuration, options: options);
        plane.IsFollowed = IsEven;
        plane.DeclareShop();
        await plane.DrainAsync();
        var history = new History(seed, new HistoryShape());
        var turns = new Random(turnSeed);
        for (var step = 0; step < 100; step++)
        {
            await history.StepAsync(plane);
            for (var n = turns.Next(3); n > 0; n--) await plane.TurnAsync(turns.Next(plane.PartitionCount), eventsFirst: turns.Next(2) == 0);
        }
        await plane.DrainAsync();
        var lines = new List<string>();
        foreach (var (name, entry) in plane.Workspace.Catalog.Segments)
        {
            foreach (var (id, joinedAtMs) in await Oracle.MembersAsync(plane, name, entry.Serving!.Revision)) lines.Add($"{name} {id} {joinedAtMs}");
        }
        foreach (var id in Oracle.Replay(plane).Keys)
        {
            var key = Keys.Profile(Keys.Partition(plane.Name, PartitionHash.Of(id, plane.PartitionCount)), id);
            lines.Add($"{id} {string.Join(' ', await plane.Redis.Database.HashGetAsync(key, ["props", "changes"]))}");
        }
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    /// <summary>Every move, its instant and its cause are as worked out by hand; so are the 24-hour numbers and every joined-at.</summary>
    internal static async Task FlipsShouldBeExactAsync(DataPlane plane, string because)
    {
        var compiled = Oracle.Compile(plane);
        foreach (var (name, entry) in plane.Workspace.Catalog.Segments)
        {
            var expected = new FlipOracle(compiled.Segments[name].Definition!).Run(plane);
            var told = plane.IsFollowed(name) ? await Oracle.OutboxAsync(plane, name) : [.. expected.SelectMany(moves => moves)];
            var actual = told.ToLookup(f => f.Profile);
            actual.Select(g => g.Key).Order(StringComparer.Ordinal).ToArray().ShouldBe(expected.Select(g => g.Key).Order(StringComparer.Ordinal).ToArray(), $"{because}: who moved in {name}");
            foreach (var moves in expected) actual[moves.Key].ToArray().ShouldBe(moves.ToArray(), $"{because}: moves of {moves.Key} in {name}");
            var members = await Oracle.MembersAsync(plane, name, entry.Serving!.Revision);
            foreach (var (id, joinedAtMs) in members) joinedAtMs.ShouldBe(expected[id].Last().AtMs, $"{because}: joined-at of {id} in {name}");

            var dayBegan = (plane.Clock.NowMs / 60_000) - (24 * 60);
            var recent = told.Where(f => f.AtMs / 60_000 > dayBegan).ToArray();
            var numbers = plane.Workspace.NumbersOf(name, entry.Serving.Revision);
            numbers.FlowWithin(TimeSpan.FromHours(24), plane.Clock.NowMs).ShouldBe(
                (recent.Count(f => f.Enters), recent.Count(f => !f.Enters)), $"{because}: moves of {name} within 24 hours");
            // The latest in order of commits, which across partitions is the latest of all.
            numbers.LastChangeMs.ShouldBe(told.Select(f => f.AtMs).DefaultIfEmpty(0).Max(), $"{because}: last change of {name}");
        }
    }

    // About half of the segments have an AudienceSync; the moves of the others are written another way.
    internal static bool IsEven(string segment) => segment.Length % 2 == 0;

    internal static void ChangeDefinition(DataPlane plane, Random random)
    {
        if (random.Next(6) == 0 || plane.Policies.Count == 0) plane.Declare("fixed", Shop.Policies["fixed"] with { Window = $"{random.Next(6, 12)}d" });
        var names = Shop.Segments.Keys.Order(StringComparer.Ordinal).ToArray();
        var name = names[random.Next(names.Length)];
        switch (random.Next(8))
        {
            case < 3: plane.Declare(name, Shop.Segments[name]); break;
            case < 5: plane.Declare(name, Shop.Spec(Shop.Orders(within: $"{random.Next(1, 9)}d"))); break;
            case 5: plane.Undeclare(name); break;
            case 6 when plane.Segments.TryGetValue(name, out var spec): plane.Declare(name, spec with { Suspend = !spec.Suspend }); break;
            case 7: plane.Declare(name, Shop.Spec(new ConditionSpec { Segment = new SegmentConditionSpec { Name = "nobody" } })); break;
        }
    }

    private static Task ResumeAndSettleAsync(DataPlane plane)
    {
        Resume(plane);
        return plane.DrainAsync();
    }

    /// <summary>Declares what can be compared: nothing suspended, nothing that cannot be compiled.</summary>
    internal static void Resume(DataPlane plane)
    {
        foreach (var (name, spec) in Shop.Policies) plane.Declare(name, spec);
        foreach (var (name, spec) in Shop.Segments)
        {
            var declared = plane.Segments.GetValueOrDefault(name) ?? spec;
            var refersToNobody = declared.Match.Segment is not null;
            plane.Declare(name, refersToNobody ? spec : declared with { Suspend = false });
        }
    }

    private static HistoryShape ShapeOf(string profile) => profile switch
    {
        "late" => new HistoryShape(Late: 0.95, Future: 0),
        "future" => new HistoryShape(Future: 0.8),
        "duplicates" => new HistoryShape(Duplicates: 0.6),
        "waits" => new HistoryShape(Profiles: 8, LongestWaitMs: 6 * 24 * History.HourMs),
        "crowd" => new HistoryShape(Profiles: 400, EventsPerRequest: 60),
        _ => new HistoryShape(Profiles: 60),
    };
}
