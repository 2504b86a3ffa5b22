using System.Collections.Concurrent;
using Kubernetes.LeaderElection;
using Microsoft.Extensions.Options;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Telemetry;
using Segmentation.Resources;

namespace Segmentation.Operator.Workspaces;

/// <summary>
/// One namespace's data on one replica: its partitions, of which some are this replica's share, and the plan they follow. On the replica that leads also
/// what became of each declaration, and what the others report of their shares.
/// </summary>
internal sealed class Workspace : IPartitionHost
{
    private readonly WorkspaceServices _services;
    private readonly IWorkspaceListener _listener;
    private volatile IReadOnlyDictionary<string, long> _deletedSince = new Dictionary<string, long>();
    private volatile IReadOnlyDictionary<string, ReplicaReport> _reports = new Dictionary<string, ReplicaReport>();
    private volatile PartitionAssignment? _assignment;
    private volatile WorkspacePlan? _plan;
    private volatile bool _hadNumbers;

    public Workspace(string name, Catalog catalog, WorkspaceServices services, IWorkspaceListener listener)
    {
        Name = name;
        Catalog = catalog;
        PartitionCount = catalog.Partitions;
        Passes = new PassProgress(catalog.Partitions);
        _services = services;
        _listener = listener;
        var retention = services.Retention.Value;
        KeepMs = retention.IsFor(name) ? eventName => retention.KeepMs(name, eventName) : null;
        services.Cache.ShareWith(PartitionCount);
        Slots = [.. Enumerable.Range(0, PartitionCount).Select(number =>
            new PartitionSlot(new Partition(
                services.Redis, services.Log, this, name, number, services.Options.Value, retention.Interval, services.Cache)))];
    }

    public string Name { get; }

    public IReadOnlyList<PartitionSlot> Slots { get; }

    public PassProgress Passes { get; }

    /// <summary>Per event name the age, in milliseconds, from which on an event is wanted no more, definitions apart; null to keep all.</summary>
    public Func<string, long?>? KeepMs { get; }

    /// <summary>As last stored, or as last read on a replica that does not lead.</summary>
    public Catalog Catalog { get; set; }

    /// <summary>What the declarations compiled to when they were last planned.</summary>
    public WorkspaceDefinition? Compiled { get; set; }

    /// <summary>By <c>policy@revision</c>: attempts to fit a model that are not in the catalog yet.</summary>
    public ConcurrentDictionary<string, ModelFit> Fits { get; } = new();

    /// <summary>By policy: the last census, on the replica that leads.</summary>
    public ConcurrentDictionary<string, RfmCensus> Censuses { get; } = new();

    public IReadOnlyDictionary<string, SegmentOutcome> Segments { get; set; } = new Dictionary<string, SegmentOutcome>();

    public IReadOnlyDictionary<string, PolicyOutcome> Policies { get; set; } = new Dictionary<string, PolicyOutcome>();

    /// <summary>Whether it has been planned since this replica leads, so that the catalog reflects what is declared.</summary>
    public bool IsPlanned { get; set; }

    public LiveReplicas Replicas => _services.Replicas;

    public TimeProvider Time => _services.Time;

    public int PartitionCount { get; }

    public long NowMs => _services.Clock.NowMs;

    public WorkspacePlan? Plan
    {
        get => _plan;
        set => _plan = value;
    }

    /// <summary>Whether nothing is planned and nothing is left of what was, in every partition.</summary>
    public bool IsEmpty => Catalog.Segments.Count == 0 && Catalog.Policies.Count == 0 && Plan is { } plan && IsFollowed(plan.Version);

    /// <summary>Whether numbers are known of every partition once.</summary>
    public bool HasNumbers
    {
        get
        {
            var seen = new int[PartitionCount];
            foreach (var slot in Slots.Where(slot => slot.Partition.IsOwned)) seen[slot.Partition.Number]++;
            foreach (var partition in LiveReports().SelectMany(report => report.Partitions)) seen[partition]++;
            return seen.All(times => times == 1);
        }
    }

    /// <summary>The partitions let go of what they hold in memory; they have to be woken then.</summary>
    public void Close()
    {
        _plan = null;
        _services.Cache.ShareWith(-PartitionCount);
    }

    /// <summary>Puts a plan into force; the partitions have to be woken then.</summary>
    public void Publish(WorkspacePlan plan)
    {
        _deletedSince = plan.DeletedSegments.ToDictionary(name => name, name => _deletedSince.GetValueOrDefault(name, plan.Version));
        Passes.Retain(plan.Passes);
        _plan = plan;
    }

    /// <summary>Follows what the replica that leads has planned.</summary>
    public void Follow(Catalog catalog)
    {
        Publish(CatalogCompiler.Compile(catalog, KeepMs, Plan));
        Catalog = catalog;
    }

    /// <summary>Takes note of what the other replicas report, by their names.</summary>
    public void Take(IReadOnlyDictionary<string, ReplicaReport> reports)
    {
        var before = _reports;
        _reports = reports;
        var replan = false;
        foreach (var (pass, partitions) in reports.Values.SelectMany(report => report.Passes))
        {
            var space = pass.LastIndexOf(' ');
            foreach (var partition in partitions) replan |= Passes.Report(partition, pass[..space], pass[(space + 1)..]);
        }
        if (replan || CanForget) _listener.ReplanNeeded(Name);
        foreach (var (replica, report) in reports)
        {
            var known = before.GetValueOrDefault(replica)?.Segments;
            foreach (var (segment, numbers) in report.Segments)
            {
                if (numbers != known?.GetValueOrDefault(segment)) _listener.NumbersChanged(Name, segment);
            }
        }
        NoteCompleteness();
    }

    /// <summary>Whether every partition has dropped a deleted segment's data.</summary>
    public bool IsDropped(string segment) => _deletedSince.TryGetValue(segment, out var version) && IsFollowed(version);

    /// <summary>Whether the numbers of a serving revision are known of every partition.</summary>
    public bool HasNumbersOf(string segment, string revision) =>
        HasNumbers && LiveReports().All(report => report.Partitions.Count == 0 || report.Segments.GetValueOrDefault(segment)?.Revision == revision);

    /// <summary>A serving segment's numbers over all partitions. Costs no query.</summary>
    public SegmentNumbers NumbersOf(string segment, string revision)
    {
        var numbers = new SegmentNumbers();
        var nowMs = NowMs;
        foreach (var slot in Slots.Where(slot => slot.Partition.IsOwned)) slot.Partition.Tally.AddTo(numbers, segment, revision, nowMs);
        foreach (var report in LiveReports())
        {
            if (report.Segments.TryGetValue(segment, out var share) && share.Revision == revision) numbers.Add(share);
        }
        return numbers;
    }

    /// <summary>What a rule does not see, because it was forgotten before the rule asked for it; null when it sees all that it asks for, as far as is known.</summary>
    public MissingEvents? MissingFor(RuleDependencies rule)
    {
        MissingEvents? latest = null;
        foreach (var (name, reachMs) in rule.EventReachMs)
        {
            var beforeMs = ForgottenBeforeMs(name);
            var fromMs = reachMs == long.MaxValue ? Verdict.Never : beforeMs + reachMs - 1;
            if (beforeMs > 0 && fromMs > NowMs && fromMs > (latest?.FromMs ?? 0)) latest = new MissingEvents(name, beforeMs, fromMs);
        }
        return latest;
    }

    public bool Owns(int partition)
    {
        var replicas = Replicas.Current;
        var assignment = _assignment;
        if (assignment?.Replicas != replicas) _assignment = assignment = new PartitionAssignment(Name, PartitionCount, replicas);
        return assignment.IsOwner(Replicas.Self, partition);
    }

    async Task<bool> IPartitionHost.IsNewestAsync(WorkspacePlan plan)
    {
        if (await _services.Catalogs.ReadVersionAsync(Name) <= plan.Version) return true;
        _listener.ReplanNeeded(Name);
        return false;
    }

    void IPartitionHost.TakenOver(int partition)
    {
        _services.Metrics.TakenOver(Name);
        _listener.ShareChanged(Name);
        NoteCompleteness();
    }

    void IPartitionHost.GivenUp(int partition)
    {
        _listener.ShareChanged(Name);
        _listener.GivenUp(Name, partition);
        NoteCompleteness();
    }

    void IPartitionHost.Forwarded(int partition) => _listener.Forwarded(Name, partition);

    void IPartitionHost.Fenced(int partition)
    {
        _services.Metrics.Fenced(Name);
        _listener.ShareChanged(Name);
        NoteCompleteness();
    }

    void IPartitionHost.PassDone(int partition, string passKey, string passId)
    {
        if (Passes.Report(partition, passKey, passId)) _listener.ReplanNeeded(Name);
        _listener.ShareChanged(Name);
    }

    void IPartitionHost.Followed(int partition, WorkspacePlan plan)
    {
        if (CanForget) _listener.ReplanNeeded(Name);
        _listener.ShareChanged(Name);
    }

    void IPartitionHost.MembershipChanged(int partition, string segment) => _listener.MembershipChanged(Name, segment, partition);

    void IPartitionHost.Committed(int events, int duplicates, int membershipOperations, int erasedProfiles, int forgottenEvents) =>
        _services.Metrics.Committed(Name, events, duplicates, membershipOperations, erasedProfiles, forgottenEvents);

    // Statuses that were due while some numbers were missing are due again.
    private void NoteCompleteness()
    {
        var (before, now) = (_hadNumbers, HasNumbers);
        _hadNumbers = now;
        if (now && !before) _listener.NumbersComplete(Name);
    }

    // Something is to be forgotten once all partitions have dropped it, and by now they have.
    private bool CanForget => _deletedSince.Values.Any(IsFollowed);

    /// <summary>Whether every partition follows this version of the catalog or a later one.</summary>
    private bool IsFollowed(long version)
    {
        var following = new bool[PartitionCount];
        foreach (var slot in Slots.Where(slot => slot.Partition.FollowedVersion >= version)) following[slot.Partition.Number] = true;
        foreach (var partition in LiveReports().Where(report => report.FollowedVersion >= version).SelectMany(report => report.Partitions)) following[partition] = true;
        return following.All(follows => follows);
    }

    private IEnumerable<ReplicaReport> LiveReports() =>
        _reports.Where(report => report.Key != Replicas.Self && Replicas.Current.Contains(report.Key)).Select(report => report.Value);

    private long ForgottenBeforeMs(string eventName) =>
        Slots.Where(slot => slot.Partition.IsOwned).Select(slot => slot.Partition.ForgottenBeforeMs.GetValueOrDefault(eventName))
            .Concat(LiveReports().Select(report => report.ForgottenBeforeMs.GetValueOrDefault(eventName)))
            .DefaultIfEmpty().Max();
}

/// <summary>Events that a rule asks for and that are not there any more.</summary>
/// <param name="BeforeMs">Some before this time, exclusive, in milliseconds since the Unix epoch.</param>
/// <param name="FromMs">From when on the rule does not ask for them; <see cref="Verdict.Never"/> when it always will.</param>
internal sealed record MissingEvents(string EventName, long BeforeMs, long FromMs);

/// <summary>What every workspace is made with.</summary>
internal sealed record WorkspaceServices(
    RedisConnection Redis,
    EventLog Log,
    CatalogStore Catalogs,
    LiveReplicas Replicas,
    BusinessClock Clock,
    DataPlaneMetrics Metrics,
    IOptions<DataPlaneOptions> Options,
    CacheBudget Cache,
    IOptions<RetentionOptions> Retention,
    TimeProvider Time);
