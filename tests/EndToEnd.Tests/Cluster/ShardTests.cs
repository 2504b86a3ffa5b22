namespace EndToEnd.Tests.Cluster;

/// <summary>Operators with different label selectors on one API server and one Redis.</summary>
[Collection(EnvironmentCollection.Name)]
public sealed class ShardTests(LocalEnvironment environment)
{
    private const string Buyers = "{event: {name: placed_order}}";

    [Fact]
    public async Task A_namespace_belongs_to_one_operator_and_moves_as_a_whole()
    {
        await using var workspace = await environment.NewWorkspaceAsync("sharded");
        await environment.Operator.StopAsync();
        var (a, b) = (await ShardAsync("a"), await ShardAsync("b"));
        using var apiA = new OperatorApi(a);
        using var apiB = new OperatorApi(b);
        try
        {
            await Task.WhenAll(a.StartAsync(), b.StartAsync());
            await workspace.ApplyAsync(Labelled("first", "a"));
            await workspace.BecomesReadyAsync("segment/first");
            (await apiA.PostAsync(workspace.Name, [ShopEvent.Order("anna", TimeProvider.System.GetUtcNow())])).EnsureSuccessStatusCode();
            await workspace.CountsBecomeAsync(new Dictionary<string, long?> { ["first"] = 1 });

            await workspace.ApplyAsync(Labelled("second", "b"));
            var refused = await workspace.StatusBecomesAsync("segment/second", status => status.Is("Ready", "False"), "refused");
            refused.Reason("Ready").ShouldBe("OtherShard");
            refused.Message("Ready").ShouldContain("'shard=a'");
            refused.Is("Stalled", "True").ShouldBeTrue();

            // What was sent is kept; the memberships are evaluated anew by the operator that has the namespace now.
            await workspace.ApplyAsync(Labelled("first", "b"));
            await workspace.BecomesReadyAsync("segment/second");
            await workspace.CountsBecomeAsync(new Dictionary<string, long?> { ["first"] = 1, ["second"] = 1 });
            (await apiB.PostAsync(workspace.Name, [ShopEvent.Order("ben", TimeProvider.System.GetUtcNow())])).EnsureSuccessStatusCode();
            await workspace.CountsBecomeAsync(new Dictionary<string, long?> { ["first"] = 2, ["second"] = 2 });
            a.Log.ShouldContain($"Workspace {workspace.Name}: closed");

            await workspace.KubectlAsync("delete", "segments", "--all");
            await Eventually.BecomesTrueAsync(() => Task.FromResult(b.Log.Contains($"Workspace {workspace.Name}: closed", StringComparison.Ordinal)), "nothing is left to serve");
        }
        finally
        {
            await Task.WhenAll(a.StopAsync(), b.StopAsync());
            await environment.Operator.StartAsync();
        }
    }

    private Task<OperatorProcess> ShardAsync(string shard) =>
        environment.NewReplicaAsync("shard-" + shard, new Dictionary<string, string> { ["Kubernetes__LabelSelector"] = "shard=" + shard });

    private static string Labelled(string name, string shard) =>
        Workspace.SegmentYaml(name, Buyers).Replace("metadata:\n", $"metadata:\n  labels: {{shard: {shard}}}\n", StringComparison.Ordinal);
}
