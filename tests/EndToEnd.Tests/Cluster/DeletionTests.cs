using System.Text.Json.Nodes;

namespace EndToEnd.Tests.Cluster;

/// <summary>Nothing is gone from the cluster before it is gone from Redis, and nothing keeps the cluster from letting it go.</summary>
[Collection(EnvironmentCollection.Name)]
public sealed class DeletionTests(LocalEnvironment environment)
{
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task While_the_operator_is_down_a_deleted_segment_stays_and_goes_with_its_data_when_it_is_back()
    {
        await using var workspace = await environment.NewWorkspaceAsync("down");
        await workspace.ApplySegmentAsync("goes", "{event: {name: placed_order}}");
        await workspace.SendAsync(Enumerable.Range(0, 100).Select(i => ShopEvent.Order($"p-{i}", Now)));
        await workspace.StatusBecomesAsync("segment/goes", status => status.MemberCount == 100, "100 members");

        await environment.Operator.StopAsync();
        using var delete = environment.Kubectl.Start("-n", workspace.Name, "delete", "segment", "goes");
        var going = await Eventually.GetAsync(
            () => workspace.StatusAsync("segment/goes"), status => status.Resource.GetProperty("metadata").TryGetProperty("deletionTimestamp", out _), "it is being deleted");
        going.MemberCount.ShouldBe(100);
        delete.HasExited.ShouldBeFalse();
        (await environment.Redis.KeysAsync(workspace.Name)).ShouldContain(key => key.Contains(":members:goes@", StringComparison.Ordinal));

        await environment.Operator.StartAsync();
        (await delete.EndsAsync("the deletion ends")).ShouldBe(0);
        (await workspace.TracesInRedisAsync("goes")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_namespace_goes_with_live_objects_of_all_kinds_and_leaves_nothing_of_theirs_in_Redis()
    {
        using var receiver = new WebhookReceiver();
        await using var workspace = await environment.NewWorkspaceAsync("doomed");
        await workspace.ApplySegmentAsync("buyers", "{event: {name: placed_order}}");
        await workspace.ApplySegmentAsync("loyal", "{rfm: {policy: default, tier: [champions, loyal]}}");
        await workspace.ApplyAsync(PolicyAndSync(receiver));
        await workspace.SendAsync(
            from i in Enumerable.Range(0, 100)
            from n in Enumerable.Range(0, 1 + (i % 5))
            select ShopEvent.Order($"p-{i}", Now.AddDays(-n - (10 * (5 - (i % 5)))), 1 + (i % 5)));
        await workspace.StatusBecomesAsync("segment/loyal", status => status.Is("Ready", "True") && status.MemberCount > 0, "some are loyal");
        await workspace.StatusBecomesAsync("audiencesync/crm", status => status.Is("Ready", "True") && status.Number("synced") == 100, "all told");
        (await LeftoversAsync(workspace)).ShouldNotBeEmpty();

        // No controller of namespaces runs here: the test does its steps, in the least convenient order.
        await environment.Kubectl.RunAsync("delete", "namespace", workspace.Name, "--wait=false");
        await workspace.KubectlAsync("delete", "secrets", "--all");
        var lost = await environment.Api.MetricAsync("kubernetes_events_lost_total", "not_written");
        await workspace.KubectlAsync("patch", "segment", "buyers", "--type=merge", "-p", """{"spec":{"match":{"event":null,"segment":{"name":"nowhere"}}}}""");
        await workspace.StatusBecomesAsync("segment/buyers", status => status.Is("Stalled", "True"), "told in the status though events are refused");
        await Eventually.GetAsync(() => environment.Api.MetricAsync("kubernetes_events_lost_total", "not_written"), count => count > lost, "an event was refused");
        await workspace.KubectlAsync("delete", "segments,rfmpolicies,audiencesyncs", "--all", "--timeout=80s");
        await FinishAsync(workspace);

        (await environment.Kubectl.TryAsync(["get", "namespace", workspace.Name])).ExitCode.ShouldNotBe(0);
        await Eventually.GetAsync(async () => string.Join('\n', await LeftoversAsync(workspace)), left => left.Length == 0, "nothing of the definitions is left");
    }

    [Fact]
    public async Task A_namespace_of_the_same_name_finds_the_customers_events_again_unless_they_were_removed_by_hand()
    {
        await using var workspace = await environment.NewWorkspaceAsync("returned");
        await workspace.ApplySegmentAsync("buyers", "{event: {name: placed_order}}");
        await workspace.SendAsync(ShopEvent.Order("anna", Now));
        await workspace.MembersBecomeAsync("buyers", "anna");

        await RecreateAsync();
        await workspace.ApplySegmentAsync("regulars", "{event: {name: placed_order, count: {gte: 2}}}");
        await workspace.SendAsync(ShopEvent.Order("anna", Now));
        await workspace.MembersBecomeAsync("regulars", "anna");

        await RecreateAsync();
        await environment.Operator.StopAsync();
        await environment.Redis.CommandAsync(["UNLINK", .. await environment.Redis.KeysAsync(workspace.Name)]);
        await environment.Operator.StartAsync();
        await workspace.ApplySegmentAsync("regulars", "{event: {name: placed_order, count: {gte: 2}}}");
        await workspace.SendAsync(ShopEvent.Order("anna", Now), ShopEvent.Order("ben", Now), ShopEvent.Order("ben", Now));
        await workspace.MembersBecomeAsync("regulars", "ben");

        async Task RecreateAsync()
        {
            await environment.Kubectl.RunAsync("delete", "namespace", workspace.Name, "--wait=false");
            await workspace.KubectlAsync("delete", "segments", "--all", "--timeout=80s");
            await FinishAsync(workspace);
            await environment.Kubectl.RunAsync("create", "namespace", workspace.Name);
        }
    }

    private async Task FinishAsync(Workspace workspace)
    {
        var @namespace = JsonNode.Parse((await environment.Kubectl.GetAsync("namespace", workspace.Name)).GetRawText())!;
        @namespace["status"]!["phase"]!.GetValue<string>().ShouldBe("Terminating");
        @namespace["spec"]!["finalizers"] = new JsonArray();
        var finished = await environment.Kubectl.TryAsync(["replace", "--raw", $"/api/v1/namespaces/{workspace.Name}/finalize", "-f", "-"], @namespace.ToJsonString());
        finished.ShouldSucceed();
    }

    /// <summary>What belongs to definitions: everything but the customers' events and properties, and what says how far they have been read.</summary>
    private async Task<IReadOnlyList<string>> LeftoversAsync(Workspace workspace)
    {
        var keys = (await environment.Redis.KeysAsync(workspace.Name)).ToLookup(key => key[(key.IndexOf('}', StringComparison.Ordinal) + 2)..] switch
        {
            "log" or "profiles" or "due" => 'c',
            "catalog" or "owner" => 'h',
            var part when part.StartsWith("events:", StringComparison.Ordinal) => 'c',
            var part when part.StartsWith("profile:", StringComparison.Ordinal) => 'h',
            _ => 'd',
        });
        var fields = await environment.Redis.FieldsAsync([.. keys['h']]);
        return [.. keys['d'], .. fields.Where(field => !OfTheCustomers.Contains(field.Split(' ')[1].Split(':')[0]))];
    }

    private static readonly HashSet<string> OfTheCustomers = ["partitions", "version", "epoch", "seq", "offset", "clock", "owner", "names", "props", "changes", "tier", "left"];

    private static string PolicyAndSync(WebhookReceiver receiver) =>
        $$"""
        apiVersion: segmentation.dev/v1alpha1
        kind: RfmPolicy
        metadata: {name: default}
        spec:
          purchases: {event: placed_order, amount: value}
          window: 365d
          scoring: {method: quantiles, scores: 5}
          tiers: {preset: classic}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: crm}
        stringData:
          whsec: {{receiver.Secret}}
        ---
        apiVersion: segmentation.dev/v1alpha1
        kind: AudienceSync
        metadata: {name: crm}
        spec:
          segmentRef: {name: buyers}
          destination:
            webhook:
              url: {{receiver.Url}}
              signingSecretRef: {name: crm, key: whsec}
          batch: {maxSize: 1000, maxDelay: 1s}
        """;
}
