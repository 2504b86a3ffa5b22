using System.Text.Json.Nodes;

namespace EndToEnd.Tests.Cluster;

/// <summary>A newer definition of the kind is applied while Segments live, as before an upgrade of the operator.</summary>
[Collection(EnvironmentCollection.Name)]
public sealed class DefinitionUpgradeTests(LocalEnvironment environment)
{
    private const string Definition = "segments.segmentation.dev";

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task With_a_new_field_a_new_column_and_a_tighter_bound_nothing_is_lost_and_the_operator_goes_on()
    {
        await using var workspace = await environment.NewWorkspaceAsync("upgraded");
        await workspace.ApplySegmentAsync("short", "{event: {name: placed_order}}", "displayName: Short");
        await workspace.ApplySegmentAsync("long", "{event: {name: placed_order}}", "displayName: Longer than the new definition allows");
        await workspace.SendAsync(ShopEvent.Order("anna", Now));
        foreach (var segment in (string[])["segment/short", "segment/long"])
            await workspace.StatusBecomesAsync(segment, status => status.Is("Ready", "True") && status.MemberCount == 1, "one member");
        var process = await environment.Operator.ProcessIdAsync();
        try
        {
            await ReplaceAsync(definition =>
            {
                var version = definition["spec"]!["versions"]![0]!;
                var spec = version["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!["properties"]!;
                spec["team"] = JsonNode.Parse("""{"type": "string", "maxLength": 63}""");
                spec["displayName"]!["maxLength"] = 20;
                version["additionalPrinterColumns"]!.AsArray().Add(JsonNode.Parse("""{"name": "Team", "type": "string", "jsonPath": ".spec.team"}"""));
            });
            await Eventually.GetAsync(() => workspace.KubectlAsync("get", "segments"), table => table.Contains("TEAM", StringComparison.Ordinal), "the new column is there");

            // What lives on goes on, what is new is taken, and the new field is kept.
            await workspace.SendAsync(ShopEvent.Order("ben", Now));
            await workspace.StatusBecomesAsync("segment/short", status => status.MemberCount == 2, "the status follows");
            await workspace.MembersBecomeAsync("long", "anna", "ben");
            await Eventually.BecomesTrueAsync(
                async () => (await environment.Kubectl.TryAsync(["-n", workspace.Name, "patch", "segment", "short", "--type=merge", "-p", """{"spec":{"team":"crm"}}"""])).Output.Contains("patched", StringComparison.Ordinal)
                    && (await workspace.KubectlAsync("get", "segment", "short")).Contains("crm", StringComparison.Ordinal),
                "the new field is kept");
            (await workspace.BecomesReadyAsync("segment/short")).MemberCount.ShouldBe(2);
            await workspace.ApplySegmentAsync("new", "{event: {name: placed_order}}", "team: crm");
            await workspace.StatusBecomesAsync("segment/new", status => status.Is("Ready", "True") && status.MemberCount == 2, "a new one is served");
            (await workspace.TryApplyAsync(Workspace.SegmentYaml("refused", "{event: {name: placed_order}}", "displayName: Longer than the new definition allows"))).ExitCode.ShouldNotBe(0);

            // The one that the new bound would refuse was never lost; shortened, all of its status follows.
            await workspace.KubectlAsync("patch", "segment", "long", "--type=merge", "-p", """{"spec":{"displayName":"Long"}}""");
            await workspace.StatusBecomesAsync("segment/long", status => status.Is("Ready", "True") && status.MemberCount == 2, "mended");
        }
        finally
        {
            await ReplaceAsync(_ => { });
        }

        await Eventually.GetAsync(() => workspace.KubectlAsync("get", "segments"), table => !table.Contains("TEAM", StringComparison.Ordinal), "the old columns are back");
        await workspace.SendAsync(ShopEvent.Order("cleo", Now));
        await workspace.CountsBecomeAsync(new Dictionary<string, long?> { ["short"] = 3, ["long"] = 3, ["new"] = 3 });
        (await environment.Operator.ProcessIdAsync()).ShouldBe(process);
    }

    /// <summary>The committed definition, changed.</summary>
    private async Task ReplaceAsync(Action<JsonNode> change)
    {
        var file = await File.ReadAllTextAsync(RepositoryRoot.Combine("config", "crd", "segmentation.dev_segments.yaml"));
        var definition = Chart.Manifests.Read(file).Only("CustomResourceDefinition");
        definition["metadata"]!.AsObject().ContainsKey("resourceVersion").ShouldBeFalse();
        change(definition);
        (await environment.Kubectl.TryAsync(["apply", "--validate=false", "-f", "-"], definition.ToJsonString())).ShouldSucceed().Output.ShouldContain(Definition);
    }
}
