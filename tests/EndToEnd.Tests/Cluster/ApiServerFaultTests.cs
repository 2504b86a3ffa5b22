namespace EndToEnd.Tests.Cluster;

/// <summary>The API server dies, comes back and has forgotten what it once sent; what it was told before stands.</summary>
[Collection(EnvironmentCollection.Name)]
public sealed class ApiServerFaultTests(LocalEnvironment environment)
{
    private const int Segments = 18;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Killed_while_segments_are_created_edited_and_deleted_it_leaves_no_status_wrong()
    {
        await using var workspace = await environment.NewWorkspaceAsync("crashes");
        await workspace.ApplySegmentAsync("first", Over(0));
        await workspace.SendAsync(Enumerable.Range(1, Segments).Select(i => ShopEvent.Order($"p-{i}", Now, i)));
        var counts = new Dictionary<string, long?> { ["first"] = Segments };

        // A person who repeats what failed, and a server that is killed twice meanwhile.
        for (var i = 0; i < Segments; i++)
        {
            if (i % 9 == 4) await environment.ControlPlane.KillApiServerAsync();
            var restart = i % 9 == 4 ? environment.ControlPlane.StartAsync() : Task.CompletedTask;
            var segment = $"s-{i}";
            await PersistAsync(() => workspace.TryApplyAsync(Workspace.SegmentYaml(segment, Over(i))));
            if (i % 3 == 1) await PersistAsync(() => workspace.TryApplyAsync(Workspace.SegmentYaml(segment, Over(i + 1))));
            if (i % 3 == 2) await PersistAsync(() => environment.Kubectl.TryAsync(["-n", workspace.Name, "delete", "segment", segment, "--wait=false", "--ignore-not-found"]));
            else counts[segment] = Segments - (i % 3 == 1 ? i + 1 : i);
            await restart;
        }

        await workspace.CountsBecomeAsync(counts);
        for (var i = 2; i < Segments; i += 3) (await workspace.TracesInRedisAsync($"s-{i}@")).ShouldBeEmpty();
        await Eventually.GetAsync(() => environment.Api.MetricAsync("informer_unreachable_seconds"), seconds => seconds.Equals(0), "nothing is missed");
    }

    [Fact]
    public async Task What_changed_while_nobody_watched_and_was_compacted_away_is_found_by_reading_anew()
    {
        await using var workspace = await environment.NewWorkspaceAsync("compacted");
        foreach (var segment in (string[])["stays", "edited", "deleted", "vanished", "replaced"]) await workspace.ApplySegmentAsync(segment, Over(0));
        await workspace.SendAsync(Enumerable.Range(1, Segments).Select(i => ShopEvent.Order($"p-{i}", Now, i)));
        await workspace.CountsBecomeAsync(((string[])["stays", "edited", "deleted", "vanished", "replaced"]).ToDictionary(segment => segment, _ => (long?)Segments));
        var readAnew = ReadAnew();

        await environment.Operator.PauseAsync();
        try
        {
            await environment.ControlPlane.KillApiServerAsync(); // the operator's watches break off
            await environment.ControlPlane.StartAsync();
            await workspace.ApplySegmentAsync("edited", Over(5));
            await workspace.ApplySegmentAsync("created", Over(10));
            await workspace.KubectlAsync("delete", "segment", "deleted", "--wait=false");
            foreach (var segment in (string[])["vanished", "replaced"])
            {
                // Against all advice: without its finalizer it goes at once, and the operator is never told.
                await workspace.KubectlAsync("patch", "segment", segment, "--type=merge", "-p", """{"metadata":{"finalizers":null}}""");
                await workspace.KubectlAsync("delete", "segment", segment);
            }

            await workspace.ApplySegmentAsync("replaced", Over(15));
            for (var i = 0; i < 5; i++) await workspace.KubectlAsync("label", "--overwrite", "segments", "--all", $"round=r{i}");
            await environment.ControlPlane.CompactAsync();
            await environment.ControlPlane.KillApiServerAsync(); // and with it its memory of older versions
            await environment.ControlPlane.StartAsync();
        }
        finally
        {
            await environment.Operator.ContinueAsync();
        }

        await workspace.CountsBecomeAsync(new Dictionary<string, long?> { ["stays"] = Segments, ["edited"] = Segments - 5, ["created"] = Segments - 10, ["replaced"] = Segments - 15 });
        await Eventually.GetAsync(
            async () => string.Join('\n', [.. await workspace.TracesInRedisAsync("deleted"), .. await workspace.TracesInRedisAsync("vanished")]), traces => traces.Length == 0, "what is gone left nothing");
        ReadAnew().ShouldBeGreaterThan(readAnew, "the server answered 410");
    }

    private static string Over(int value) => $"{{event: {{name: placed_order, max: {{of: value, gt: {value}}}}}}}";

    private int ReadAnew() => environment.Operator.Log.Split('\n').Count(line => line.Contains("Reading ", StringComparison.Ordinal) && line.Contains(" anew", StringComparison.Ordinal));

    private static async Task PersistAsync(Func<Task<CommandResult>> command) =>
        await Eventually.GetAsync(command, result => result.ExitCode == 0, "the command succeeds");
}
