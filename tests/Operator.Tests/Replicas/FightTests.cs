using Segmentation.Operator.Tests.Http;
using Segmentation.Operator.Tests.Redis;
using Xunit.Abstractions;

namespace Segmentation.Operator.Tests.Replicas;

/// <summary>
/// Replicas as real processes on a real Redis that come, go, crash, sleep and fight, while orders arrive: every order counts once. SEED replays the
/// chance in it; TEST_LONG=1 makes it last minutes.
/// </summary>
[Collection(FightRedis.Name)]
public sealed class FightTests(FightRedis.Server server, ITestOutputHelper output)
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("TEST_LONG") == "1" ? 120 : 15);

    // One takes a partition, the other one, and the first one again.
    private const int BothHaveLostIt = 3;

    private static long NowMs => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public async Task Whatever_replicas_do_every_order_counts_once()
    {
        var load = new OrderLoad(output);
        var random = load.Random;
        await using var group = await ReplicaGroup.StartAsync(server.Redis.Configuration, replicas: 3);
        using var stop = new CancellationTokenSource(Length, TimeProvider.System);
        var paused = new Dictionary<OperatorProcess, long>();
        var (killed, stopped, slept) = (0, 0, 0);
        while (!stop.IsCancellationRequested)
        {
            await load.SendSomeAsync(group);
            foreach (var replica in paused.Where(p => p.Value <= NowMs).Select(p => p.Key).ToArray()) await ContinueAsync(replica);
            var victim = group.Replicas[random.Next(group.Replicas.Count)];
            if (random.Next(12) == 0 && paused.Count < group.Replicas.Count - 1 && !paused.ContainsKey(victim)) await DisturbAsync(victim);
            foreach (var ended in await group.RemoveEndedAsync()) paused.Remove(ended);
            while (group.Replicas.Count < 3) await group.AddAsync();
        }
        foreach (var replica in paused.Keys.ToArray()) await ContinueAsync(replica);

        await group.ShouldAgreeAsync("after the last of it");
        await Eventually.HoldsAsync(group.IsSharedOutAsync, "every partition has one owner");
        output.WriteLine($"killed {killed}, stopped {stopped}, paused {slept} times");
        foreach (var replica in group.Replicas) replica.Log.ShouldNotContain("a turn failed");

        async Task ContinueAsync(OperatorProcess replica)
        {
            paused.Remove(replica);
            await replica.SignalAsync("CONT");
        }

        async Task DisturbAsync(OperatorProcess replica)
        {
            switch (random.Next(4))
            {
                case 0:
                    killed++;
                    await group.RemoveAsync(replica); // SIGKILL
                    break;
                case 1:
                    stopped++;
                    await replica.SignalAsync("TERM");
                    await replica.WaitForExitAsync();
                    break;
                default:
                    slept++;
                    await replica.SignalAsync("STOP");
                    paused[replica] = NowMs + random.Next(200, 7_000); // some past the lease, some not
                    break;
            }
        }
    }

    [Fact]
    public async Task Two_replicas_that_know_nothing_of_each_other_fight_for_every_partition_and_every_order_counts_once()
    {
        var load = new OrderLoad(output);
        await using var group = await ReplicaGroup.StartAsync(server.Redis.Configuration, replicas: 2, servers: 2);
        using var stop = new CancellationTokenSource(Length, TimeProvider.System);
        while (!stop.IsCancellationRequested || (await group.EpochsAsync()).Min() < BothHaveLostIt) await load.SendSomeAsync(group);

        double[] fenced = [];
        await Eventually.HoldsAsync(
            async () => (fenced = await Task.WhenAll(group.Replicas.Select(replica => replica.MetricAsync("segmentation_partition_fenced_total")))).Min() >= ReplicaGroup.Partitions,
            "both have noticed that they lost every partition to the other");
        output.WriteLine($"fenced: {string.Join(", ", fenced)}");

        // Each loss doubles the wait: far fewer than the turns that they took.
        await group.RemoveAsync(group.Replicas[0]);
        await group.ShouldAgreeAsync("after the fight");
    }
}

/// <summary>A server for tests that use all of it.</summary>
public static class FightRedis
{
    public const string Name = "a redis to fight on";

    public sealed class Server : IAsyncLifetime
    {
        public RedisServer Redis { get; } = new();

        public Task InitializeAsync() => Redis.InitializeAsync();

        public Task DisposeAsync() => Redis.DisposeAsync();
    }

    [CollectionDefinition(Name)]
    public sealed class Definition : ICollectionFixture<Server>;
}
