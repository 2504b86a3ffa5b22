using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Partitions;
using Segmentation.Operator.Tests.Redis;
using Segmentation.Operator.Tests.Replicas;
using Xunit.Abstractions;

namespace Segmentation.Operator.Tests.Cluster;

/// <summary>Real processes of the operator on a real cluster whose slots and masters change while orders arrive: every order counts once.</summary>
public sealed class ClusterFaultTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly RedisCluster _cluster = new(replicasOfEach: 1);

    public Task InitializeAsync() => _cluster.InitializeAsync();

    public Task DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Slots_move_from_node_to_node_under_load()
    {
        await using var group = await ReplicaGroup.StartAsync(_cluster.Configuration, replicas: 2);
        var load = new OrderLoad(output);
        for (var i = 0; i < 2; i++)
        {
            var (from, to) = (_cluster.Nodes[i], _cluster.Nodes[(i + 1) % RedisCluster.MasterCount]);
            var resharding = RedisCluster.ReshardAsync(from, to);
            while (!resharding.IsCompleted) await load.SendSomeAsync(group);
            await resharding;
            output.WriteLine($"{load.Sent} orders sent");
        }
        await group.ShouldAgreeAsync("after two thirds of the slots have moved");
    }

    [Fact]
    public async Task Replicas_become_masters_under_load()
    {
        await using var group = await ReplicaGroup.StartAsync(_cluster.Configuration, replicas: 2);
        var load = new OrderLoad(output);
        for (var i = 0; i <= RedisCluster.MasterCount; i++)
        {
            // Each replica takes over, then a former master takes its slots back.
            var candidate = _cluster.Nodes[(i + RedisCluster.MasterCount) % (2 * RedisCluster.MasterCount)];
            await _cluster.FailOverAsync(candidate);
            var began = TimeProvider.System.GetTimestamp();
            await Eventually.HoldsAsync(
                async () =>
                {
                    await load.SendSomeAsync(group);
                    return (await candidate.CommandAsync("ROLE")).StartsWith("master", StringComparison.Ordinal);
                },
                "it is a master");
            await load.SendSomeAsync(group);
            output.WriteLine($"{load.Sent} orders sent, {TimeProvider.System.GetElapsedTime(began)}");
        }
        await group.ShouldAgreeAsync("after four failovers");
    }

    [Fact]
    public async Task A_master_dies_whose_replica_had_everything()
    {
        await using var group = await ReplicaGroup.StartAsync(_cluster.Configuration, replicas: 2);
        var load = new OrderLoad(output);
        for (var i = 0; i < 20; i++) await load.SendSomeAsync(group);
        await group.ShouldAgreeAsync("before");
        var victim = _cluster.Nodes[0];
        (await victim.CommandAsync("WAIT", "1", "60000")).Trim().ShouldBe("1");

        await victim.KillAsync();
        await _cluster.Nodes[RedisCluster.MasterCount].CommandAsync("CLUSTER", "FAILOVER", "TAKEOVER");
        var killed = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < RedisCluster.MasterCount * 10; i++) await load.SendSomeAsync(group);
        output.WriteLine($"30 requests of orders were acknowledged within {TimeProvider.System.GetElapsedTime(killed)}");
        await group.ShouldAgreeAsync("after its replica has taken over");
    }

    [Fact]
    public async Task Nothing_is_read_from_a_replica_which_may_lag_behind()
    {
        var redis = await DataPlane.ConnectAsync(_cluster.Configuration, partitions: 1, TimeSpan.FromSeconds(2));
        var store = new PartitionStore(redis, "acme", 0);
        (await store.AcquireAsync("me", "")).ShouldNotBeNull();
        var holder = await _cluster.HolderAsync(Keys.Owner(store.Prefix)!);
        (await holder.CommandAsync("WAIT", "1", "60000")).Trim().ShouldBe("1");

        await holder.KillAsync();
        for (var i = 0; i < 20; i++)
        {
            await Should.ThrowAsync<StoreUnavailableException>(store.OwnerAsync());
            await Should.ThrowAsync<StoreUnavailableException>(store.LoadAsync(["ada"], []));
            await Should.ThrowAsync<StoreUnavailableException>(store.EarliestDueAsync(1));
        }
        await redis.StopAsync(CancellationToken.None);
        redis.Dispose();
    }
}
