namespace EndToEnd.Tests.Cluster;

/// <summary>What a person sees in a terminal.</summary>
[Collection(EnvironmentCollection.Name)]
public sealed class KubectlTests(LocalEnvironment environment)
{
    private const string AnyOrder = "{event: {name: placed_order}}";
    private const string Requested = "segmentation.dev/reconcile-requested-at";

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task A_wait_for_Ready_ends_when_the_definition_serves_and_not_before()
    {
        await using var workspace = await environment.NewWorkspaceAsync("waited");
        await workspace.ApplySegmentAsync("champions", "{rfm: {policy: default, tier: [champions]}}");
        await workspace.StatusBecomesAsync("segment/champions", status => status.Is("Stalled", "True"), "stalled for want of its policy");
        using var wait = environment.Kubectl.Start("-n", workspace.Name, "wait", "--for=condition=Ready", "--timeout=80s", "segment/champions");
        wait.HasExited.ShouldBeFalse();

        await workspace.ApplyAsync(Policy);
        (await wait.EndsAsync("the wait ends")).ShouldBe(0);
        await workspace.KubectlAsync("wait", "--for=condition=Ready", "--timeout=60s", "rfmpolicy/default");
        (await workspace.BecomesReadyAsync("segment/champions")).Is("Stalled", "True").ShouldBeFalse();
    }

    [Fact]
    public async Task A_running_watch_shows_a_segment_becoming_ready_and_its_count_changing()
    {
        await using var workspace = await environment.NewWorkspaceAsync("watched");
        using var watch = environment.Kubectl.Start("-n", workspace.Name, "get", "segments", "-w");

        await workspace.ApplySegmentAsync("buyers", AnyOrder);
        await watch.WritesAsync(line => Cells(line) is ["buyers", "True", "0", ..], "that it is ready and empty");
        foreach (var (profile, count) in (IEnumerable<(string, string)>)[("anna", "1"), ("ben", "2")])
        {
            await workspace.SendAsync(ShopEvent.Order(profile, Now));
            await watch.WritesAsync(line => Cells(line) is ["buyers", "True", var members, ..] && members == count, $"{count} members");
        }
    }

    [Fact]
    public async Task The_events_in_describe_tell_what_was_served_what_was_wrong_and_what_serves_now()
    {
        await using var workspace = await environment.NewWorkspaceAsync("story");
        await workspace.ApplySegmentAsync("buyers", AnyOrder);
        var first = (await workspace.BecomesReadyAsync("segment/buyers")).ActiveRevision;
        await workspace.ApplySegmentAsync("buyers", "{rfm: {policy: nowhere, tier: [champions]}}");
        var problem = (await workspace.StatusBecomesAsync("segment/buyers", status => status.Is("Stalled", "True"), "stalled")).Reason("Stalled");
        await workspace.ApplySegmentAsync("buyers", "{event: {name: placed_order, count: {gte: 2}}}");
        var second = (await workspace.StatusBecomesAsync("segment/buyers", status => status.Is("Ready", "True") && status.ActiveRevision != first, "mended")).ActiveRevision;

        var text = await Eventually.GetAsync(
            () => workspace.KubectlAsync("describe", "segment", "buyers"), text => text.Contains($"Revision {second} serves", StringComparison.Ordinal), "the whole story is there");
        var story = text[text.IndexOf("Events:", StringComparison.Ordinal)..];
        story.ShouldContain($"Revision {first} serves");
        story.Split('\n').ShouldContain(line => line.Contains("Warning", StringComparison.Ordinal) && line.Contains(problem, StringComparison.Ordinal) && line.Contains("spec.match.rfm.policy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_of_a_hundred_definitions_is_applied_at_once_and_all_serve()
    {
        const int Files = 100;
        await using var workspace = await environment.NewWorkspaceAsync("folder");
        var folder = Directory.CreateTempSubdirectory("definitions-");
        try
        {
            for (var i = 0; i < Files; i++)
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"{i}.yaml"), Workspace.SegmentYaml($"over-{i}", $"{{event: {{name: placed_order, max: {{of: value, gt: {i}}}}}}}"));
            await workspace.KubectlAsync("apply", "--validate=false", "-f", folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        await workspace.SendAsync(Enumerable.Range(1, Files).Select(i => ShopEvent.Order($"p-{i}", Now, i)));
        await workspace.KubectlAsync("wait", "--for=condition=Ready", "--timeout=120s", "segments", "--all");
        await workspace.CountsBecomeAsync(Enumerable.Range(0, Files).ToDictionary(i => $"over-{i}", i => (long?)Files - i));
    }

    [Theory]
    [InlineData("segment/asked")]
    [InlineData("rfmpolicy/default")]
    [InlineData("audiencesync/crm")]
    public async Task The_annotation_alone_asks_for_a_reconcile_and_is_echoed(string resource)
    {
        await using var workspace = await environment.NewWorkspaceAsync("asked");
        await workspace.ApplySegmentAsync("asked", AnyOrder);
        await workspace.ApplyAsync(Policy + "\n---\n" + Sync);
        var before = await workspace.StatusBecomesAsync(resource, status => status.Reason("Ready").Length > 0 && status.Text("lastHandledReconcileAt") is null, "reconciled");

        foreach (var at in (string[])["2026-11-22T10:00:00Z", "again, in any words"])
        {
            await workspace.KubectlAsync("annotate", "--overwrite", resource, $"{Requested}={at}");
            var after = await workspace.StatusBecomesAsync(resource, status => status.Text("lastHandledReconcileAt") == at, "echoed");
            Generation(after).ShouldBe(Generation(before));
        }

        static long Generation(ResourceStatus status) => status.Resource.GetProperty("metadata").GetProperty("generation").GetInt64();
    }

    private const string Policy =
        """
        apiVersion: segmentation.dev/v1alpha1
        kind: RfmPolicy
        metadata: {name: default}
        spec:
          purchases: {event: placed_order, amount: value}
          window: 365d
          scoring: {method: quantiles, scores: 5}
          tiers: {preset: classic}
        """;

    // Held back: nothing listens there.
    private const string Sync =
        """
        apiVersion: segmentation.dev/v1alpha1
        kind: AudienceSync
        metadata: {name: crm}
        spec:
          suspend: true
          segmentRef: {name: asked}
          destination:
            webhook:
              url: https://crm.example.com/audiences
              signingSecretRef: {name: crm, key: whsec}
        """;

    private static string[] Cells(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
