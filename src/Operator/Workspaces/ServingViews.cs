using System.Collections.Concurrent;
using Segmentation.Operator.Storage;
using Segmentation.Resources;

namespace Segmentation.Operator.Workspaces;

/// <summary>What a workspace serves, for readers: from the catalog in Redis, so that every replica answers alike.</summary>
internal sealed class ServingViews(CatalogStore catalogs)
{
    private const int MaxTries = 5;

    private readonly ConcurrentDictionary<string, (long Version, ServingView View)> _views = new();

    /// <summary>
    /// Reads with the current view. A swap removes the former revision's members, so what was read while the catalog changed is read again.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Redis did not answer, or the catalog changed all the time.</exception>
    public async Task<T> ReadAsync<T>(string workspace, Func<ServingView, Task<T>> read)
    {
        var version = await catalogs.ReadVersionAsync(workspace);
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var result = await read(await GetAsync(workspace, version));
            var after = await catalogs.ReadVersionAsync(workspace);
            if (after == version) return result;
            version = after;
        }
        throw new StoreUnavailableException("The catalog changed while it was read.");
    }

    private async Task<ServingView> GetAsync(string workspace, long version)
    {
        if (_views.TryGetValue(workspace, out var known) && known.Version == version) return known.View;
        var catalog = await catalogs.ReadAsync(workspace);
        var view = ServingView.Of(catalog, known.View);
        _views[workspace] = (catalog.Version, view);
        return view;
    }
}

/// <summary>The serving definitions of a workspace, by name.</summary>
internal sealed record ServingView(IReadOnlyList<ServingSegment> Segments, IReadOnlyList<RfmPolicyDefinition> Policies)
{
    /// <summary>How many the workspace has.</summary>
    public int Partitions { get; init; }

    /// <summary>The segments of which some rule asks when profiles entered them.</summary>
    public IReadOnlyList<WatchedSegment> Watched { get; } =
        [.. Segments.IntersectBy(Segments.SelectMany(s => s.Definition.Dependencies.Entries), s => s.Definition.Name)
            .Select(s => new WatchedSegment(s.Definition.Name, s.Revision))];

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
            .Select(p => catalog.Compile(
                new Dictionary<string, SegmentSpec>(),
                new Dictionary<string, RfmPolicySpec> { [p.Key] = p.Value.Serving!.Spec },
                new Dictionary<string, string> { [p.Key] = p.Value.Serving.Revision }).Policies[p.Key].Definition!);
        return new ServingView([.. segments], [.. policies]) { Partitions = catalog.Partitions };
    }
}

/// <param name="Version">Of the break points and the models that the definition was compiled with.</param>
internal sealed record ServingSegment(SegmentDefinition Definition, string Revision, string Version)
{
    public static ServingSegment Of(string name, SegmentRevision revision, Catalog catalog, ServingSegment? former)
    {
        var version = string.Join('.', revision.PolicyRevisions.OrderBy(p => p.Key, StringComparer.Ordinal)
            .Select(p => catalog.DataVersion(p.Key, p.Value)));
        if (former?.Revision == revision.Revision && former.Version == version) return former;
        var definition = catalog.Compile(revision.Segments, revision.Policies, revision.PolicyRevisions).Segments[name].Definition!;
        return new ServingSegment(definition, revision.Revision, version);
    }
}
