using Kubernetes.Client;
using Kubernetes.Client.Configuration;
using Kubernetes.Informers;
using Kubernetes.LeaderElection;
using Kubernetes.Queue;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Segmentation.Operator.Audiences;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Reconcilers;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Telemetry;
using Segmentation.Operator.Workspaces;
using Segmentation.Resources;

namespace Operator.Tests.Audiences;

/// <summary>The audience worker with everything around it real but the API server, whose objects a test puts into the stores itself.</summary>
internal sealed class AudienceBench : IAsyncDisposable
{
    public const string Segment = "vips";
    public const int Partitions = 4;

    private static int _workspaces;
    private static int _versions;

    private readonly ServiceProvider _provider;
    private CancellationTokenSource? _leading;
    private Task _worker = Task.CompletedTask;

    private AudienceBench(ServiceProvider provider, WebhookReceiver receiver, CapturedLog log, string workspace)
    {
        _provider = provider;
        Receiver = receiver;
        Log = log;
        Workspace = workspace;
        Data = new SegmentData(Get<RedisConnection>(), Get<WorkspaceRegistry>(), workspace, Segment, Partitions);
    }

    public WebhookReceiver Receiver { get; }

    public CapturedLog Log { get; }

    public string Workspace { get; }

    public SegmentData Data { get; }

    public EntityStore<AudienceSync> Syncs => Get<EntityStore<AudienceSync>>();

    public AudienceRegistry Registry => Get<AudienceRegistry>();

    /// <param name="former">A bench that has ended: this one goes on with its workspace and receiver, as the next process would.</param>
    public static async Task<AudienceBench> StartAsync(
        RedisServer redis, TimeProvider? time = null, Action<AudienceOptions>? configure = null, AudienceBench? former = null)
    {
        var receiver = former?.Receiver ?? await WebhookReceiver.StartAsync();
        var log = new CapturedLog();
        var services = new ServiceCollection();
        services.AddMetrics().AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        services.Configure<RedisOptions>(options => (options.Configuration, options.Partitions) = (redis.Configuration, Partitions));
        services.Configure<AudienceOptions>(options =>
        {
            options.FirstBackoff = options.LongestBackoff = TimeSpan.FromMilliseconds(1);
            options.StartInterval = options.StatusInterval = TimeSpan.FromMilliseconds(1);
            configure?.Invoke(options);
        });
        AddStores(services);
        AddOperator(services, time ?? TimeProvider.System);
        services.AddSingleton(provider => new KubernetesClient(
            new ApiTransport(
                new ClientConfiguration { Server = receiver.Address }, ActivatorUtilities.CreateInstance<ClientMetrics>(provider), TimeProvider.System,
                provider.GetRequiredService<ILogger<ApiTransport>>()),
            new EntityTypes([]), "test"));
        var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<RedisConnection>().StartAsync(CancellationToken.None);
        var workspace = former?.Workspace ?? $"w{Interlocked.Increment(ref _workspaces)}-{Guid.NewGuid():N}";
        return new AudienceBench(provider, receiver, log, workspace);
    }

    public T Get<T>()
        where T : notnull => _provider.GetRequiredService<T>();

    /// <summary>Begins to lead.</summary>
    public void Lead()
    {
        _leading = new CancellationTokenSource();
        _worker = Task.Run(() => Get<AudienceWorker>().RunAsync(_leading.Token));
    }

    /// <summary>Ceases to lead, in the middle of whatever it does.</summary>
    public async Task StopAsync()
    {
        if (_leading is null) return;
        await _leading.CancelAsync();
        await _worker.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _leading.Dispose();
        _leading = null;
    }

    /// <summary>Applies an AudienceSync; each call is a new generation.</summary>
    public AudienceSync Apply(string name = "crm", string? uid = null, Action<AudienceSyncSpec>? configure = null)
    {
        var spec = new AudienceSyncSpec
        {
            SegmentRef = new() { Name = Segment },
            Destination = new() { Webhook = new() { Url = Receiver.Url, SigningSecretRef = new() { Name = "crm", Key = "whsec" } } },
            Batch = new() { MaxDelay = "1ms" },
        };
        configure?.Invoke(spec);
        var sync = new AudienceSync
        {
            Metadata = new()
            {
                Name = name, Namespace = Workspace, Uid = uid ?? "uid-" + name, ResourceVersion = NextVersion(),
                Generation = (Syncs.Get(Workspace, name)?.Metadata.Generation ?? 0) + 1,
            },
            Spec = spec,
        };
        Syncs.Upsert(sync);
        return sync;
    }

    /// <summary>Asks for an AudienceSync's deletion; its finalizer is still to run.</summary>
    public AudienceSync MarkDeleted(AudienceSync sync)
    {
        var deleted = new AudienceSync
        {
            Metadata = new()
            {
                Name = sync.Metadata.Name, Namespace = Workspace, Uid = sync.Metadata.Uid, ResourceVersion = NextVersion(),
                Generation = sync.Metadata.Generation + 1, DeletionTimestamp = TimeProvider.System.GetUtcNow(),
            },
            Spec = sync.Spec,
        };
        Syncs.Upsert(deleted);
        return deleted;
    }

    /// <summary>A store takes an object of a version that it has for nothing new.</summary>
    public static string NextVersion() => Interlocked.Increment(ref _versions).ToString(System.Globalization.CultureInfo.InvariantCulture);

    public AudienceState? State(string name = "crm") => Registry.Find(new EntityKey(Workspace, name))?.State;

    public Task StateBecomesAsync(Func<AudienceState, bool> condition, string what, string name = "crm") =>
        Eventually.HoldsAsync(() => State(name) is { } state && condition(state), () => $"{what}; it is {State(name)}");

    public Task InSyncAsync(string name = "crm") =>
        StateBecomesAsync(s => s is { Phase: AudiencePhase.Following, Reason: null, Pending: 0 }, "in sync", name);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Get<RedisConnection>().StopAsync(CancellationToken.None);
        await _provider.DisposeAsync();
        await Receiver.DisposeAsync();
    }

    private static void AddStores(ServiceCollection services)
    {
        services.AddSingleton(_ => new EntityStore<AudienceSync>([]));
        services.AddSingleton(_ => new EntityStore<Segment>([]));
        services.AddSingleton(_ => new EntityStore<RfmPolicy>([]));
        services.AddSingleton(Queue<AudienceSync>);
        services.AddSingleton(Queue<Segment>);
        services.AddSingleton(Queue<RfmPolicy>);
    }

    private static EntityQueue<T> Queue<T>(IServiceProvider provider)
        where T : class, Kubernetes.Model.IKubernetesObject
    {
        var metrics = ActivatorUtilities.CreateInstance<QueueMetrics>(provider, typeof(T).Name);
        var queue = new EntityQueue<T>(new WorkQueue<EntityKey>(TimeProvider.System, metrics));
        queue.Open();
        return queue;
    }

    private static void AddOperator(ServiceCollection services, TimeProvider time)
    {
        services.AddSingleton(time);
        services.AddSingleton<RedisConnection>();
        services.AddSingleton<EventLog>();
        services.AddSingleton<CatalogStore>();
        services.AddSingleton<ReplicaMessages>();
        services.AddSingleton(LiveReplicas.Alone("test"));
        services.AddSingleton(_ =>
        {
            var leadership = new Leadership(TimeProvider.System);
            leadership.Renewed(TimeProvider.System.GetTimestamp(), Timeout.InfiniteTimeSpan);
            return leadership;
        });
        services.AddSingleton<BusinessClock>();
        services.AddSingleton<DataPlaneMetrics>();
        services.AddSingleton<CacheBudget>();
        services.AddSingleton<WorkspaceServices>();
        services.AddSingleton<WorkspaceRegistry>();
        services.AddSingleton<PartitionScheduler>();
        services.AddSingleton<DeclarationReader>();
        services.AddSingleton<BreakPointCalculator>();
        services.AddSingleton<WorkspacePlanning>();
        services.AddSingleton<PlanWorker>();
        services.AddSingleton<AudienceRegistry>();
        services.AddSingleton<AudienceMetrics>();
        services.AddSingleton<ServingViews>();
        services.AddSingleton<AudienceRfm>();
        services.AddSingleton<AudienceServices>();
        services.AddSingleton<CheckpointStore>();
        services.AddSingleton<OutboxTrimmer>();
        services.AddSingleton<DestinationFactory>();
        services.AddSingleton<SigningSecrets>();
        services.AddSingleton<WebhookHttp>();
        services.AddSingleton<AudienceWorker>();
        services.AddSingleton<AudienceSyncFinalizer>();
    }
}
