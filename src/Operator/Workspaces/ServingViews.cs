using System.Collections.Concurrent;
using Segmentation.Resources;

namespace Segmentation.Operator.Workspaces;

/// <summary>What a workspace serves, for readers: from the catalog in Redis, so that every replica answers alike. At most a second old.</summary>
internal sealed class ServingViews(CatalogStore catalogs, TimeProvider time)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (long ReadAt, ServingView View)> _views = new();

    /// <exception cref="Storage.StoreUnavailableException">Redis did not answer.</exception>
    public async Task<ServingView> GetAsync(string workspace)
    {
        if (_views.TryGetValue(workspace, out var known) && time.GetElapsedTime(known.ReadAt) < Freshness) return known.View;
        var readAt = time.GetTimestamp();
        var view = ServingView.Of(await catalogs.ReadAsync(workspace), known.View);
        _views[workspace] = (readAt, view);
        return view;
    }

    /// <summary>
    /// Whether these segments still serve the revisions that were read; when not, the next view is a new one. To be asked after reading members:
    /// an edit that takes effect drops those of the revision before, so what was read meanwhile may be a part of them.
    /// </summary>
    /// <exception cref="Storage.StoreUnavailableException">Redis did not answer.</exception>
    public async Task<bool> StillServesAsync(string workspace, IReadOnlyList<ServingSegment> segments)
    {
        if (segments.Count == 0) return true;
        var revisions = await catalogs.ServingRevisionsAsync(workspace, segments.Select(s => s.Definition.Name));
        if (segments.Select(s => s.Revision).SequenceEqual(revisions)) return true;
        _views.TryRemove(workspace, out _);
        return false;
    }
}

/// <summary>The serving definitions of a workspace, by name.</summary>
internal sealed record ServingView(IReadOnlyList<ServingSegment> Segments, IReadOnlyList<RfmPolicyDefinition> Policies)
{
    public ServingSegment? Find(string segment) => Segments.FirstOrDefault(s => s.Definition.Name == segment);

    /// <param name="former">Definitions that have not changed are taken from here instead of being compiled again.</param>
    public static ServingView Of(Catalog catalog, ServingView? former)
    {
        var segments = catalog.Segments
            .Where(s => s.Value is { Serving: not null, Deleting: false })
            .OrderBy(s => s.Key, StringComparer.Ordinal)
            .Select(s => ServingSegment.Of(s.Key, s.Value.Serving!, catalog, former?.Find(s.Key)));
        var policies = catalog.Policies
            .Where(p => p.Value.Serving is not null)
            .OrderBy(p => p.Key, StringComparer.Ordinal)
            .Select(p => ServingSegment.Compile(
                new Dictionary<string, SegmentSpec>(),
                new Dictionary<string, RfmPolicySpec> { [p.Key] = p.Value.Serving!.Spec },
                new Dictionary<string, string> { [p.Key] = p.Value.Serving.Revision },
                catalog).Policies[p.Key].Definition!);
        return new ServingView([.. segments], [.. policies]);
    }
}

/// <param name="Version">Of the break points that the definition was compiled with.</param>
internal sealed record ServingSegment(SegmentDefinition Definition, string Revision, string Version)
{
    public static ServingSegment Of(string name, SegmentRevision revision, Catalog catalog, ServingSegment? former)
    {
        var version = string.Join('.', revision.PolicyRevisions.OrderBy(p => p.Key, StringComparer.Ordinal)
            .Select(p => catalog.BreakPoints.GetValueOrDefault(WorkspacePlanner.PolicyKey(p.Key, p.Value))?.Version ?? 0));
        if (former?.Revision == revision.Revision && former.Version == version) return former;
        var definition = Compile(revision.Segments, revision.Policies, revision.PolicyRevisions, catalog).Segments[name].Definition!;
        return new ServingSegment(definition, revision.Revision, version);
    }

    public static WorkspaceDefinition Compile(
        IReadOnlyDictionary<string, SegmentSpec> segments,
        IReadOnlyDictionary<string, RfmPolicySpec> policies,
        IReadOnlyDictionary<string, string> policyRevisions,
        Catalog catalog)
    {
        var points = policyRevisions
            .Select(p => (p.Key, Points: catalog.BreakPoints.GetValueOrDefault(WorkspacePlanner.PolicyKey(p.Key, p.Value))?.ToBreakPoints()))
            .Where(p => p.Points is not null)
            .ToDictionary(p => p.Key, p => p.Points!);
        return WorkspaceCompiler.Compile(segments, policies, points);
    }
}
