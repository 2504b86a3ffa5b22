using System.Collections.Frozen;
using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Partitions;

/// <summary>
/// Everything that the partitions of a workspace evaluate, compiled and immutable. A new plan is published whenever a definition, a serving
/// revision or a policy's break points change; each partition adopts it at the start of its next turn.
/// </summary>
internal sealed class WorkspacePlan
{
    public static readonly WorkspacePlan Empty = new([], [], []);

    private readonly FrozenDictionary<string, Affected> _byEvent;
    private readonly bool[] _isWatched;
    private readonly HashSet<string> _askOfThemselves;
    private readonly Func<string, long?>? _keepMs;
    private readonly Dictionary<string, long> _reachMs = [];

    /// <param name="keepMs">Per event name the age, in milliseconds, from which on an event is wanted no more, definitions apart; null for never.</param>
    /// <param name="former">The plan before, whose layout is kept if it is the same.</param>
    public WorkspacePlan(
        IReadOnlyList<TrackedSegment> segments, IReadOnlyList<TrackedPolicy> policies, IReadOnlyList<string> deletedSegments, Func<string, long?>? keepMs = null,
        WorkspacePlan? former = null)
    {
        _keepMs = keepMs;
        foreach (var (name, reachMs) in segments.SelectMany(s => s.Dependencies.EventReachMs).Concat(policies.SelectMany(p => p.EventReachMs)))
            _reachMs[name] = Math.Max(_reachMs.GetValueOrDefault(name), reachMs);
        Segments = segments;
        Policies = policies;
        Layout = PlanLayout.Of(former?.Layout, [.. segments.Select(s => s.PassKey)], [.. policies.Select(p => p.PassKey)]);
        DeletedSegments = deletedSegments;
        var asked = segments.SelectMany(s => s.Dependencies.Entries).ToHashSet();
        _isWatched = [.. segments.Select(s => s.IsServing && asked.Contains(s.Name))];
        _askOfThemselves = [.. segments.SelectMany(s => s.Dependencies.Segments.Append(s.Definition)).Where(AsksOfItself).Select(d => d.Name)];
        Watched = [.. segments.Where((_, i) => _isWatched[i]).Select(s => new WatchedSegment(s.Name, s.Revision)).OrderBy(s => s.Name, StringComparer.Ordinal)];
        var live = Enumerable.Range(0, segments.Count).Where(i => !segments[i].IsFrozen).ToArray();
        Everything = new Affected(live, [.. Enumerable.Range(0, policies.Count)]);
        ByProperty = new Affected([.. live.Where(i => segments[i].Dependencies.ReadsProfileProperties)], []);

        // An event or refund that lies in the future takes effect when its time comes, whatever the rule's window.
        ByTime = new Affected(
            [.. live.Where(i => segments[i].Dependencies is { DependsOnTime: true } or { EventNames.Count: > 0 })], Everything.Policies);
        _byEvent = segments.SelectMany(s => s.Dependencies.EventNames)
            .Concat(policies.SelectMany(p => p.EventNames))
            .Distinct()
            .ToFrozenDictionary(name => name, name => new Affected(
                [.. live.Where(i => segments[i].Dependencies.EventNames.Contains(name))],
                [.. Everything.Policies.Where(i => policies[i].EventNames.Contains(name))]));
    }

    /// <summary>The version of the catalog that it follows from; another version is another plan. Set before it is published.</summary>
    public long Version { get; set; }

    public IReadOnlyList<TrackedSegment> Segments { get; }

    public IReadOnlyList<TrackedPolicy> Policies { get; }

    /// <summary>Where each of them stands.</summary>
    public PlanLayout Layout { get; }

    /// <summary>Segments whose data every partition must drop.</summary>
    public IReadOnlyList<string> DeletedSegments { get; }

    /// <summary>The segments of which some rule asks when profiles entered them; by name.</summary>
    public IReadOnlyList<WatchedSegment> Watched { get; }

    public Affected Everything { get; }

    public Affected ByProperty { get; }

    public Affected ByTime { get; }

    /// <summary>Every pass that some partition may still have to do.</summary>
    public IReadOnlySet<(string Key, string PassId)> Passes =>
        Segments.Select(s => (s.PassKey, s.PassId)).Concat(Policies.Select(p => (p.PassKey, p.PassId))).ToHashSet();

    private static bool AsksOfItself(SegmentDefinition definition) => definition.Dependencies.Entries.Contains(definition.Name);

    /// <summary>
    /// Whether everything that another plan has goes on, and serves or does not as there, so that following this one instead changes nothing of what the
    /// store holds of it.
    /// </summary>
    public bool GoesOnFrom(WorkspacePlan before) =>
        before.Segments.All(s => Layout.IndexOfSegment(s.PassKey) is { } index && Segments[index].IsServing == s.IsServing)
        && before.Policies.All(p => Layout.IndexOfPolicy(p.PassKey) is { } index && Policies[index].IsServing == p.IsServing);

    /// <summary>Whether the segment at this index is one of <see cref="Watched"/>, so that its moves are remembered with the profile.</summary>
    public bool IsWatched(int segment) => _isWatched[segment];

    /// <summary>Whether entering the segment changes what its own rule reads from the next millisecond on.</summary>
    public bool EnteringChangesItself(string segment) => _askOfThemselves.Contains(segment);

    /// <summary>Whether any event is ever forgotten for its age.</summary>
    public bool Forgets => _keepMs is not null;

    /// <summary>
    /// The age, in milliseconds, from which on an event of this name may be forgotten: as configured, but never one at which a definition may still
    /// need it; null for never.
    /// </summary>
    public long? KeepMs(string eventName) =>
        _keepMs?.Invoke(eventName) is { } keepMs && _reachMs.GetValueOrDefault(eventName) is var reachMs and < long.MaxValue ? Math.Max(keepMs, reachMs) : null;

    /// <summary>What an event of this name can change. O(1).</summary>
    public Affected ByEvent(string name) => _byEvent.GetValueOrDefault(name, Affected.Nothing);
}

/// <summary>Indexes of the segments and policies of a plan that something can change.</summary>
internal sealed record Affected(int[] Segments, int[] Policies)
{
    public static readonly Affected Nothing = new([], []);

    public bool IsEmpty => Segments.Length == 0 && Policies.Length == 0;

    public Affected Union(Affected other) =>
        new([.. Segments.Union(other.Segments).Order()], [.. Policies.Union(other.Policies).Order()]);
}

/// <summary>One revision of a segment whose membership the partitions keep.</summary>
/// <param name="Name">The segment.</param>
/// <param name="Definition">Its compiled rule.</param>
/// <param name="Revision">Names the definition, so that two revisions have separate members.</param>
/// <param name="IsServing">Whether this revision's members are the segment's members; otherwise it is being built beside them.</param>
/// <param name="IsFrozen">A suspended segment: its members stay as they are.</param>
/// <param name="Audience">The uids of the AudienceSyncs that read the segment's outbox, separated by spaces; empty when there is none.</param>
/// <param name="PassId">A pass over all profiles is due in each partition that has not finished the one of this name.</param>
/// <param name="ServingRevision">The revision that serves meanwhile, whose joined-at is kept by those who stay; null for the first.</param>
internal sealed record TrackedSegment(
    string Name,
    SegmentDefinition Definition,
    string Revision,
    bool IsServing,
    bool IsFrozen,
    string Audience,
    string PassId,
    string? ServingRevision)
{
    /// <summary>By the name of a former pass how break points have moved since, where nothing else has.</summary>
    public IReadOnlyDictionary<string, PointMove> Moves { get; init; } = FrozenDictionary<string, PointMove>.Empty;

    /// <summary>Whether an AudienceSync reads the segment's outbox.</summary>
    public bool HasAudience => Audience.Length > 0;

    /// <summary>What can change it.</summary>
    public RuleDependencies Dependencies => Definition.Dependencies;

    /// <summary>Whether its rule asks when profiles entered this very segment, also of those that have left.</summary>
    public bool AsksOfItself { get; } = Definition.Dependencies.Entries.Contains(Name);

    /// <summary>Whether it is remembered of profiles that leave when they had entered.</summary>
    public bool RemembersEntering => IsServing && AsksOfItself;

    /// <summary>Who is told when its members change.</summary>
    public FlipAudience Tells => !IsServing ? FlipAudience.None : HasAudience ? FlipAudience.Outbox : FlipAudience.Statistics;

    /// <summary>Names the pass in the owner hash.</summary>
    public string PassKey { get; } = PassKeys.Segment(Name, Revision);
}

/// <summary>One revision of an RFM policy whose dimensions, and, once it serves, tiers the partitions keep.</summary>
internal sealed record TrackedPolicy(RfmPolicyDefinition Definition, string Revision, bool IsServing, string PassId)
{
    /// <inheritdoc cref="TrackedSegment.Moves"/>
    public IReadOnlyDictionary<string, PointMove> Moves { get; init; } = FrozenDictionary<string, PointMove>.Empty;

    public string Name => Definition.Name;

    public string PassKey { get; } = PassKeys.Policy(Definition.Name, Revision);

    public string Key { get; } = $"{Definition.Name}@{Revision}";

    public IReadOnlyList<string> EventNames { get; } =
        Definition.RefundEvent is { } refund ? [Definition.PurchaseEvent, refund] : [Definition.PurchaseEvent];

    /// <summary>
    /// Per event name the age, in milliseconds, from which on it counts no more: a day more than the window, for models are fitted to what was known at the
    /// end of the day before.
    /// </summary>
    public IEnumerable<KeyValuePair<string, long>> EventReachMs => EventNames.Select(name => KeyValuePair.Create(name, Definition.WindowMs + PurchaseSummary.DayMs));
}

/// <summary>The names of passes: <c>segment/name@revision</c> and <c>policy/name@revision</c>.</summary>
internal static class PassKeys
{
    public static string Segment(string name, string revision) => $"segment/{name}@{revision}";

    public static string Policy(string name, string revision) => Policy($"{name}@{revision}");

    /// <param name="policyKey">As <see cref="TrackedPolicy.Key"/>.</param>
    public static string Policy(string policyKey) => "policy/" + policyKey;

    public static bool TryParse(string key, out bool isSegment, out string name, out string revision)
    {
        isSegment = key.StartsWith("segment/", StringComparison.Ordinal);
        var at = key.LastIndexOf('@');
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        name = slash >= 0 && at > slash ? key[(slash + 1)..at] : "";
        revision = at >= 0 ? key[(at + 1)..] : "";
        return name.Length > 0;
    }
}
