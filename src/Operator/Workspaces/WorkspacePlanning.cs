namespace Segmentation.Operator.Workspaces;

/// <summary>Plans one workspace: decides, computes the break points that are due, stores the catalog, and only then puts the plan into force.</summary>
internal sealed class WorkspacePlanning(CatalogStore catalogs, BreakPointCalculator breakPoints)
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
        var stored = await StoredAsync(workspace);
        var planning = Decide(workspace, declared, Known(workspace.Catalog, stored).With(fits));
        while (await breakPoints.ScoreAsync(workspace, planning) is { } scored) planning = Decide(workspace, declared, scored);

        var written = await catalogs.WriteAsync(workspace.Name, stored, planning.Catalog);
        workspace.Catalog = written;
        foreach (var fit in fits) workspace.Fits.TryRemove(fit);
        workspace.Segments = planning.Segments;
        workspace.Policies = planning.Policies;
        workspace.Compiled = planning.Compiled;
        workspace.IsPlanned = true;
        if (written.Version == workspace.Plan?.Version) return false;
        planning.Plan.Version = written.Version;
        workspace.Publish(planning.Plan);
        return true;
    }

    private async Task<Catalog> StoredAsync(Workspace workspace) =>
        await catalogs.ReadVersionAsync(workspace.Name) == workspace.Catalog.Version ? workspace.Catalog : await catalogs.ReadAsync(workspace.Name);

    // An earlier version than the one known: Redis came back in an earlier state, and all of the catalog is written again. A later one was written by
    // another leader, or by this one, whose answer was lost: that is what the partitions follow.
    private static Catalog Known(Catalog known, Catalog stored) => stored.Version > known.Version ? stored : known;

    private static Planning Decide(Workspace workspace, Declarations declared, Catalog catalog) =>
        new WorkspacePlanner(declared, catalog, workspace.Passes, workspace.IsDropped, workspace.Compiled, workspace.Plan) { KeepMs = workspace.KeepMs }.Plan();
}
