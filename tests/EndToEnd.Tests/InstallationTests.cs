namespace EndToEnd.Tests;

[Collection(EnvironmentCollection.Name)]
public sealed class InstallationTests(LocalEnvironment environment)
{
    private static readonly string Manifest = RepositoryRoot.Combine("config", "operator.yaml");

    [Fact]
    public async Task The_server_accepts_every_object_of_the_installation()
    {
        var documents = (await File.ReadAllTextAsync(Manifest)).Split("\n---\n");
        if (!await environment.Kubectl.ServesAsync("apps/v1"))
            documents = [.. documents.Where(document => !document.Contains("\nkind: Deployment\n", StringComparison.Ordinal))];

        var applied = await environment.Kubectl.TryAsync(["apply", "--dry-run=server", "-f", "-"], string.Join("\n---\n", documents));
        applied.ShouldSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(documents.Length);
    }

    [Fact]
    public async Task Plain_kubectl_apply_can_take_the_definition_of_segments_and_keep_it_in_its_annotation()
    {
        var definition = await environment.Kubectl.GetAsync("crd", "segments.segmentation.dev");
        definition.GetProperty("metadata").GetProperty("annotations").GetProperty("kubectl.kubernetes.io/last-applied-configuration").GetString()!
            .Length.ShouldBeInRange(50_000, 240_000);
    }

    [Theory]
    [InlineData("segment.spec.match", "What the customer did.")]
    [InlineData("segment.spec.match.event", "How often it happened")]
    [InlineData("segment.spec.match.property.onMissing", "What an absent property means")]
    [InlineData("segment.spec.match.all.event.count", "gte\t<number>")]
    public async Task Kubectl_explains_conditions(string field, string words) =>
        await Eventually.GetAsync(
            async () => (await environment.Kubectl.TryAsync(["explain", field])).Output, text => text.Contains(words, StringComparison.Ordinal), $"{field} is explained");

    [Fact]
    public async Task The_operator_works_with_its_service_accounts_rights_and_no_more()
    {
        if (!environment.HasRbac) return; // A server without RBAC has nothing to refuse.
        foreach (var refused in (string[][])[["list", "secrets"], ["create", "secrets"], ["update", "segments.segmentation.dev"], ["delete", "segments.segmentation.dev"], ["create", "leases.coordination.k8s.io"]])
            (await CanAsync(refused[0], refused[1], "default")).ShouldBe("no", string.Join(' ', refused));
        (await CanAsync("get", "secrets", "default")).ShouldBe("yes");
        (await CanAsync("create", "leases.coordination.k8s.io", "segmentation-system")).ShouldBe("yes");
    }

    private async Task<string> CanAsync(string verb, string resource, string @namespace) =>
        (await environment.Kubectl.TryAsync(["auth", "can-i", verb, resource, "-n", @namespace, "--as", ControlPlane.OperatorAccount])).Output.Trim();
}
