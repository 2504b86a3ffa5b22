using Segmentation.Operator.Partitions;
using Segmentation.Resources;

namespace Segmentation.Operator.Workspaces;

/// <summary>
/// Compiles a catalog into what the partitions do by it. Nothing else goes in but how long events are kept, which is configured: every replica that reads
/// the same version does the same.
/// </summary>
internal sealed class CatalogCompiler
{
    private readonly Catalog _catalog;
    private readonly WorkspaceDefinition? _compiled;
    private readonly Dictionary<(string PassKey, string PassId), SegmentDefinition> _segments;

    private CatalogCompiler(Catalog catalog, WorkspacePlan? former, WorkspaceDefinition? compiled)
    {
        _catalog = catalog;
        _compiled = compiled;
        _segments = (former?.Segments ?? []).ToDictionary(s => (s.PassKey, s.PassId), s => s.Definition);
    }

    /// <param name="keepMs">Per event name the age, in milliseconds, from which on an event is wanted no more, definitions apart; null to keep all.</param>
    /// <param name="former">A plan by an earlier version: segments that have not changed are taken from it.</param>
    /// <param name="compiled">What the declarations compile to with the catalog's break points and models; definitions of the same revision are taken from it.</param>
    public static WorkspacePlan Compile(Catalog catalog, Func<string, long?>? keepMs, WorkspacePlan? former = null, WorkspaceDefinition? compiled = null)
    {
        var compiler = new CatalogCompiler(catalog, former, compiled);
        return new WorkspacePlan(
            [.. catalog.Segments.OrderBy(s => s.Key, StringComparer.Ordinal).SelectMany(s => compiler.Track(s.Key, s.Value))],
            [.. catalog.Policies.OrderBy(p => p.Key, StringComparer.Ordinal).SelectMany(p => compiler.Track(p.Key, p.Value))],
            [.. catalog.Segments.Where(s => s.Value.Deleting).Select(s => s.Key).Order(StringComparer.Ordinal)],
            keepMs,
            former) { Version = catalog.Version };
    }

    private IEnumerable<TrackedSegment> Track(string name, SegmentEntry entry)
    {
        if (entry.Deleting) yield break;
        if (entry.Serving is { } serving) yield return Track(name, entry, serving, isServing: true);
        if (entry.Building is { } building && !entry.Suspended && building.WaitsFor(_catalog) is null)
            yield return Track(name, entry, building, isServing: false);
    }

    private TrackedSegment Track(string name, SegmentEntry entry, SegmentRevision revision, bool isServing)
    {
        var passId = revision.PassId(_catalog);
        var declared = _compiled?.Segments.GetValueOrDefault(name);
        var definition = (declared?.Revision == revision.Revision ? declared.Definition : null)
            ?? _segments.GetValueOrDefault((PassKeys.Segment(name, revision.Revision), passId))
            ?? CompileClosure(name, revision);
        return new TrackedSegment(
            name, definition, revision.Revision, isServing, entry.Suspended, entry.Audience ?? "", passId, isServing ? null : entry.Serving?.Revision)
        {
            Moves = revision.PolicyRevisions.Select(p => (Move: MoveOf(p.Key, p.Value, definition.Dependencies.Policies.First(known => known.Name == p.Key)), Policy: p.Key))
                .Where(m => m.Move is not null).ToDictionary(m => revision.PassId(_catalog, m.Policy), m => m.Move!),
        };
    }

    private IEnumerable<TrackedPolicy> Track(string name, PolicyEntry entry)
    {
        if (entry.Serving is { } serving) yield return Track(name, serving, isServing: true);
        if (entry.Building is { } building) yield return Track(name, building, isServing: false);
    }

    private TrackedPolicy Track(string name, PolicyRevision revision, bool isServing)
    {
        var declared = _compiled?.Policies.GetValueOrDefault(name);
        var definition = (declared?.Revision == revision.Revision ? declared.Definition : null)
            ?? RfmPolicyCompiler.Compile(name, revision.Spec, _catalog.PointsOf(name, revision.Revision), _catalog.ModelOf(name, revision.Revision)).Definition!;
        return new TrackedPolicy(definition, revision.Revision, isServing, revision.PassId(name, _catalog))
        {
            Moves = MoveOf(name, revision.Revision, definition) is { } move
                ? new Dictionary<string, PointMove> { [revision.PassId(name, _catalog, back: 1)] = move }
                : new Dictionary<string, PointMove>(),
        };
    }

    private PointMove? MoveOf(string policy, string revision, RfmPolicyDefinition definition) =>
        _catalog.BreakPoints.GetValueOrDefault(PolicyRevision.Key(policy, revision)) is { Before: { } former } entry
            && former.ToBreakPoints() is { } before && entry.ToBreakPoints() is { } now
            ? new PointMove(PolicyRevision.Key(policy, revision), before, now, definition.Hysteresis?.MarginPercent ?? 0)
            : null;

    private SegmentDefinition CompileClosure(string name, SegmentRevision revision)
    {
        var compiled = _catalog.Compile(revision.Segments, revision.Policies, revision.PolicyRevisions).Segments[name];
        return compiled.Definition
            ?? throw new InvalidOperationException($"The stored revision {revision.Revision} of segment {name} no longer compiles: {compiled.Problems[0].Message}");
    }
}
