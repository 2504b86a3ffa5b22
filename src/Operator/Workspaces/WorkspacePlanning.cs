using Microsoft.Extensions.Options;
using Segmentation.Operator.Partitions;

namespace Segmentation.Operator.Workspaces;

/// <summary>Plans one workspace: decides, computes the break points that are due, stores the catalog, and only then puts the plan into force.</summary>
internal sealed class WorkspacePlanning(CatalogStore catalogs, BreakPointCalculator breakPoints, IOptions<RetentionOptions> retention)
{
    /// <summary>Never for one workspace twice at once.</summary>
    /// <returns>Whether the partitions have something else to do than before, and must be woken.</returns>
    public async Task<bool> PlanAsync(Workspace workspace, Declarations declared)
    {
        var changed = await PlanOnceAsync(workspace, declared);

        // A segment that came back before the data of its former life was gone begins its new one as soon as it is.
        var begins = declared.Segments.Keys.Any(name => !workspace.Catalog.Segments.ContainsKey(name));
        return (begins && await PlanOnceAsync(workspace, declared)) || changed;
    }

    /// <summary>Whether planning would do something although nothing was declared: break points are due, or Redis came back in an earlier state.</summary>
    public async Task<bool> IsDueAsync(Workspace workspace) =>
        await catalogs.ReadVersionAsync(workspace.Name) != workspace.Catalog.Version || await breakPoints.IsAnyDueAsync(workspace);

    private async Task<bool> PlanOnceAsync(Workspace workspace, Declarations declared)
    {
        var fits = workspace.Fits.ToArray();
        var planning = Decide(workspace, declared, workspace.Catalog.With(fits));
        while (await breakPoints.ScoreAsync(workspace, planning) is { } scored) planning = Decide(workspace, declared, scored);

        var written = await catalogs.WriteAsync(workspace.Name, await StoredAsync(workspace), planning.Catalog);
        foreach (var dropped in workspace.Catalog.Segments.Keys.Where(s => !planning.Catalog.Segments.ContainsKey(s))) workspace.ForgetDropped(dropped);
        workspace.Catalog = written;
        foreach (var fit in fits) workspace.Fits.TryRemove(fit);
        workspace.Segments = planning.Segments;
        workspace.Policies = planning.Policies;
        workspace.Compiled = planning.Compiled;
        workspace.IsPlanned = true;
        if (planning.Plan.SameAs(workspace.Plan)) return false;
        workspace.Plan = planning.Plan;
        workspace.Passes.Retain(planning.Plan.Passes);
        return true;
    }

    // Another version than the one written last: Redis came back in an earlier state, and all of the catalog is written again.
    private async Task<Catalog> StoredAsync(Workspace workspace) =>
        await catalogs.ReadVersionAsync(workspace.Name) == workspace.Catalog.Version ? workspace.Catalog : await catalogs.ReadAsync(workspace.Name);

    private Planning Decide(Workspace workspace, Declarations declared, Catalog catalog) =>
        new WorkspacePlanner(declared, catalog, workspace.Passes, workspace.IsDropped, workspace.Compiled) { KeepMs = KeepMsIn(workspace.Name) }.Plan();

    private Func<string, long?>? KeepMsIn(string workspace) =>
        retention.Value.IsFor(workspace) ? eventName => retention.Value.KeepMs(workspace, eventName) : null;
}
