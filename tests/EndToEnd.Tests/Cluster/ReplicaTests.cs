namespace EndToEnd.Tests.Cluster;

/// <summary>Two replicas of the operator: whichever leads, however the other one ended, counts and statuses are right and each event counts once.</summary>
[Collection(EnvironmentCollection.Name)]
public sealed class ReplicaTests(LocalEnvironment environment) : IAsyncLifetime, IDisposable
{
    private const string AnyOrder = "{event: {name: placed_order}}";
    private const string Requested = "segmentation.dev/reconcile-requested-at";

    private OperatorProcess _second = null!;
    private OperatorApi _secondApi = null!;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async Task InitializeAsync()
    {
        _second = await environment.NewReplicaAsync("operator-2");
        _secondApi = new OperatorApi(_second);
    }

    public async Task DisposeAsync()
    {
        await _second.ContinueAsync();
        await _second.StopAsync();
    }

    public void Dispose() => _secondApi.Dispose();

    [Theory]
    [InlineData("killed")]
    [InlineData("stopped")]
    public async Task The_other_replica_goes_on_where_the_leader_ended(string how)
    {
        const int Profiles = 40, Orders = 10;
        await using var workspace = await environment.NewWorkspaceAsync(how);
        await workspace.ApplySegmentAsync("all-there", $"{{event: {{name: placed_order, count: {{eq: {Orders}}}}}}}");
        await workspace.ApplySegmentAsync("deleted", AnyOrder);
        await workspace.BecomesReadyAsync("segment/all-there");
        await _second.StartAsync();
        await LeadsAsync(environment.Api);

        // Orders come all the while, to whichever replica answers, each twice.
        var orders = Enumerable.Range(0, Orders * Profiles).Select(i => new ShopEvent($"o-{i}", "placed_order", $"p-{i % Profiles}", Now.AddMinutes(-i))).ToList();
        var sending = SendEverywhereAsync(workspace, orders);
        await workspace.ApplySegmentAsync("edited", AnyOrder);
        if (how == "killed") await environment.Operator.KillAsync();
        else await environment.Operator.StopAsync();
        await workspace.ApplySegmentAsync("edited", "{event: {name: placed_order, count: {gte: 10}}}");
        await workspace.KubectlAsync("delete", "segment", "deleted", "--wait=false");
        await LeadsAsync(_secondApi);
        await sending;

        await workspace.CountsBecomeAsync(new Dictionary<string, long?> { ["all-there"] = Profiles, ["edited"] = Profiles });

        // And back again, to the one that was there first.
        await environment.Operator.StartAsync();
        await _second.StopAsync();
        await LeadsAsync(environment.Api);
        await workspace.SendAsync(orders);
        await workspace.SendAsync(ShopEvent.Order("p-0", Now));
        await workspace.CountsBecomeAsync(new Dictionary<string, long?> { ["all-there"] = Profiles - 1, ["edited"] = Profiles });
    }

    [Fact]
    public async Task A_leader_that_was_paused_past_its_lease_writes_nothing_more_and_ends()
    {
        await using var workspace = await environment.NewWorkspaceAsync("paused");
        string[] segments = [.. Enumerable.Range(0, 10).Select(i => $"s-{i}")];
        foreach (var segment in segments) await workspace.ApplySegmentAsync(segment, AnyOrder);
        await workspace.SendAsync(ShopEvent.Order("anna", Now));
        await workspace.CountsBecomeAsync(segments.ToDictionary(s => s, _ => (long?)1));
        await _second.StartAsync();
        await LeadsAsync(environment.Api);

        await environment.Operator.PauseAsync();
        try
        {
            await LeadsAsync(_secondApi);
            await SendToAsync(_secondApi, workspace, [ShopEvent.Order("ben", Now), ShopEvent.Order("cleo", Now)]);
            await workspace.KubectlAsync("annotate", "segments", "--all", $"{Requested}=now");
            await workspace.CountsBecomeAsync(segments.ToDictionary(s => s, _ => (long?)3));
            foreach (var segment in segments) await workspace.StatusBecomesAsync("segment/" + segment, status => status.Text("lastHandledReconcileAt") == "now", "handled");
            var before = await VersionsAsync(workspace);

            // It wakes to watches full of news, and knows nothing of the orders that its successor counted.
            await environment.Operator.ContinueAsync();
            await Eventually.BecomesTrueAsync(async () => !await environment.Operator.IsRunningAsync(), "the former leader ends");
            (await VersionsAsync(workspace)).ShouldBe(before);
        }
        finally
        {
            await environment.Operator.ContinueAsync();
            await environment.Operator.StopAsync();
            await environment.Operator.StartAsync();
        }

        await _second.StopAsync();
        await LeadsAsync(environment.Api);
        await workspace.SendAsync(ShopEvent.Order("dora", Now));
        await workspace.CountsBecomeAsync(segments.ToDictionary(s => s, _ => (long?)4));
    }

    private static async Task<string> VersionsAsync(Workspace workspace) => await workspace.KubectlAsync(
        "get", "segments", "-o", "jsonpath={range .items[*]}{.metadata.name} {.metadata.resourceVersion} {.status.memberCount}{\"\\n\"}{end}");

    private static async Task LeadsAsync(OperatorApi replica) =>
        await Eventually.GetAsync(() => replica.MetricAsync("leader_election_master_status"), status => status.Equals(1), "the replica leads");

    private async Task SendEverywhereAsync(Workspace workspace, IEnumerable<ShopEvent> events)
    {
        foreach (var chunk in events.Chunk(20))
        {
            var sent = await Task.WhenAll(((OperatorApi[])[environment.Api, _secondApi]).Select(replica => TrySendAsync(replica, workspace, chunk)));
            if (!sent.Any(accepted => accepted)) await SendToAsync(_secondApi, workspace, chunk);
        }
    }

    private static async Task SendToAsync(OperatorApi replica, Workspace workspace, IReadOnlyList<ShopEvent> events) =>
        await Eventually.BecomesTrueAsync(() => TrySendAsync(replica, workspace, events), "events are accepted");

    private static async Task<bool> TrySendAsync(OperatorApi replica, Workspace workspace, IEnumerable<ShopEvent> events)
    {
        try
        {
            using var response = await replica.PostAsync(workspace.Name, events);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
