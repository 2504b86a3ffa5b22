using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Partitions;
using Segmentation.Operator.Tests.Redis;
using Segmentation.Operator.Tests.Replicas;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace Segmentation.Operator.Tests.Simulation;

/// <summary>What the simulations rest on: asked the same, a real Redis with the Lua scripts and the simulated store answer the same and hold the same.</summary>
[Collection(SharedRedis.Name)]
public sealed class ConformanceTests(RedisServer redis, ITestOutputHelper output)
{
    private const int Steps = 200;

    private static readonly DataPlaneOptions Tight = new() { EntriesPerTurn = 2, DuePerTurn = 2, BackfillPerTurn = 3, CachedOccurrences = 1 };

    [Fact]
    public async Task The_simulated_store_answers_and_holds_what_a_real_one_does()
    {
        foreach (var seed in Seeds.Take(2))
        {
            output.WriteLine($"SEED={seed}");
            using var real = await DataPlane.ConnectAsync(redis.Configuration, partitions: 2);
            var store = new SimulatedStore();
            var simulated = SimulatedDatabase.Over(store, new DirectLink(), new SimulatedScripts(store).Run);
            var options = Options.Create(new RedisOptions { Partitions = 2, CommandTimeout = TimeSpan.FromSeconds(60) });
            using var mirrored = new RedisConnection(options, NullLogger<RedisConnection>.Instance, MirroredClient.Over(real.Database, simulated, store));
            await using var plane = await DataPlane.OpenAsync(mirrored, "ws-" + Guid.NewGuid().ToString("N")[..10], seed % 2 == 0 ? Tight : null, sharedAs: SharedPlane.Leader);
            var shared = new SharedPlane(plane);
            var history = new History(seed, new HistoryShape());
            plane.DeclareShop();
            foreach (var (name, spec) in Shop.AskingOfThePast) plane.Declare(name, spec);
            for (var step = 0; step < Steps; step++) await StepAsync(shared, history);
            await Eventually.SucceedsAsync<OutOfStepException>(shared.DrainAsync); // an intruder may have committed last

            await ShouldHoldTheSameAsync(plane.Name, real.Database, store, $"SEED={seed}");
        }
    }

    private static async Task StepAsync(SharedPlane shared, History history)
    {
        var (plane, random) = (shared.Plane, history.Random);
        await history.StepAsync(plane);
        if (random.Next(8) == 0) await plane.MergeAsync(history.NextProfile(), history.NextProfile());
        if (random.Next(10) == 0) PartitionPropertyTests.ChangeDefinition(plane, random);
        if (random.Next(3) == 0) await plane.PlanIfWantedAsync();
        if (random.Next(12) == 0 && shared.Followers.Count < 2) await shared.AddAsync();
        if (random.Next(20) == 0 && shared.Followers.Count > 0) shared.Crash(shared.Followers[0]);
        if (random.Next(20) == 0) await plane.OpenAgainAsync();
        if (random.Next(3) == 0) shared.Look(random.Next(shared.Followers.Count + 1));
        foreach (var follower in shared.Followers.Where(_ => random.Next(3) == 0).ToArray()) await shared.FollowAsync(follower);
        if (random.Next(4) == 0) shared.Report();
        if (random.Next(8) == 0) await IntrudeAsync(plane, random);
        for (var turns = random.Next(8); turns > 0; turns--)
        {
            try
            {
                await shared.TurnAsync(random.Next(shared.Followers.Count + 1), random.Next(plane.PartitionCount));
            }
            catch (OutOfStepException)
            {
                // An intruder has committed.
            }
        }
        foreach (var slot in plane.Workspace.Slots.Where(_ => random.Next(4) == 0)) await slot.Partition.HasWorkAsync();
    }

    // Asks what an owner asks that is not one any more, or is out of step, and what finds the log full.
    private static async Task IntrudeAsync(DataPlane plane, Random random)
    {
        var store = new PartitionStore(plane.Redis, plane.Name, random.Next(plane.PartitionCount));
        var owner = await plane.Redis.Database.HashGetAsync(Keys.Owner(store.Prefix), ["epoch", "seq", "offset", "clock"]);
        var (epoch, sequence) = ((long)owner[0] - random.Next(2), (long)owner[1] - random.Next(2));
        var offset = (string?)owner[2] ?? "0-0";
        var batch = new CommitBatch();
        batch.AddProfile("intruder");
        try
        {
            if (random.Next(3) == 0) await store.ActivateAsync(epoch - 1, "frequent", null, plane.Clock.NowMs, tellAudiences: true, FlipCause.Deletion);
            else if (random.Next(3) == 0) await store.ReleaseAsync(epoch);
            else await store.CommitAsync(batch, epoch, sequence, random.Next(4) == 0 ? "1-1" : offset, offset, (long)owner[3]);
        }
        catch (Exception e) when (e is FencedException or OutOfStepException)
        {
        }

        var longest = plane.Redis.Options.MaxLogLength;
        plane.Redis.Options.MaxLogLength = 0;
        (await plane.Log.AppendErasureAsync(store.Prefix, plane.Clock.NowMs, "nobody")).ShouldBeFalse();
        plane.Redis.Options.MaxLogLength = longest;
    }

    private static async Task ShouldHoldTheSameAsync(string workspace, IDatabase real, SimulatedStore store, string because)
    {
        var keys = (await RedisServer.EverywhereAsync(real, "KEYS", "{" + workspace + "*")).SelectMany(some => some.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Order(StringComparer.Ordinal).ToArray();
        store.Keys.Order(StringComparer.Ordinal).ToArray().ShouldBe(keys, because);
        keys.Length.ShouldBeGreaterThan(100, because);
        foreach (var key in keys) store.Lines(key).ToArray().ShouldBe(await LinesAsync(real, key), $"{because}: {key}");
    }

    private static async Task<string[]> LinesAsync(IDatabase real, string key) => (await real.ExecuteAsync("TYPE", key)).ToString() switch
    {
        "hash" => [.. (await real.HashGetAllAsync(key)).Select(entry => $"{entry.Name}: {entry.Value}").Order(StringComparer.Ordinal)],
        "zset" => Array.ConvertAll(await real.SortedSetRangeByRankWithScoresAsync(key), entry => $"{SimulatedStore.Text(entry.Score)} {entry.Element}"),
        "stream" => Array.ConvertAll((RedisResult[])(await real.ExecuteAsync("XRANGE", key, "-", "+"))!, entry => string.Join(' ', (RedisValue[])((RedisResult[])entry!)[1]!)),
        var type => throw new NotSupportedException($"{key} is a {type}."),
    };
}
