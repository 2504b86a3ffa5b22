namespace EndToEnd.Tests;

/// <summary>Redis, an API server and the operator, started once for all tests. Each test works in a namespace of its own.</summary>
public sealed class LocalEnvironment : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("end-to-end-").FullName;
    private int _workspaces;

    public RedisServer Redis { get; private set; } = null!;

    public ControlPlane ControlPlane { get; private set; } = null!;

    /// <summary>As the cluster's administrator.</summary>
    public Kubectl Kubectl { get; private set; } = null!;

    public OperatorProcess Operator { get; private set; } = null!;

    public OperatorApi Api { get; private set; } = null!;

    /// <summary>False on a server that lets everyone do everything.</summary>
    public bool HasRbac { get; private set; }

    public async Task InitializeAsync()
    {
        try
        {
            Redis = new RedisServer(_folder);
            ControlPlane = new ControlPlane(_folder);
            await Task.WhenAll(Redis.StartAsync(), ControlPlane.StartAsync());
            Kubectl = new Kubectl(ControlPlane.AdminKubeconfig);
            await InstallAsync();
            Operator = await NewReplicaAsync("operator");
            Api = new OperatorApi(Operator);
            await Operator.StartAsync();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>One more operator process with the same rights and the same Redis, not started yet. Whoever starts it stops it.</summary>
    /// <param name="settings">Settings besides the usual ones.</param>
    public async Task<OperatorProcess> NewReplicaAsync(string name, IReadOnlyDictionary<string, string>? settings = null) =>
        new(_folder, await ControlPlane.KubeconfigOfAsync(ControlPlane.OperatorAccount), () => Redis.Port, name, settings);

    /// <summary>A new namespace, which is a new workspace once it holds a Segment or another of the kinds.</summary>
    /// <param name="purpose">Begins the name.</param>
    /// <param name="clock">What the operator's clock says from now on; without it, the time that it is.</param>
    public async Task<Workspace> NewWorkspaceAsync(string purpose, DateTimeOffset? clock = null)
    {
        await RestoreAsync();
        await Api.SetClockAsync(clock ?? TimeProvider.System.GetUtcNow());
        var name = $"{purpose}-{Interlocked.Increment(ref _workspaces)}";
        await Kubectl.RunAsync("create", "namespace", name);
        return new Workspace(this, name);
    }

    public async Task DisposeAsync()
    {
        Api?.Dispose();
        if (Operator is not null)
        {
            await Operator.StopAsync();
            KeepLog();
        }

        await ControlPlane.StopAsync();
        await Redis.StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Starts what a test left stopped when it failed, so that it does not fail the next ones, too.</summary>
    private async Task RestoreAsync()
    {
        await Redis.StartAsync();
        await ControlPlane.StartAsync();
        if (!await Operator.IsRunningAsync()) await Operator.StartAsync();
    }

    // What the operator said is what a failure is understood by.
    private void KeepLog()
    {
        var results = Directory.CreateDirectory(RepositoryRoot.Combine("TestResults"));
        File.WriteAllText(Path.Combine(results.FullName, "EndToEnd.Tests.operator.log"), Operator.Log);
    }

    // As a person would with kubectl: the definitions, the namespace, the rights.
    private async Task InstallAsync()
    {
        await Kubectl.ApplyFilesAsync(RepositoryRoot.Combine("config", "crd"));
        foreach (var plural in (string[])["segments", "rfmpolicies", "audiencesyncs"])
        {
            // kubectl's own wait gives up on a definition that has no status yet.
            await Eventually.BecomesTrueAsync(
                async () => (await Kubectl.TryAsync(["wait", "--for", "condition=Established", "--timeout", "5s", $"crd/{plural}.segmentation.dev"])).ExitCode == 0,
                plural + " are served");
        }

        await Kubectl.RunAsync("create", "namespace", "segmentation-system");
        HasRbac = await Kubectl.ServesAsync("rbac.authorization.k8s.io/v1");
        if (!HasRbac) return;
        await Kubectl.RunAsync("apply", "-f", RepositoryRoot.Combine("config", "rbac"));

        // The server takes a moment to know new rights.
        await Eventually.BecomesTrueAsync(
            async () => (await Kubectl.TryAsync(["auth", "can-i", "list", "audiencesyncs.segmentation.dev", "-A", "--as", ControlPlane.OperatorAccount])).ExitCode == 0
                && (await Kubectl.TryAsync(["auth", "can-i", "create", "leases.coordination.k8s.io", "-n", "segmentation-system", "--as", ControlPlane.OperatorAccount])).ExitCode == 0,
            "the operator has its rights");
    }
}

/// <summary>The tests that share one environment; xunit runs them one after the other.</summary>
[CollectionDefinition(Name)]
#pragma warning disable CA1711 // xunit's own word
public sealed class EnvironmentCollection : ICollectionFixture<LocalEnvironment>
#pragma warning restore CA1711
{
    public const string Name = "one local environment";
}
