using Kubernetes.LeaderElection;
using Kubernetes.Queue;
using Segmentation.Operator.Storage;
using Segmentation.Resources;
using StackExchange.Redis;

namespace Segmentation.Operator.Workspaces;

/// <summary>
/// Turns declarations into plans: whenever an object changes, a pass finishes or break points are due, the workspace is planned anew, the catalog
/// is stored, and the partitions get the plan. One loop, so that a workspace is never planned twice at once.
/// </summary>
internal sealed class PlanWorker(
    DeclarationReader declarations,
    WorkspaceRegistry registry,
    CatalogStore catalogs,
    BreakPointCalculator breakPoints,
    WorkspaceServices services,
    EntityQueue<Segment> segmentQueue,
    EntityQueue<RfmPolicy> policyQueue,
    TimeProvider time,
    ILogger<PlanWorker> logger) : ILeaderWork
{
    // Many objects are often applied at once; planning them together costs as much as planning one.
    private static readonly TimeSpan Debounce = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BreakPointCheckInterval = TimeSpan.FromSeconds(5);

    private readonly string _identity = $"{Environment.MachineName}-{Guid.NewGuid().ToString("N")[..8]}";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        registry.Clear();
        using var subscription = declarations.Subscribe(registry.ReplanNeeded);
        var checks = CheckBreakPointsAsync(cancellationToken);
        try
        {
            while (await registry.Replans.WaitToReadAsync(cancellationToken))
            {
                await Task.Delay(Debounce, time, cancellationToken);
                var dirty = new HashSet<string>();
                while (registry.Replans.TryRead(out var workspace)) dirty.Add(workspace);
                foreach (var workspace in dirty) await TryPlanAsync(workspace, cancellationToken);
            }
        }
        finally
        {
            await checks.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TryPlanAsync(string workspace, CancellationToken cancellationToken)
    {
        try
        {
            await PlanAsync(workspace);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.PlanningFailed(logger, workspace, e);
            _ = RetryAsync(workspace, cancellationToken);
        }
    }

    private async Task PlanAsync(string name)
    {
        var workspace = registry.Find(name) ?? await OpenAsync(name);
        var declared = declarations.Read(name);
        var planning = Decide(workspace, declared, workspace.Catalog);
        while (await breakPoints.ScoreAsync(workspace, planning) is { } scored) planning = Decide(workspace, declared, scored);

        await catalogs.WriteAsync(name, workspace.Catalog, planning.Catalog);
        foreach (var dropped in workspace.Catalog.Segments.Keys.Where(s => !planning.Catalog.Segments.ContainsKey(s)))
        {
            workspace.ForgetDropped(dropped);
            segmentQueue.Enqueue(name, dropped); // its finalizer waits for this
        }
        workspace.Catalog = planning.Catalog;
        workspace.Compiled = planning.Compiled;
        workspace.IsPlanned = true;
        Publish(workspace, planning);
    }

    private static Planning Decide(Workspace workspace, Declarations declared, Catalog catalog) =>
        new WorkspacePlanner(declared, catalog, workspace.Passes, workspace.IsDropped, workspace.Compiled).Plan();

    private void Publish(Workspace workspace, Planning planning)
    {
        var segmentsBefore = workspace.Segments;
        var policiesBefore = workspace.Policies;
        workspace.Segments = planning.Segments;
        workspace.Policies = planning.Policies;
        if (!planning.Plan.SameAs(workspace.Plan))
        {
            workspace.Plan = planning.Plan;
            workspace.Passes.Retain(planning.Plan.Passes);
            registry.WakeAll(workspace);
        }
        foreach (var name in segmentsBefore.Keys.Union(planning.Segments.Keys))
        {
            if (planning.Segments.GetValueOrDefault(name)?.SameAs(segmentsBefore.GetValueOrDefault(name)) != true) segmentQueue.Enqueue(workspace.Name, name);
        }
        foreach (var name in policiesBefore.Keys.Union(planning.Policies.Keys))
        {
            if (planning.Policies.GetValueOrDefault(name)?.SameAs(policiesBefore.GetValueOrDefault(name)) != true) policyQueue.Enqueue(workspace.Name, name);
        }
    }

    private async Task<Workspace> OpenAsync(string name)
    {
        var catalog = await catalogs.OpenAsync(name);
        if (catalog.Partitions != services.Redis.Options.Partitions)
            Log.PartitionCountKept(logger, name, catalog.Partitions, services.Redis.Options.Partitions);
        var workspace = new Workspace(name, catalog, _identity, services, registry);
        registry.Add(workspace);
        Log.WorkspaceOpened(logger, name, catalog.Partitions);
        return workspace;
    }

    private async Task CheckBreakPointsAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(BreakPointCheckInterval, time, cancellationToken);
            foreach (var workspace in registry.All.Where(w => w.Catalog.Policies.Count > 0))
            {
                try
                {
                    if (await breakPoints.IsAnyDueAsync(workspace)) registry.ReplanNeeded(workspace.Name);
                }
                catch (Exception e) when (e is StoreUnavailableException or RedisException)
                {
                    // The partitions report the outage; the next check comes soon.
                }
            }
        }
    }

    private async Task RetryAsync(string workspace, CancellationToken cancellationToken)
    {
        await Task.Delay(RetryDelay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        registry.ReplanNeeded(workspace);
    }
}
