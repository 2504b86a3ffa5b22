using System.Text.Json;

namespace EndToEnd.Tests.Cluster;

/// <summary>Several hands on one object, by server-side apply: teams, GitOps, and the operator itself.</summary>
[Collection(EnvironmentCollection.Name)]
public sealed class FieldOwnershipTests(LocalEnvironment environment)
{
    [Fact]
    public async Task Two_managers_and_the_operator_each_keep_their_own_fields()
    {
        await using var workspace = await environment.NewWorkspaceAsync("owned");
        (await ApplyAsync(workspace, "marketing", "match: {event: {name: placed_order}}\n  timeZone: Europe/Berlin")).ShouldSucceed();
        await workspace.SendAsync(ShopEvent.Order("anna", TimeProvider.System.GetUtcNow()));
        await workspace.StatusBecomesAsync("segment/shared", status => status.Is("Ready", "True") && status.MemberCount == 1, "one member");

        (await ApplyAsync(workspace, "analytics", "drift: {window: 24h, maxChangePercent: 15}")).ShouldSucceed();
        var shared = await workspace.StatusBecomesAsync("segment/shared", status => status.Is("Ready", "True") && status.MemberCount == 1, "still one member");
        var spec = shared.Resource.GetProperty("spec");
        spec.GetProperty("timeZone").GetString().ShouldBe("Europe/Berlin");
        spec.GetProperty("drift").GetProperty("maxChangePercent").GetInt32().ShouldBe(15);

        var fields = await FieldsAsync(workspace);
        fields["marketing"].Where(IsSpec).ShouldBe(["f:spec/f:match", "f:spec/f:timeZone"]);
        fields["analytics"].Where(IsSpec).ShouldBe(["f:spec/f:drift"]);
        fields["segmentation-operator"].ShouldAllBe(field => field.StartsWith("f:status/", StringComparison.Ordinal) || field == "f:metadata/f:finalizers");
        fields["segmentation-operator"].ShouldContain("f:status/f:memberCount");

        // What one applies and then leaves out goes; what another owns stays.
        (await ApplyAsync(workspace, "analytics", "displayName: Shared")).ShouldSucceed();
        var after = await workspace.StatusBecomesAsync("segment/shared", status => status.Is("Ready", "True") && status.MemberCount == 1, "still one member");
        after.Resource.GetProperty("spec").EnumerateObject().Select(field => field.Name).Where(name => name is "drift" or "displayName" or "timeZone").Order(StringComparer.Ordinal)
            .ShouldBe(["displayName", "timeZone"]);
    }

    [Fact]
    public async Task A_field_that_another_owns_is_a_conflict_that_names_both_until_it_is_forced()
    {
        await using var workspace = await environment.NewWorkspaceAsync("conflict");
        (await ApplyAsync(workspace, "marketing", "match: {event: {name: placed_order}}\n  timeZone: Europe/Berlin")).ShouldSucceed();
        await workspace.BecomesReadyAsync("segment/shared");

        var refused = await ApplyAsync(workspace, "analytics", "timeZone: Europe/Paris");
        refused.ExitCode.ShouldNotBe(0);
        refused.Text.ShouldContain("\"marketing\"");
        refused.Text.ShouldContain(".spec.timeZone");

        (await ApplyAsync(workspace, "analytics", "timeZone: Europe/Paris", "--force-conflicts")).ShouldSucceed();
        var forced = await workspace.BecomesReadyAsync("segment/shared");
        forced.Resource.GetProperty("spec").GetProperty("timeZone").GetString().ShouldBe("Europe/Paris");
        var fields = await FieldsAsync(workspace);
        fields["marketing"].Where(IsSpec).ShouldBe(["f:spec/f:match"]);
        fields["analytics"].Where(IsSpec).ShouldBe(["f:spec/f:timeZone"]);
    }

    private static bool IsSpec(string field) => field.StartsWith("f:spec/", StringComparison.Ordinal);

    private Task<CommandResult> ApplyAsync(Workspace workspace, string manager, string spec, params string[] more) => environment.Kubectl.TryAsync(
        ["-n", workspace.Name, "apply", "--server-side", "--field-manager", manager, "--validate=false", .. more, "-f", "-"],
        $"""
        apiVersion: segmentation.dev/v1alpha1
        kind: Segment
        metadata:
          name: shared
        spec:
          {spec}
        """);

    /// <summary>Per manager what it owns, two levels deep, sorted.</summary>
    private async Task<Dictionary<string, string[]>> FieldsAsync(Workspace workspace)
    {
        var segment = await environment.Kubectl.GetAsync("-n", workspace.Name, "segment", "shared", "--show-managed-fields");
        return segment.GetProperty("metadata").GetProperty("managedFields").EnumerateArray()
            .GroupBy(entry => entry.GetProperty("manager").GetString()!)
            .ToDictionary(group => group.Key, group => group.SelectMany(Fields).Distinct().Order(StringComparer.Ordinal).ToArray());

        static IEnumerable<string> Fields(JsonElement entry) =>
            from top in entry.GetProperty("fieldsV1").EnumerateObject()
            from field in top.Value.EnumerateObject()
            where field.Name != "."
            select $"{top.Name}/{field.Name}";
    }
}
