using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Telemetry;
using Segmentation.Resources;

namespace Segmentation.Operator.Workspaces;

/// <summary>One namespace's data while this replica owns it: its partitions, the plan they follow, and what became of each declaration.</summary>
internal sealed class Workspace : IPartitionHost
{
    private readonly BusinessClock _clock;
    private readonly DataPlaneMetrics _metrics;
    private readonly IWorkspaceListener _listener;
    private readonly ConcurrentDictionary<(string Segment, int Partition), bool> _dropped = new();
    private readonly ConcurrentDictionary<int, bool> _takenOver = new();
    private volatile WorkspacePlan? _plan;

    public Workspace(string name, Catalog catalog, string identity, WorkspaceServices services, IWorkspaceListener listener)
    {
        Name = name;
        Catalog = catalog;
        Identity = identity;
        PartitionCount = catalog.Partitions;
        Passes = new PassProgress(catalog.Partitions);
        _clock = services.Clock;
        _metrics = services.Metrics;
        _listener = listener;
        var budget = new CacheBudget(services.Options.Value.CachedOccurrences, PartitionCount);
        Slots = [.. Enumerable.Range(0, PartitionCount).Select(number =>
            new PartitionSlot(new Partition(
                services.Redis, services.Log, this, name, number, services.Options.Value, services.Retention.Value.Interval, budget)))];
    }

    public string Name { get; }

    public IReadOnlyList<PartitionSlot> Slots { get; }

    public PassProgress Passes { get; }

    /// <summary>As last stored.</summary>
    public Catalog Catalog { get; set; }

    /// <summary>What the declarations compiled to when they were last planned.</summary>
    public WorkspaceDefinition? Compiled { get; set; }

    /// <summary>By <c>policy@revision</c>: attempts to fit a model that are not in the catalog yet.</summary>
    public ConcurrentDictionary<string, ModelFit> Fits { get; } = new();

    public IReadOnlyDictionary<string, SegmentOutcome> Segments { get; set; } = new Dictionary<string, SegmentOutcome>();

    public IReadOnlyDictionary<string, PolicyOutcome> Policies { get; set; } = new Dictionary<string, PolicyOutcome>();

    /// <summary>Whether it has been planned since this replica owns it, so that the catalog reflects what is declared.</summary>
    public bool IsPlanned { get; set; }

    public string Identity { get; }

    public int PartitionCount { get; }

    public long NowMs => _clock.NowMs;

    public WorkspacePlan? Plan
    {
        get => _plan;
        set => _plan = value;
    }

    /// <summary>Whether nothing is planned and nothing is left of what was, in every partition.</summary>
    public bool IsEmpty => Catalog.Segments.Count == 0 && Catalog.Policies.Count == 0 && Plan is { } plan && Slots.All(slot => slot.Partition.Follows(plan));

    /// <summary>Whether every partition has dropped a deleted segment's data.</summary>
    public bool IsDropped(string segment) => Enumerable.Range(0, PartitionCount).All(p => _dropped.ContainsKey((segment, p)));

    public void ForgetDropped(string segment)
    {
        for (var p = 0; p < PartitionCount; p++) _dropped.TryRemove((segment, p), out _);
    }

    /// <summary>A serving segment's numbers over all partitions. Costs no query.</summary>
    public SegmentNumbers NumbersOf(string segment, string revision)
    {
        var numbers = new SegmentNumbers();
        var nowMs = NowMs;
        foreach (var slot in Slots) slot.Partition.Tally.AddTo(numbers, segment, revision, nowMs);
        return numbers;
    }

    /// <summary>What a rule does not see, because it was forgotten before the rule asked for it; null when it sees all that it asks for.</summary>
    public MissingEvents? MissingFor(RuleDependencies rule)
    {
        MissingEvents? latest = null;
        foreach (var (name, reachMs) in rule.EventReachMs)
        {
            var beforeMs = Slots.Max(slot => slot.Partition.ForgottenBeforeMs(name));
            var fromMs = reachMs == long.MaxValue ? Verdict.Never : beforeMs + reachMs - 1;
            if (beforeMs > 0 && fromMs > NowMs && fromMs > (latest?.FromMs ?? 0)) latest = new MissingEvents(name, beforeMs, fromMs);
        }
        return latest;
    }

    /// <summary>Whether every partition has been taken over, so that the numbers are of all of them.</summary>
    public bool HasNumbers => _takenOver.Count == PartitionCount;

    void IPartitionHost.TakenOver(int partition)
    {
        if (_takenOver.TryAdd(partition, true) && HasNumbers) _listener.NumbersComplete(Name);
    }

    void IPartitionHost.PassDone(int partition, string passKey, string passId)
    {
        if (Passes.Report(partition, passKey, passId)) _listener.ReplanNeeded(Name);
    }

    void IPartitionHost.SegmentDropped(int partition, string segment)
    {
        if (_dropped.TryAdd((segment, partition), true) && IsDropped(segment)) _listener.ReplanNeeded(Name);
    }

    void IPartitionHost.MembershipChanged(int partition, string segment) => _listener.MembershipChanged(Name, segment, partition);

    void IPartitionHost.Committed(int events, int duplicates, int membershipOperations, int erasedProfiles, int forgottenEvents) =>
        _metrics.Committed(Name, events, duplicates, membershipOperations, erasedProfiles, forgottenEvents);
}

/// <summary>Events that a rule asks for and that are not there any more.</summary>
/// <param name="BeforeMs">Some before this time, exclusive, in milliseconds since the Unix epoch.</param>
/// <param name="FromMs">From when on the rule does not ask for them; <see cref="Verdict.Never"/> when it always will.</param>
internal sealed record MissingEvents(string EventName, long BeforeMs, long FromMs);

/// <summary>Who is told of what happens in a workspace. Called from the partitions' turns: must return at once.</summary>
internal interface IWorkspaceListener
{
    void ReplanNeeded(string workspace);

    void NumbersComplete(string workspace);

    void MembershipChanged(string workspace, string segment, int partition);
}

/// <summary>What every workspace is made with.</summary>
internal sealed record WorkspaceServices(
    RedisConnection Redis, EventLog Log, BusinessClock Clock, DataPlaneMetrics Metrics, IOptions<DataPlaneOptions> Options, IOptions<RetentionOptions> Retention);
