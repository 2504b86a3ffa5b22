using Kubernetes.Hosting;
using Kubernetes.LeaderElection;
using Kubernetes.Queue;
using Microsoft.Extensions.Options;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Telemetry;
using Segmentation.Resources;
using StackExchange.Redis;

namespace Segmentation.Operator.Workspaces;

/// <summary>
/// On the replica that leads: turns declarations into plans. Whenever an object changes, a pass finishes or break points are due, the workspace is
/// planned anew, the catalog is stored, and the partitions get the plan. On the others: follows the catalog. One loop, so that a workspace never gets
/// two plans at once.
/// </summary>
internal sealed class PlanWorker(
    DeclarationReader declarations,
    WorkspaceRegistry registry,
    CatalogStore catalogs,
    WorkspacePlanning planning,
    WorkspaceServices services,
    Leadership leadership,
    ReplicaMessages messages,
    EntityQueue<Segment> segmentQueue,
    EntityQueue<RfmPolicy> policyQueue,
    IOptions<KubernetesRuntimeOptions> runtime,
    TimeProvider time,
    ILogger<PlanWorker> logger) : IReplicaWork
{
    // Many objects are often applied at once; planning them together costs as much as planning one.
    private static readonly TimeSpan Debounce = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ClaimDelay = TimeSpan.FromSeconds(5);

    // Break points fall due by time alone, and neither a lost message nor a Redis that came back in an earlier state says anything by itself.
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(2);

    private readonly string _shard = runtime.Value.LabelSelector;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var subscription = declarations.Subscribe(registry.ReplanNeeded);
        var beside = Task.WhenAll(
            BeginLeadingAsync(cancellationToken),
            CheckAsync(cancellationToken),
            messages.ListenAsync(ReplicaMessages.Planned, (workspace, _) => registry.ReplanNeeded(workspace), cancellationToken));
        try
        {
            while (await registry.Replans.WaitToReadAsync(cancellationToken))
            {
                await Task.Delay(Debounce, time, cancellationToken);
                var dirty = new HashSet<string>();
                while (registry.Replans.TryRead(out var workspace)) dirty.Add(workspace);
                foreach (var workspace in dirty) await (leadership.IsLeader ? TryPlanAsync(workspace, cancellationToken) : TryFollowAsync(workspace, cancellationToken));
            }
        }
        finally
        {
            await beside.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task BeginLeadingAsync(CancellationToken cancellationToken)
    {
        await leadership.WaitAsync(cancellationToken);
        foreach (var workspace in declarations.Workspaces().Union(registry.All.Select(workspace => workspace.Name))) registry.ReplanNeeded(workspace);
    }

    private async Task TryFollowAsync(string workspace, CancellationToken cancellationToken)
    {
        try
        {
            await FollowAsync(workspace);
        }
        catch (Exception e) when (e is StoreUnavailableException or RedisException)
        {
            // The partitions report the outage.
            _ = RetryAsync(workspace, RetryDelay, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.PlanningFailed(logger, workspace, e);
            _ = RetryAsync(workspace, RetryDelay, cancellationToken);
        }
    }

    private async Task FollowAsync(string name)
    {
        var workspace = registry.Find(name);
        var (version, shard) = await catalogs.ReadClaimAsync(name);
        if (shard != _shard || version == 0)
        {
            // Closed, another operator's, or not planned yet.
            if (workspace is not null) registry.Remove(workspace);
            return;
        }

        // Redis that came back in an earlier state is not followed: the replica that leads writes all of the catalog again.
        if (workspace?.Catalog.Version >= version) return;
        var catalog = await catalogs.ReadAsync(name);
        if (!catalog.CanBeFollowed) return;
        workspace ??= Open(name, catalog);
        workspace.Follow(catalog);
        registry.WakeAll(workspace);
    }

    private async Task TryPlanAsync(string workspace, CancellationToken cancellationToken)
    {
        using var span = Tracing.StartPlan(workspace);
        try
        {
            await PlanAsync(workspace, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            span?.Failed(e.GetType().Name);
            Log.PlanningFailed(logger, workspace, e);
            _ = RetryAsync(workspace, RetryDelay, cancellationToken);
        }
    }

    private async Task PlanAsync(string name, CancellationToken cancellationToken)
    {
        if (registry.Find(name) is null && !declarations.IsWorkspace(name)) return;
        if ((registry.Find(name) ?? await OpenAsync(name)) is not { } workspace)
        {
            _ = RetryAsync(name, ClaimDelay, cancellationToken);
            return;
        }

        var segmentsBefore = workspace.Segments;
        var policiesBefore = workspace.Policies;
        var catalogBefore = workspace.Catalog;
        if (await planning.PlanAsync(workspace, declarations.Read(name)))
        {
            registry.WakeAll(workspace);
            await messages.TellAsync(ReplicaMessages.Planned, name);
        }
        foreach (var segment in segmentsBefore.Keys.Union(workspace.Segments.Keys).Union(catalogBefore.Segments.Keys))
        {
            var same = workspace.Segments.TryGetValue(segment, out var outcome) && outcome.SameAs(segmentsBefore.GetValueOrDefault(segment));
            if (!same) segmentQueue.Enqueue(name, segment); // a deleted one's finalizer waits for this
        }
        foreach (var policy in policiesBefore.Keys.Union(workspace.Policies.Keys))
        {
            var same = workspace.Policies.TryGetValue(policy, out var outcome) && outcome.SameAs(policiesBefore.GetValueOrDefault(policy));
            if (!same) policyQueue.Enqueue(name, policy);
        }

        if (declarations.IsWorkspace(name) || !workspace.IsEmpty) return;
        registry.Remove(workspace);
        await catalogs.ReleaseAsync(name);
        await messages.TellAsync(ReplicaMessages.Planned, name);
        Log.WorkspaceClosed(logger, name);
    }

    /// <returns>Null when another operator serves it.</returns>
    private async Task<Workspace?> OpenAsync(string name)
    {
        var catalog = await catalogs.OpenAsync(name, _shard);
        if (catalog.Shard != _shard)
        {
            if (!registry.IsElsewhere(name, catalog.Shard)) return null;
            Log.WorkspaceElsewhere(logger, name, catalog.Shard);
            foreach (var segment in declarations.Read(name).Segments.Keys) segmentQueue.Enqueue(name, segment);
            return null;
        }

        return Open(name, catalog);
    }

    private Workspace Open(string name, Catalog catalog)
    {
        if (catalog.Partitions != services.Redis.Options.Partitions)
            Log.PartitionCountKept(logger, name, catalog.Partitions, services.Redis.Options.Partitions);
        var workspace = new Workspace(name, catalog, services, registry);
        registry.Add(workspace);
        Log.WorkspaceOpened(logger, name, catalog.Partitions);
        return workspace;
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(CheckInterval, time, cancellationToken);
            if (!leadership.IsLeader)
            {
                foreach (var workspace in declarations.Workspaces().Union(registry.All.Select(workspace => workspace.Name))) registry.ReplanNeeded(workspace);
                continue;
            }
            foreach (var workspace in registry.All)
            {
                try
                {
                    if (declarations.IsWorkspace(workspace.Name) && !await planning.IsDueAsync(workspace)) continue;
                    registry.ReplanNeeded(workspace.Name);

                    // A replica that began after the last object had gone has not heard of the workspace, but has a share of it.
                    if (!declarations.IsWorkspace(workspace.Name)) await messages.TellAsync(ReplicaMessages.Planned, workspace.Name);
                }
                catch (Exception e) when (e is StoreUnavailableException or RedisException)
                {
                    // The partitions report the outage; the next check comes soon.
                }
            }
        }
    }

    private async Task RetryAsync(string workspace, TimeSpan delay, CancellationToken cancellationToken)
    {
        await Task.Delay(delay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        registry.ReplanNeeded(workspace);
    }
}
