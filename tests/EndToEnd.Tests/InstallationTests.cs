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
