using System.Text.Json;
using Kubernetes.Tests.Server;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Http;
using Segmentation.Operator.Tests.Partitions;
using Segmentation.Resources;
using Receiver = global::Operator.Tests.Audiences.WebhookReceiver;

namespace Segmentation.Operator.Tests.Faults;

/// <summary>Which processes are killed.</summary>
[Flags]
internal enum Victim
{
    Operator = 1,
    Redis = 2,
    Both = Operator | Redis,
}

/// <summary>
/// The program and Redis as real processes, with a <see cref="RedisProxy"/> between them, Segments, and AudienceSyncs that tell real receivers. Each can
/// be killed and started again.
/// </summary>
internal sealed class FaultRig : IAsyncDisposable
{
    public const int Partitions = 4;
    public const string Workspace = "acme";

    private const string Segments = "apis/segmentation.dev/v1alpha1/segments";
    private const string Syncs = "apis/segmentation.dev/v1alpha1/audiencesyncs";

    // Little is kept in memory, so that profiles are read again and again; what waits for others waits shortly.
    private static readonly string[] Settings =
    [
        $"--Redis:Partitions={Partitions}", "--Redis:CommandTimeout=00:00:02", "--Kubernetes:LeaderElection:Enabled=false", "--DataPlane:TestClock=false",
        "--DataPlane:CachedOccurrences=1", "--DataPlane:SweepInterval=00:00:01", "--Audiences:FirstBackoff=00:00:00.2", "--Audiences:LongestBackoff=00:00:01",
        "--Audiences:StartInterval=00:00:00.2", "--Audiences:SweepInterval=00:00:02",
    ];

    private static readonly Dictionary<string, string> Specs = new()
    {
        ["never"] = """{"match":{"event":{"name":"placed_order","count":{"eq":0}}}}""",
        ["frequent"] = """{"match":{"event":{"name":"placed_order","count":{"gte":4},"within":"30d"}}}""",
        ["spenders"] = """{"match":{"event":{"name":"placed_order","sum":{"of":"value","gt":100},"within":"30d"}}}""",
        ["lapsed"] = """{"match":{"all":[{"event":{"name":"placed_order"}},{"none":[{"event":{"name":"placed_order","within":"10d"}}]}]}}""",
        ["fleeting"] = """{"match":{"event":{"name":"placed_order","within":"2s"}}}""",
        ["germans"] = """{"match":{"property":{"name":"country","in":["DE"]}}}""",
    };

    private readonly string[] _settings;
    private readonly Dictionary<string, (Receiver Receiver, string Uid)> _audiences = [];
    private volatile OperatorProcess? _operator;

    private FaultRig(DurableServer redis, FakeApiServer api, string[] settings)
    {
        Redis = redis;
        Api = api;
        Proxy = new RedisProxy(redis.Port);
        _settings = [.. Settings, .. settings];
    }

    public static WorkspaceDefinition Definitions { get; } = WorkspaceCompiler.Compile(
        Specs.ToDictionary(s => s.Key, s => JsonSerializer.Deserialize(s.Value, ResourcesJson.Default.SegmentSpec)!),
        new Dictionary<string, RfmPolicySpec>(), new Dictionary<string, RfmBreakPoints>());

    public DurableServer Redis { get; }

    public RedisProxy Proxy { get; }

    public FakeApiServer Api { get; }

    public OperatorProcess Operator => _operator!;

    /// <summary>By segment who is told of it, from its first member on.</summary>
    public IReadOnlyDictionary<string, Receiver> Audiences => _audiences.ToDictionary(a => a.Key, a => a.Value.Receiver);

    public static async Task<FaultRig> StartAsync(DurableServer redis, params string[] settings)
    {
        await redis.StartAsync();
        var rig = new FaultRig(redis, await FakeApiServer.StartAsync(), settings);
        OperatorProcess.PutSecret(rig.Api, "crm", Receiver.Secret);
        foreach (var (name, spec) in Specs) OperatorProcess.Put(rig.Api, Segments, name, spec);
        foreach (var segment in (string[])["fleeting", "spenders"])
        {
            var receiver = await Receiver.StartAsync();
            rig._audiences[segment] = (receiver, rig.Tell(segment, receiver, "crm-" + segment));
        }
        await rig.StartOperatorAsync();
        await Eventually.HoldsAsync(rig.IsSetUpAsync, "every partition serves every segment and tells every audience");
        return rig;
    }

    /// <summary>One more AudienceSync.</summary>
    /// <returns>Its uid.</returns>
    public string Tell(string segment, Receiver receiver, string name) =>
        OperatorProcess.Put(
            Api, Syncs, name,
            $$$"""
            {"segmentRef":{"name":"{{{segment}}}"},"batch":{"maxSize":8,"maxDelay":"100ms"},
             "destination":{"webhook":{"url":"{{{receiver.Url}}}","signingSecretRef":{"name":"crm","key":"token"} } } }
            """,
            "AudienceSync")["metadata"]!["uid"]!.GetValue<string>();

    public async Task StartOperatorAsync()
    {
        if (_operator is not null) await _operator.DisposeAsync();
        _operator = await OperatorProcess.StartReplicaAsync(Api, Proxy.Configuration, _settings);
    }

    public Task KillAsync(Victim victim) => Task.WhenAll(
        victim.HasFlag(Victim.Operator) ? Operator.KillAsync() : Task.CompletedTask,
        victim.HasFlag(Victim.Redis) ? Redis.KillAsync() : Task.CompletedTask);

    /// <summary>Starts again what was killed, and lets it through to each other.</summary>
    public async Task RecoverAsync()
    {
        if (!Redis.IsRunning) await Redis.StartAsync();
        Proxy.Open();
        if (Operator.HasExited) await StartOperatorAsync();
    }

    /// <returns>Null when there was no answer in time.</returns>
    public async Task<Answer?> TrySendAsync(HttpMethod method, string path, byte[]? body, string type)
    {
        try
        {
            using var content = body is null ? null : new ByteArrayContent(body);
            content?.Headers.ContentType = new(type);
            return await Operator.SendAsync(method, $"/v1/{Workspace}/{path}", content).WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
        }
        catch (Exception e) when (e is HttpRequestException or InvalidOperationException or TimeoutException or ObjectDisposedException or TaskCanceledException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_operator is not null) await _operator.DisposeAsync();
        await Proxy.DisposeAsync();
        foreach (var (receiver, _) in _audiences.Values) await receiver.DisposeAsync();
        await Api.DisposeAsync();
        await Redis.DisposeAsync();
    }

    private async Task<bool> IsSetUpAsync()
    {
        using var redis = await DataPlane.ConnectAsync(Redis.Configuration, Partitions);
        for (var p = 0; p < Partitions; p++)
        {
            var owner = (await redis.Database.HashGetAllAsync(Keys.Owner(Keys.Partition(Workspace, p)))).ToDictionary(f => (string)f.Name!, f => (string)f.Value!);
            if (!Definitions.Segments.Values.All(s => owner.GetValueOrDefault(OwnerState.ActivePrefix + s.Name) == s.Revision)) return false;
            foreach (var (_, uid) in _audiences.Values)
            {
                if (!await redis.Database.HashExistsAsync(Keys.Sync(Workspace, uid), $"p:{p}")) return false;
            }
        }
        return true;
    }
}
