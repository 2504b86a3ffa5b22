using System.Text.Json.Nodes;

namespace EndToEnd.Tests.Chart;

[Collection(EnvironmentCollection.Name)]
public sealed class ChartOnServerTests(LocalEnvironment environment)
{
    [Theory]
    [InlineData("")]
    [InlineData(
        """
        redis: {existingSecret: redis}
        http: {tokenSecret: ""}
        imagePullSecrets: [{name: registry}]
        replicas: 0
        settings: {DataPlane__CachedOccurrences: 1000000}
        extraEnv: [{name: HOST_IP, valueFrom: {fieldRef: {fieldPath: status.hostIP}}}]
        service: {type: NodePort, port: 80, annotations: {internal: "true"}}
        podAnnotations: {team: crm}
        nodeSelector: {disk: fast}
        tolerations: [{key: only, operator: Exists}]
        podDisruptionBudget: {enabled: true, maxUnavailable: 50%}
        serviceMonitor: {enabled: true}
        prometheusRule: {enabled: true}
        """)]
    [InlineData("{resources: null, affinity: null, podSecurityContext: null, securityContext: null, podAnnotations: null, serviceAccount: {create: false}}")]
    [InlineData("{fullnameOverride: segments, watchNamespaces: [default, NAMESPACE], podDisruptionBudget: {enabled: true}}")]
    public async Task The_server_accepts_every_object_of_a_release(string values)
    {
        await using var workspace = await environment.NewWorkspaceAsync("chart");
        var rendered = await HelmChart.RenderAsync(values.Replace("NAMESPACE", workspace.Name, StringComparison.Ordinal), "shop", workspace.Name);
        foreach (var key in rendered.Keys.ToArray())
        {
            if (!await IsServedAsync(rendered[key])) rendered.Remove(key);
        }

        var applied = await environment.Kubectl.TryAsync(["apply", "--dry-run=server", "-f", "-"], rendered.ToJson());

        applied.ShouldSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(rendered.Count);
    }

    [Fact]
    public async Task The_server_accepts_the_charts_kinds() =>
        await environment.Kubectl.RunAsync("apply", "--dry-run=server", "--validate=false", "-f", HelmChart.File("crds"));

    [Fact]
    public async Task Rights_end_at_the_namespaces_that_are_watched()
    {
        if (!environment.HasRbac) return; // A server without RBAC has nothing to refuse.
        await using var own = await environment.NewWorkspaceAsync("chart");
        await using var watched = await environment.NewWorkspaceAsync("chart");
        var rendered = await HelmChart.RenderAsync(
            $"{{rbac: {{aggregateRoles: false}}, watchNamespaces: [{own.Name}, {watched.Name}], fullnameOverride: {own.Name}}}", @namespace: own.Name);
        foreach (var key in rendered.Keys.Where(key => !key.StartsWith("Role", StringComparison.Ordinal) && !key.StartsWith("Cluster", StringComparison.Ordinal)).ToArray())
            rendered.Remove(key);

        (await environment.Kubectl.TryAsync(["apply", "-f", "-"], rendered.ToJson())).ShouldSucceed();
        try
        {
            // The server takes a moment to know new rights.
            foreach (var (verb, resource, @namespace) in ((string, string, string)[])
                [("get", "secrets", own.Name), ("list", "segments.segmentation.dev", own.Name), ("patch", "segments.segmentation.dev", watched.Name), ("create", "leases.coordination.k8s.io", own.Name)])
                await Eventually.BecomesTrueAsync(() => CanAsync(own.Name, verb, resource, @namespace), $"{verb} {resource} in {@namespace}");
            (await CanAsync(own.Name, "get", "secrets", "default")).ShouldBeFalse();
            (await CanAsync(own.Name, "list", "segments.segmentation.dev", "default")).ShouldBeFalse();
            (await CanAsync(own.Name, "create", "leases.coordination.k8s.io", watched.Name)).ShouldBeFalse();
        }
        finally
        {
            await environment.Kubectl.TryAsync(["delete", "-f", "-"], rendered.ToJson());
        }
    }

    private async Task<bool> CanAsync(string account, string verb, string resource, string @namespace) =>
        (await environment.Kubectl.TryAsync(["auth", "can-i", verb, resource, "-n", @namespace, "--as", $"system:serviceaccount:{account}:{account}"])).ExitCode == 0;

    // Small servers lack groups. Those before 1.21 have the budgets of policy/v1 under their earlier name.
    private async Task<bool> IsServedAsync(JsonObject manifest)
    {
        if (await environment.Kubectl.ServesAsync(manifest["apiVersion"]!.GetValue<string>())) return true;
        if (manifest["kind"]!.GetValue<string>() != "PodDisruptionBudget") return false;
        manifest["apiVersion"] = "policy/v1beta1";
        return await environment.Kubectl.ServesAsync("policy/v1beta1");
    }
}
