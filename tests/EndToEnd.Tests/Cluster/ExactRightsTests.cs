using System.Text.Json;

namespace EndToEnd.Tests.Cluster;

/// <summary>
/// The shipped roles against what the operator really asks of the API server, by the server's own audit log of all tests so far: a right that is
/// missing and a right that is never used are both faults.
/// </summary>
[Collection(EnvironmentCollection.Name)]
public sealed class ExactRightsTests(LocalEnvironment environment)
{
    private const string Role = "segmentation-operator";

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Every_right_of_the_roles_is_used_and_no_request_lacks_one()
    {
        if (!environment.HasRbac) return; // A server without RBAC has nothing to refuse, and this one no audit log.
        var rights = await RightsAsync();
        rights.Count.ShouldBeGreaterThan(15);
        using var receiver = new WebhookReceiver();
        await using var workspace = await environment.NewWorkspaceAsync("rights");
        await workspace.ApplySegmentAsync("buyers", "{event: {name: placed_order}}");
        await workspace.ApplyAsync(PolicyAndSync(receiver));
        await workspace.SendAsync(ShopEvent.Order("anna", Now));
        await workspace.StatusBecomesAsync("audiencesync/crm", status => status.Is("Ready", "True") && status.Number("synced") == 1, "told");
        await TellTwiceAsync(workspace);
        await DisturbAsync(workspace, () => !Unused().Any(right => right.StartsWith("get ", StringComparison.Ordinal)));
        await workspace.KubectlAsync("delete", "segments,rfmpolicies,audiencesyncs", "--all", "--timeout=60s");

        // One that stops deletes the Lease that the others know it by.
        var second = await environment.NewReplicaAsync("rights-2");
        await second.StartAsync();
        await second.StopAsync();

        await Eventually.GetAsync(() => Task.FromResult(string.Join(", ", Unused())), unused => unused.Length == 0, "every right was used");
        var audited = environment.ControlPlane.AuditedRequests();
        audited.Where(request => request.IsForbidden).Select(request => $"{request.Right} ({request.Path})").Distinct().ShouldBeEmpty();
        audited.Select(request => request.Right).Distinct().Except(rights).ShouldBeEmpty();

        IEnumerable<string> Unused() => rights.Except(environment.ControlPlane.AuditedRequests().Select(request => request.Right));
    }

    // The same revision serves again within minutes: the event about it becomes a series, which is patched.
    private static async Task TellTwiceAsync(Workspace workspace)
    {
        var first = (await workspace.BecomesReadyAsync("segment/buyers")).ActiveRevision;
        await workspace.ApplySegmentAsync("buyers", "{event: {name: placed_order, count: {gte: 1}, within: 30d}}");
        await workspace.StatusBecomesAsync("segment/buyers", status => status.Is("Ready", "True") && status.ActiveRevision != first, "another revision");
        await workspace.ApplySegmentAsync("buyers", "{event: {name: placed_order}}");
        await workspace.StatusBecomesAsync("segment/buyers", status => status.Is("Ready", "True") && status.ActiveRevision == first, "the first one again");
    }

    /// <summary>Writes objects as fast as it can until the operator's own writes met a newer version and read the object again.</summary>
    private async Task DisturbAsync(Workspace workspace, Func<bool> isDone)
    {
        var round = 0;
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                round++;
                await Task.WhenAll(((string[])["segment/buyers", "rfmpolicy/default", "audiencesync/crm"]).SelectMany(resource => Enumerable.Range(0, 6).Select(
                    i => environment.Kubectl.TryAsync(["-n", workspace.Name, "annotate", "--overwrite", resource, $"segmentation.dev/reconcile-requested-at={round}-{i}"]))));
                return isDone();
            },
            "the operator's writes of each kind were overtaken once");
    }

    private async Task<IReadOnlyCollection<string>> RightsAsync()
    {
        var rules = (await environment.Kubectl.GetAsync("clusterrole", Role)).GetProperty("rules").EnumerateArray()
            .Concat((await environment.Kubectl.GetAsync("-n", "segmentation-system", "role", Role)).GetProperty("rules").EnumerateArray());
        return rules.SelectMany(rule =>
            from resource in Texts(rule, "resources")
            from verb in Texts(rule, "verbs")
            let parts = resource.Split('/', 2)
            select AuditedRequest.RightTo(verb, Texts(rule, "apiGroups").Single(), parts[0], parts.ElementAtOrDefault(1) ?? "")).ToHashSet();

        static IEnumerable<string> Texts(JsonElement rule, string name) => rule.GetProperty(name).EnumerateArray().Select(text => text.GetString()!);
    }

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
