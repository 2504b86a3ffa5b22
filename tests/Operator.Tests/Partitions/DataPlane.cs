using System.Diagnostics.Metrics;
using Kubernetes.LeaderElection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Telemetry;
using Segmentation.Operator.Workspaces;
using Segmentation.Resources;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>
/// One workspace on a real Redis, driven step by step: a test declares, appends, moves the clock and gives single turns, in any order, and may
/// lose the owner's memory at any point. What was acknowledged and declared is remembered here, for the oracle.
/// </summary>
internal sealed class DataPlane : IWorkspaceListener, IAsyncDisposable
{
    public static readonly DateTimeOffset Epoch = new(2025, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private const int TurnsBound = 200_000;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CatalogStore _catalogs;
    private readonly WorkspacePlanning _planning;
    private readonly ModelFitter _fitter;
    private readonly WorkspaceServices _workspaceServices;
    private readonly Dictionary<string, long> _generations = [];
    private bool _forwarded;

    private DataPlane(string name, RedisConnection redis, DataPlaneOptions options, RetentionOptions retention, string? sharedAs)
    {
        Name = name;
        Redis = redis;
        Time = new ManualTime(Epoch);
        Clock = new BusinessClock(Time);
        Log = new EventLog(redis);
        Replicas = sharedAs is null ? LiveReplicas.Alone("test") : new LiveReplicas(sharedAs, TimeSpan.FromDays(10_000), Time);
        _catalogs = new CatalogStore(redis);
        var calculator = new BreakPointCalculator(redis, Clock, NullLogger<BreakPointCalculator>.Instance);
        _planning = new WorkspacePlanning(_catalogs, calculator);
        _fitter = new ModelFitter(redis, calculator, Clock, TimeProvider.System, NullLogger<ModelFitter>.Instance);
        _workspaceServices = new WorkspaceServices(
            redis, Log, _catalogs, Replicas, Clock, new DataPlaneMetrics(_services.GetRequiredService<IMeterFactory>()),
            Options.Create(options), new CacheBudget(Options.Create(options)), Options.Create(retention), Time);
        Workspace = null!;
    }

    public string Name { get; }

    public RedisConnection Redis { get; }

    public ManualTime Time { get; }

    public BusinessClock Clock { get; }

    public EventLog Log { get; }

    /// <summary>The replicas that the present owner sees.</summary>
    public LiveReplicas Replicas { get; }

    public WorkspaceServices Services => _workspaceServices;

    /// <summary>The present owner.</summary>
    public Workspace Workspace { get; private set; }

    public Dictionary<string, SegmentSpec> Segments { get; } = [];

    public Dictionary<string, RfmPolicySpec> Policies { get; } = [];

    /// <summary>Whether an AudienceSync reads a segment that is declared from now on; all, unless told otherwise.</summary>
    public Func<string, bool> IsFollowed { get; set; } = static _ => true;

    /// <summary>Per segment the uids of the AudienceSyncs that read it.</summary>
    public Dictionary<string, string> Audiences { get; } = [];

    /// <summary>What was acknowledged, in the order of the acknowledgements.</summary>
    public List<Acknowledged> Acknowledged { get; } = [];

    /// <summary>The catalog as Redis holds it.</summary>
    public Task<Catalog> StoredCatalogAsync() => _catalogs.ReadAsync(Name);

    public int PartitionCount => Workspace.PartitionCount;

    /// <summary>Serving segments that the listener was told of, since it was cleared last.</summary>
    public HashSet<string> ToldChanged { get; } = [];

    /// <summary>How often the partitions got something else to do.</summary>
    public int PlansChanged { get; private set; }

    private bool ReplanWanted { get; set; }

    /// <param name="sharedAs">The name of this replica where others are to have a share; without it, it is alone.</param>
    public static async Task<DataPlane> OpenAsync(
        string redisConfiguration, int partitions = 2, DataPlaneOptions? options = null, TimeSpan? timeout = null, RetentionOptions? retention = null, string? sharedAs = null)
    {
        var redis = await ConnectAsync(redisConfiguration, partitions, timeout);
        return await OpenAsync(redis, "ws-" + Guid.NewGuid().ToString("N")[..10], options, retention, sharedAs);
    }

    /// <summary>Over a connection that is there already; the plane closes it.</summary>
    public static async Task<DataPlane> OpenAsync(
        RedisConnection redis, string name, DataPlaneOptions? options = null, RetentionOptions? retention = null, string? sharedAs = null)
    {
        var plane = new DataPlane(name, redis, options ?? new DataPlaneOptions(), retention ?? new RetentionOptions(), sharedAs);
        await plane.TakeOverAsync();
        return plane;
    }

    public static async Task<RedisConnection> ConnectAsync(string configuration, int partitions, TimeSpan? timeout = null)
    {
        var options = new RedisOptions { Configuration = configuration, Partitions = partitions, CommandTimeout = timeout ?? TimeSpan.FromSeconds(60) };
        var redis = new RedisConnection(Options.Create(options), NullLogger<RedisConnection>.Instance);
        await redis.StartAsync(CancellationToken.None);
        return redis;
    }

    /// <summary>A new owner that knows only what Redis holds, as after a crash of the one before.</summary>
    /// <returns>The former owner, which still believes that it is one.</returns>
    public async Task<Workspace> TakeOverAsync()
    {
        var former = await OpenAgainAsync();
        await ReplanAsync();
        return former;
    }

    /// <summary>A new owner that has not planned yet.</summary>
    public async Task<Workspace> OpenAgainAsync()
    {
        var former = Workspace;
        var services = _workspaceServices with { Cache = new CacheBudget(_workspaceServices.Options) };
        Workspace = new Workspace(Name, await _catalogs.OpenAsync(Name), services, this);
        ReplanWanted = true;
        return former;
    }

    public void Declare(string segment, SegmentSpec spec)
    {
        Segments[segment] = spec;
        if (IsFollowed(segment)) Audiences[segment] = "uid-of-a-sync";
        _generations[segment] = _generations.GetValueOrDefault(segment) + 1;
        ReplanWanted = true;
    }

    public void Declare(string policy, RfmPolicySpec spec)
    {
        Policies[policy] = spec;
        ReplanWanted = true;
    }

    public void DeclareShop()
    {
        foreach (var (name, spec) in Shop.Policies) Declare(name, spec);
        foreach (var (name, spec) in Shop.Segments) Declare(name, spec);
    }

    public void Undeclare(string segment)
    {
        Segments.Remove(segment);
        ReplanWanted = true;
    }

    /// <summary>Plans as the plan worker does, if anything asked for it.</summary>
    public async Task<bool> PlanIfWantedAsync()
    {
        if (!ReplanWanted) return false;
        await ReplanAsync();
        return true;
    }

    /// <summary>Looks at the break points' schedule, as the plan worker does now and then.</summary>
    public void WantPlan() => ReplanWanted = true;

    /// <summary>Whether anything was sent from one partition to another since this was asked last.</summary>
    public bool TakeForwarded()
    {
        var forwarded = _forwarded;
        _forwarded = false;
        return forwarded;
    }

    /// <summary>Fits the models that are due, as the model worker does now and then.</summary>
    /// <returns>How many attempts that were.</returns>
    public async Task<int> FitAsync()
    {
        var attempts = 0;
        for (; await _fitter.FitDueAsync(Workspace, CancellationToken.None); attempts++) ReplanWanted = true;
        return attempts;
    }

    public async Task AppendAsync(params CustomerEvent[] events)
    {
        foreach (var group in events.GroupBy(e => PartitionHash.Of(e.ProfileId, PartitionCount)))
        {
            (await Log.AppendAsync(Keys.Partition(Name, group.Key), Clock.NowMs, [.. group.Select(EventLog.Line)])).ShouldBeTrue();
            Acknowledge(group.Key, new(Clock.NowMs, group.ToArray(), null, null));
        }
    }

    public async Task AppendAsync(ProfileChange change)
    {
        (await Log.AppendAsync(Keys.Partition(Name, PartitionHash.Of(change.ProfileId, PartitionCount)), Clock.NowMs, change)).ShouldBeTrue();
        Acknowledge(PartitionHash.Of(change.ProfileId, PartitionCount), new(Clock.NowMs, [], change, null));
    }

    public async Task EraseAsync(string profileId)
    {
        (await Log.AppendErasureAsync(Keys.Partition(Name, PartitionHash.Of(profileId, PartitionCount)), Clock.NowMs, profileId)).ShouldBeTrue();
        Acknowledge(PartitionHash.Of(profileId, PartitionCount), new(Clock.NowMs, [], null, profileId));
    }

    public async Task MergeAsync(string profileId, string into)
    {
        var merge = new ProfileMerge(profileId, into);
        (await Log.AppendAsync(Keys.Partition(Name, PartitionHash.Of(profileId, PartitionCount)), Clock.NowMs, merge)).ShouldBeTrue();
        Acknowledge(PartitionHash.Of(profileId, PartitionCount), new(Clock.NowMs, [], null, null) { Merge = merge });
    }

    public Task<bool> TurnAsync(int partition, bool eventsFirst = false) => Workspace.Slots[partition].Partition.TakeTurnAsync(eventsFirst);

    /// <summary>Gives turns and plans until there is nothing left to do at the clock's instant.</summary>
    public async Task DrainAsync()
    {
        for (var turns = 0; turns < TurnsBound;)
        {
            var worked = false;
            for (var p = 0; p < PartitionCount; p++)
            {
                turns++;
                worked |= await TurnAsync(p) || Workspace.Slots[p].Partition.NextDueMs <= Clock.NowMs;
            }
            worked |= await PlanIfWantedAsync() | TakeForwarded();
            if (!worked) return;
        }
        throw new TimeoutException("The partitions find more and more to do.");
    }

    public async ValueTask DisposeAsync()
    {
        await Redis.StopAsync(CancellationToken.None);
        Redis.Dispose();
        await _services.DisposeAsync();
    }

    void IWorkspaceListener.ReplanNeeded(string workspace) => ReplanWanted = true;

    void IWorkspaceListener.NumbersComplete(string workspace)
    {
    }

    void IWorkspaceListener.NumbersChanged(string workspace, string segment) => ToldChanged.Add(segment);

    void IWorkspaceListener.ShareChanged(string workspace)
    {
    }

    void IWorkspaceListener.Forwarded(string workspace, int partition)
    {
        _forwarded = true;
        Workspace.Slots[partition].Partition.LogGrew();
    }

    void IWorkspaceListener.GivenUp(string workspace, int partition)
    {
    }

    void IWorkspaceListener.MembershipChanged(string workspace, string segment, int partition) => ToldChanged.Add(segment);

    // As who appends does, it tells the owner.
    private void Acknowledge(int partition, Acknowledged entry)
    {
        Acknowledged.Add(entry);
        Workspace.Slots[partition].Partition.LogGrew();
    }

    private async Task ReplanAsync()
    {
        ReplanWanted = false;
        var declared = new Declarations(
            Segments.ToDictionary(s => s.Key, s => new Declared<SegmentSpec>(s.Value, _generations.GetValueOrDefault(s.Key))),
            Policies.ToDictionary(p => p.Key, p => new Declared<RfmPolicySpec>(p.Value, 1)),
            Audiences);
        PlansChanged += await _planning.PlanAsync(Workspace, declared) ? 1 : 0;
    }
}

/// <summary>One entry of a log: events of one partition, a change of a profile, or the id of one that is erased.</summary>
/// <param name="AtMs">When it was accepted.</param>
internal sealed record Acknowledged(long AtMs, IReadOnlyList<CustomerEvent> Events, ProfileChange? Change, string? Erased)
{
    /// <summary>When it took effect: when it was accepted, unless something later was evaluated in its partition before.</summary>
    public long TakesEffectMs { get; set; } = AtMs;

    /// <summary>A profile that is merged into another one, and nothing else, or null.</summary>
    public ProfileMerge? Merge { get; init; }

    /// <summary>Why the erased one leaves its segments: in the eyes of its partition, one that is merged into another is gone, too.</summary>
    public string ErasedBy { get; init; } = "erasure";
}
