using Xunit.Abstractions;

namespace EndToEnd.Tests.Cluster;

/// <summary>Replicas share the partitions: each owns some, and what one leaves behind the others have soon.</summary>
[Collection(EnvironmentCollection.Name)]
public sealed class SharedPartitionsTests(LocalEnvironment environment, ITestOutputHelper output)
{
    private const int Partitions = 64;
    private const string Owned = "segmentation_partitions_owned";

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Every_replica_owns_a_share_and_the_others_take_it_over_when_it_is_killed_or_stops()
    {
        await using var workspace = await environment.NewWorkspaceAsync("shared");
        await workspace.ApplySegmentAsync("buyers", "{event: {name: placed_order}}");
        await workspace.BecomesReadyAsync("segment/buyers");

        // Were its Lease not deleted when it stops, it would count for ten minutes.
        var (killed, stopped) = (await environment.NewReplicaAsync("share-1"), await environment.NewReplicaAsync("share-2", new Dictionary<string, string>
        {
            ["Kubernetes__LeaderElection__LeaseDuration"] = "00:10:00",
            ["Kubernetes__LeaderElection__RenewDeadline"] = "00:05:00",
        }));
        using var ofKilled = new OperatorApi(killed);
        using var ofStopped = new OperatorApi(stopped);
        try
        {
            await Task.WhenAll(killed.StartAsync(), stopped.StartAsync());
            await SharedOutAsync(workspace, environment.Api, ofKilled, ofStopped);
            foreach (var replica in (OperatorApi[])[environment.Api, ofKilled, ofStopped])
            {
                // Each accepts; whose partition it is applies.
                var orders = Enumerable.Range(0, 100).Select(i => ShopEvent.Order($"p-{i}", Now)).ToArray();
                (await replica.PostAsync(workspace.Name, orders)).EnsureSuccessStatusCode();
                (await replica.MetricAsync(Owned, $"workspace=\"{workspace.Name}\"")).ShouldBeInRange(6, 42);
            }
            await workspace.CountsBecomeAsync(new Dictionary<string, long?> { ["buyers"] = 100 });
            (await ofKilled.MetricAsync("segmentation_events_applied_total", workspace.Name)).ShouldBeGreaterThan(0, "a replica that does not lead evaluates, too");
            await NothingWasTakenAwayAsync(workspace, environment.Api, ofKilled, ofStopped);

            var before = TimeProvider.System.GetTimestamp();
            await killed.KillAsync();
            await SharedOutAsync(workspace, environment.Api, ofStopped);
            output.WriteLine($"killed with a Lease of 6 s: taken over after {TimeProvider.System.GetElapsedTime(before).TotalSeconds:0.0} s");

            before = TimeProvider.System.GetTimestamp();
            await stopped.StopAsync();
            await SharedOutAsync(workspace, environment.Api);
            output.WriteLine($"stopped with a Lease of 600 s: taken over after {TimeProvider.System.GetElapsedTime(before).TotalSeconds:0.0} s, its end included");
            await workspace.SendAsync(Enumerable.Range(100, 100).Select(i => ShopEvent.Order($"p-{i}", Now)));
            await workspace.CountsBecomeAsync(new Dictionary<string, long?> { ["buyers"] = 200 });
            await NothingWasTakenAwayAsync(workspace, environment.Api);
        }
        finally
        {
            await Task.WhenAll(killed.StopAsync(), stopped.StopAsync());
        }
    }

    [Fact]
    public async Task Definitions_are_built_edited_and_deleted_by_all_replicas_together_and_audiences_hear_of_every_share()
    {
        using var receiver = new WebhookReceiver();
        await using var workspace = await environment.NewWorkspaceAsync("together");
        var second = await environment.NewReplicaAsync("share-3");
        using var ofSecond = new OperatorApi(second);
        try
        {
            await second.StartAsync();
            await workspace.ApplySegmentAsync("buyers", "{event: {name: placed_order}}");
            await workspace.ApplySyncAsync(receiver, "buyers");
            await workspace.BecomesReadyAsync("segment/buyers");
            await SharedOutAsync(workspace, environment.Api, ofSecond);
            await workspace.SendAsync(Enumerable.Range(0, 100).SelectMany(i => Enumerable.Range(0, i % 2 + 1).Select(n => new ShopEvent($"o-{i}-{n}", "placed_order", $"p-{i}", Now))));
            await workspace.CountsBecomeAsync(new Dictionary<string, long?> { ["buyers"] = 100 });
            await workspace.StatusBecomesAsync("audiencesync/crm", status => status.Number("synced") == 100, "told of the members in both shares");

            await workspace.ApplySegmentAsync("buyers", "{event: {name: placed_order, count: {gte: 2}}}");
            await workspace.ApplySegmentAsync("once", "{event: {name: placed_order, count: {eq: 1}}}");
            await workspace.CountsBecomeAsync(new Dictionary<string, long?> { ["buyers"] = 50, ["once"] = 50 });
            await workspace.StatusBecomesAsync("audiencesync/crm", status => status.Number("synced") == 150, "told who left");

            await workspace.KubectlAsync("delete", "segment", "once", "--timeout=60s");
            await Eventually.GetAsync(() => workspace.TracesInRedisAsync("once"), traces => traces.Count == 0, "nothing is left of it in either share");
            await workspace.KubectlAsync("delete", "segments,audiencesyncs", "--all", "--timeout=60s");
            foreach (var replica in (OperatorApi[])[environment.Api, ofSecond])
                await Eventually.GetAsync(() => replica.MetricAsync(Owned, $"workspace=\"{workspace.Name}\""), owned => owned == 0, "the workspace is closed");
        }
        finally
        {
            await second.StopAsync();
        }
    }

    private static async Task SharedOutAsync(Workspace workspace, params OperatorApi[] replicas) => await Eventually.GetAsync(
        async () => string.Join('+', await Task.WhenAll(replicas.Select(replica => replica.MetricAsync(Owned, $"workspace=\"{workspace.Name}\"")))),
        owned => owned.Split('+').Select(int.Parse).ToArray() is var shares && shares.Sum() == Partitions && shares.All(share => share > 0),
        "every partition is owned, and every replica owns some: one that has just become ready may not be known to the others yet");

    private static async Task NothingWasTakenAwayAsync(Workspace workspace, params OperatorApi[] replicas)
    {
        foreach (var replica in replicas) (await replica.MetricAsync("segmentation_partition_fenced_total", $"workspace=\"{workspace.Name}\"")).ShouldBe(0, "what changes hands is given up first");
    }
}
