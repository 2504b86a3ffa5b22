using Segmentation.Operator.Partitions;
using Segmentation.Resources;

namespace Segmentation.Operator.Workspaces;

/// <summary>
/// Decides what a workspace serves and builds next, from what is declared, what the catalog holds and which passes have finished. Pure: the same
/// input gives the same answer, and asking again changes nothing.
/// </summary>
internal sealed class WorkspacePlanner(
    Declarations declared, Catalog catalog, PassProgress progress, Func<string, bool> isDropped, WorkspaceDefinition? former = null, WorkspacePlan? formerPlan = null)
{
    private readonly Dictionary<string, SegmentEntry> _segments = new(catalog.Segments);
    private readonly Dictionary<string, PolicyEntry> _policies = new(catalog.Policies);
    private readonly Dictionary<string, BreakPointsEntry> _breakPoints = new(catalog.BreakPoints);
    private readonly Dictionary<string, ModelEntry> _models = new(catalog.Models);
    private readonly List<string> _unscored = [];
    private readonly Dictionary<string, SegmentOutcome> _segmentOutcomes = [];
    private readonly Dictionary<string, PolicyOutcome> _policyOutcomes = [];

    // Higher than any pass of a former object of the same name, so that a late report of one is not taken for the new one's.
    private int FirstPass => (int)Math.Min(catalog.Version, int.MaxValue / 2);

    // As far as it is decided.
    private Catalog Next => catalog with { Segments = _segments, Policies = _policies, BreakPoints = _breakPoints, Models = _models };

    /// <summary>Per event name the age, in milliseconds, from which on an event is wanted no more, definitions apart; null to keep all.</summary>
    public Func<string, long?>? KeepMs { get; init; }

    public Planning Plan()
    {
        var specs = declared.Segments.ToDictionary(s => s.Key, s => s.Value.Spec);
        var policySpecs = declared.Policies.ToDictionary(p => p.Key, p => p.Value.Spec);
        var revisions = policySpecs.ToDictionary(p => p.Key, p => RfmPolicyCompiler.Compile(p.Key, p.Value));
        foreach (var (name, policy) in revisions) AdvancePolicy(name, policy);
        foreach (var name in _policies.Keys.Where(n => !revisions.ContainsKey(n)).ToArray()) _policies.Remove(name);

        var points = revisions.Where(p => p.Value.Definition is not null).ToDictionary(p => p.Key, p => Next.PointsOf(p.Key, p.Value.Revision!));
        var models = revisions.Where(p => p.Value.Definition is not null).ToDictionary(p => p.Key, PredictionModel? (p) => Next.ModelOf(p.Key, p.Value.Revision!));
        var compiled = WorkspaceCompiler.Compile(specs, policySpecs, Known(points), former, Known(models));
        foreach (var (name, policy) in compiled.Policies) Report(name, policy);
        foreach (var (name, segment) in compiled.Segments) AdvanceSegment(name, segment, compiled);
        foreach (var name in _segments.Keys.Where(n => !compiled.Segments.ContainsKey(n)).ToArray()) Delete(name);
        DropUnused();

        var next = Next;
        return new Planning(
            next,
            CatalogCompiler.Compile(next, KeepMs, formerPlan, compiled),
            _segmentOutcomes,
            _policyOutcomes,
            _unscored,
            compiled);
    }

    private void AdvancePolicy(string name, RfmPolicyCompilation policy)
    {
        if (policy.Definition is null) return;
        var entry = _policies.GetValueOrDefault(name) ?? new PolicyEntry(Passes: FirstPass);
        var revision = policy.Revision!;
        if (entry.Serving?.Revision == revision)
        {
            if (entry.Building is not null) entry = entry with { Building = null };
            if (!HaveSameSchedule(entry.Serving.Spec, declared.Policies[name].Spec))
                entry = entry with { Serving = entry.Serving with { Spec = declared.Policies[name].Spec } };
        }
        else if (entry.Building?.Revision != revision)
        {
            var pass = entry.Passes + 1;
            entry = entry with { Building = new PolicyRevision(revision, pass, declared.Policies[name].Spec), Passes = pass };
        }
        else if (!HaveSameSchedule(entry.Building.Spec, declared.Policies[name].Spec))
        {
            entry = entry with { Building = entry.Building with { Spec = declared.Policies[name].Spec } };
        }
        if (policy.Terms is null && _models.TryGetValue(PolicyKey(name, revision), out var model) && model.Terms is not null)
            _models[PolicyKey(name, revision)] = model.WithoutModel();

        if (policy.Definition.BreakPoints is { } fixedPoints)
            _breakPoints.TryAdd(PolicyKey(name, revision), new BreakPointsEntry(fixedPoints.RecencyMs, fixedPoints.Frequency, fixedPoints.Monetary, 1, 0, 0));
        if (entry.Building is { } building && _breakPoints.ContainsKey(PolicyKey(name, building.Revision)))
            entry = entry with { Serving = building, Building = null };
        if (!entry.Equals(_policies.GetValueOrDefault(name))) _policies[name] = entry;
    }

    // The revision stands for everything that scores follow from; these only say when they are drawn anew, and what the model is fitted to.
    private static bool HaveSameSchedule(RfmPolicySpec a, RfmPolicySpec b) =>
        a.Suspend == b.Suspend && a.Scoring.RecomputeEvery == b.Scoring.RecomputeEvery && a.Predictions == b.Predictions;

    private void Report(string name, RfmPolicyCompilation policy)
    {
        var entry = _policies.GetValueOrDefault(name);
        if (entry?.Building is { } building && progress.IsDone(PassKeys.Policy(name, building.Revision), building.PassId(name, Next))) _unscored.Add(name);
        var points = entry?.Serving is { } serving ? _breakPoints.GetValueOrDefault(PolicyKey(name, serving.Revision)) : null;
        _policyOutcomes[name] = new PolicyOutcome(
            declared.Policies[name].Generation, policy.Problems, entry?.Serving?.Revision, points, entry?.Building is not null,
            entry?.Serving is { } serves ? _models.GetValueOrDefault(PolicyKey(name, serves.Revision)) : null);
    }

    private void AdvanceSegment(string name, SegmentCompilation segment, WorkspaceDefinition compiled)
    {
        var spec = declared.Segments[name];
        var entry = _segments.GetValueOrDefault(name) ?? new SegmentEntry(Passes: FirstPass);
        if (entry.Deleting)
        {
            // An object of the same name came back before the data of the former one was gone: first the one, then the other.
            Delete(name);
            _segmentOutcomes[name] = new SegmentOutcome(spec.Generation, [], null, null, null, null, null);
            return;
        }

        entry = Suspend(entry, spec.Spec.Suspend);
        if (segment.Definition is not null && !entry.Suspended) entry = Revise(entry, segment, compiled);
        entry = entry with { Audience = declared.Audiences.GetValueOrDefault(name, "") };
        var waitsFor = entry.Building?.WaitsFor(Next);
        var passId = waitsFor is null ? entry.Building?.PassId(Next) : null;
        if (passId is not null && !entry.Suspended && progress.IsDone(PassKeys.Segment(name, entry.Building!.Revision), passId))
            entry = entry with { Serving = entry.Building, Building = null };

        if (!entry.Equals(_segments.GetValueOrDefault(name))) _segments[name] = entry;
        _segmentOutcomes[name] = new SegmentOutcome(
            spec.Generation, segment.Problems, entry.Serving?.Revision, entry.Building?.Revision,
            entry.Building is null || passId is null ? null : PassKeys.Segment(name, entry.Building.Revision), passId, waitsFor);
    }

    private static SegmentEntry Suspend(SegmentEntry entry, bool suspend)
    {
        if (entry.Suspended == suspend) return entry;
        if (suspend) return entry with { Suspended = true };
        var pass = entry.Passes + 1;
        return entry with { Suspended = false, Passes = pass, Serving = Again(entry.Serving), Building = Again(entry.Building) };

        SegmentRevision? Again(SegmentRevision? revision) => revision is null ? null : revision with { Pass = pass };
    }

    private SegmentEntry Revise(SegmentEntry entry, SegmentCompilation segment, WorkspaceDefinition compiled)
    {
        if (entry.Serving?.Revision == segment.Revision) return entry.Building is null ? entry : entry with { Building = null };
        if (entry.Building?.Revision == segment.Revision) return entry;
        var pass = entry.Passes + 1;
        return entry with { Building = Closure(segment, pass, compiled), Passes = pass };
    }

    private SegmentRevision Closure(SegmentCompilation segment, int pass, WorkspaceDefinition compiled)
    {
        var dependencies = segment.Definition!.Dependencies;
        var names = dependencies.Segments.Select(s => s.Name).Append(segment.Name);
        var policies = dependencies.Policies.Select(p => p.Name).ToArray();
        return new SegmentRevision(
            segment.Revision!,
            pass,
            names.ToDictionary(n => n, n => declared.Segments[n].Spec),
            policies.ToDictionary(n => n, n => declared.Policies[n].Spec),
            policies.ToDictionary(n => n, n => compiled.Policies[n].Revision!));
    }

    private void Delete(string name)
    {
        if (isDropped(name))
        {
            _segments.Remove(name);
            return;
        }
        if (!_segments[name].Deleting) _segments[name] = _segments[name] with { Deleting = true };
    }

    private void DropUnused()
    {
        var used = _policies.SelectMany(p => new[] { p.Value.Serving, p.Value.Building }.OfType<PolicyRevision>().Select(r => PolicyKey(p.Key, r.Revision)))
            .Concat(_segments.Values.SelectMany(s => new[] { s.Serving, s.Building }).OfType<SegmentRevision>()
                .SelectMany(r => r.PolicyRevisions).Select(p => PolicyKey(p.Key, p.Value)))
            .ToHashSet();
        foreach (var key in _breakPoints.Keys.Where(k => !used.Contains(k)).ToArray()) _breakPoints.Remove(key);
        foreach (var key in _models.Keys.Where(k => !used.Contains(k)).ToArray()) _models.Remove(key);
    }

    private static Dictionary<string, T> Known<T>(Dictionary<string, T?> data)
        where T : class =>
        data.Where(p => p.Value is not null).ToDictionary(p => p.Key, p => p.Value!);

    public static string PolicyKey(string policy, string revision) => PolicyRevision.Key(policy, revision);
}

/// <summary>What the planner decided.</summary>
/// <param name="Catalog">To be stored before <paramref name="Plan"/> is published.</param>
/// <param name="Plan">What the partitions do by that catalog; its version is known once that is stored.</param>
/// <param name="Unscored">Policies whose dimensions are complete and whose break points are to be computed now.</param>
/// <param name="Compiled">To be given to the next planning, which takes unchanged definitions over from it.</param>
internal sealed record Planning(
    Catalog Catalog,
    WorkspacePlan Plan,
    IReadOnlyDictionary<string, SegmentOutcome> Segments,
    IReadOnlyDictionary<string, PolicyOutcome> Policies,
    IReadOnlyList<string> Unscored,
    WorkspaceDefinition Compiled);
