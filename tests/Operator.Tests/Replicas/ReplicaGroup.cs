using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kubernetes.Tests.Server;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Http;
using Segmentation.Operator.Tests.Partitions;
using Segmentation.Operator.Tests.Redis;
using Segmentation.Resources;
using StackExchange.Redis;

namespace Segmentation.Operator.Tests.Replicas;

/// <summary>
/// Real processes of the operator that share one workspace on a real Redis. Orders are sent to any of them until one has acknowledged; what was sent is
/// remembered, and what must come out of it is worked out by brute force.
/// </summary>
internal sealed class ReplicaGroup(string redisConfiguration) : IAsyncDisposable
{
    public const int Partitions = 16;

    private static readonly string[] Settings = [$"--Redis:Partitions={Partitions}", "--DataPlane:TestClock=false", "--DataPlane:SweepInterval=00:00:02"];

    // What happens after a crash happens soon. On a busy machine a replica may lose its own Lease all the same, and ends then if it leads.
    private static readonly string[] ShortLeases =
        ["--Kubernetes:LeaderElection:LeaseDuration=00:00:03", "--Kubernetes:LeaderElection:RenewDeadline=00:00:02", "--Kubernetes:LeaderElection:RetryPeriod=00:00:00.5"];

    private static readonly Dictionary<string, string> Specs = new()
    {
        ["buyers"] = """{"match":{"event":{"name":"placed_order"}}}""",
        ["never"] = """{"match":{"event":{"name":"placed_order","count":{"eq":0}}}}""",
        ["frequent"] = """{"match":{"event":{"name":"placed_order","count":{"gte":4},"within":"30d"}}}""",
        ["spenders"] = """{"match":{"event":{"name":"placed_order","sum":{"of":"value","gt":100},"within":"30d"}}}""",
        ["lapsed"] = """{"match":{"all":[{"event":{"name":"placed_order"}},{"none":[{"event":{"name":"placed_order","within":"10d"}}]}]}}""",
    };

    private const string Workspace = "acme";

    private readonly Dictionary<string, Profile> _profiles = [];
    private readonly List<OperatorProcess> _replicas = [];
    private readonly List<FakeApiServer> _servers = [];
    private RedisConnection _redis = null!;

    public IReadOnlyList<OperatorProcess> Replicas => _replicas;

    /// <param name="servers">
    /// How many API servers with the same definitions; replicas of different ones know nothing of each other, and nobody waits for a Lease to run out.
    /// </param>
    public static async Task<ReplicaGroup> StartAsync(string redisConfiguration, int replicas, int servers = 1)
    {
        var group = new ReplicaGroup(redisConfiguration) { _redis = await DataPlane.ConnectAsync(redisConfiguration, Partitions) };
        await RedisServer.EverywhereAsync(group._redis.Database, "FLUSHALL");
        for (var i = 0; i < servers; i++)
        {
            var api = await FakeApiServer.StartAsync();
            foreach (var (name, spec) in Specs) OperatorProcess.Put(api, "apis/segmentation.dev/v1alpha1/segments", name, spec);
            group._servers.Add(api);
        }
        for (var i = 0; i < replicas; i++) await group.AddAsync(i % servers);

        // Who is a member already when a segment begins to serve has not entered it.
        await Eventually.HoldsAsync(group.ServesAsync, "every partition serves every segment");
        return group;
    }

    public async Task<OperatorProcess> AddAsync(int server = 0, params string[] settings)
    {
        var replica = await OperatorProcess.StartReplicaAsync(_servers[server], redisConfiguration, [.. Settings, .. _servers.Count == 1 ? ShortLeases : [], .. settings]);
        _replicas.Add(replica);
        return replica;
    }

    /// <summary>Forgets a replica that has ended or is to end now.</summary>
    public async Task RemoveAsync(OperatorProcess replica)
    {
        _replicas.Remove(replica);
        await replica.DisposeAsync();
    }

    /// <summary>Forgets those that have ended: a leader that slept past its lease does so by itself, and Kubernetes would start it again.</summary>
    public async Task<IReadOnlyList<OperatorProcess>> RemoveEndedAsync()
    {
        var ended = _replicas.Where(replica => replica.HasExited).ToArray();
        foreach (var replica in ended) await RemoveAsync(replica);
        return ended;
    }

    /// <summary>Sends orders until they are acknowledged, each time to another replica.</summary>
    public async Task SendAsync(Random random, params IReadOnlyCollection<CustomerEvent> orders)
    {
        var body = Encoding.UTF8.GetBytes(string.Join('\n', orders.Select(o => JsonSerializer.Serialize(new
        {
            id = o.Id, name = o.Name, profileId = o.ProfileId, occurredAt = Rfc3339.Format(o.OccurredAtMs), value = o.Value,
        }))));
        await Eventually.HoldsAsync(async () => await TrySendAsync(_replicas[random.Next(_replicas.Count)], body), "orders are acknowledged");
        foreach (var order in orders)
        {
            if (!_profiles.TryGetValue(order.ProfileId, out var profile)) _profiles[order.ProfileId] = profile = new Profile(order.ProfileId);
            profile.Add(order);
        }
    }

    /// <summary>Each partition is owned by one of the replicas, and by no two.</summary>
    public async Task<bool> IsSharedOutAsync()
    {
        await RemoveEndedAsync();
        var owned = await Task.WhenAll(_replicas.Select(OwnedAsync));
        return owned.Sum() == Partitions;
    }

    /// <summary>How often each partition has been taken so far, by whomever.</summary>
    public async Task<long[]> EpochsAsync() => Array.ConvertAll(
        await Task.WhenAll(Enumerable.Range(0, Partitions).Select(p => _redis.AskAsync(db => db.HashGetAsync(Keys.Owner(Keys.Partition(Workspace, p)), "epoch")))),
        epoch => (long)epoch);

    private async Task<bool> ServesAsync()
    {
        var owners = await Task.WhenAll(Enumerable.Range(0, Partitions).Select(p => _redis.AskAsync(db => db.HashKeysAsync(Keys.Owner(Keys.Partition(Workspace, p))))));
        return owners.All(fields => Specs.Keys.All(segment => fields.Contains(OwnerState.ActivePrefix + segment)));
    }

    private static async Task<int> OwnedAsync(OperatorProcess replica)
    {
        try
        {
            return (int)await replica.MetricAsync("segmentation_partitions_owned");
        }
        catch (Exception e) when (e is HttpRequestException or InvalidOperationException)
        {
            return 0; // it is just ending
        }
    }

    /// <summary>Waits until members, due times' effects, move counts and statuses are those of all acknowledged orders.</summary>
    public async Task ShouldAgreeAsync(string because)
    {
        var differences = "";
        await Eventually.HoldsAsync(async () => (differences = await ReadAsync()).Length == 0, () => $"{because}: everything agrees with brute force\n{differences}");

        async Task<string> ReadAsync()
        {
            try
            {
                return await DifferencesAsync();
            }
            catch (StoreUnavailableException e)
            {
                // A node that has heard that a master is none any more, but not yet who is instead, refuses everything for that long.
                return e.ToString();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas) await replica.DisposeAsync();
        foreach (var server in _servers) await server.DisposeAsync();
        await _redis.StopAsync(CancellationToken.None);
        _redis.Dispose();
    }

    private async Task<string> DifferencesAsync()
    {
        var specs = Specs.ToDictionary(s => s.Key, s => JsonSerializer.Deserialize(s.Value, ResourcesJson.Default.SegmentSpec)!);
        var compiled = WorkspaceCompiler.Compile(specs, new Dictionary<string, RfmPolicySpec>(), new Dictionary<string, RfmBreakPoints>());
        var nowMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var differences = new StringBuilder();
        foreach (var (name, segment) in compiled.Segments)
        {
            var expected = _profiles.Values.Where(p => Oracle.Evaluate(p, segment.Definition!, nowMs).Matches).Select(p => p.Id).Order(StringComparer.Ordinal).ToArray();
            var members = new List<string>();
            long entered = 0, left = 0;
            for (var p = 0; p < Partitions; p++)
            {
                var prefix = Keys.Partition(Workspace, p);
                members.AddRange((await _redis.AskAsync(db => db.SortedSetRangeByRankAsync(Keys.Members(prefix, name, segment.Revision!)))).Select(m => (string)m!));
                foreach (var field in await _redis.AskAsync(db => db.HashGetAllAsync(Keys.Flow(prefix))))
                {
                    if (((string)field.Name!).Split('|') is not [var of, _, var direction] || of != name) continue;
                    if (direction == "+") entered += (long)field.Value;
                    else left += (long)field.Value;
                }
            }
            if (!members.Order(StringComparer.Ordinal).SequenceEqual(expected)) differences.Append(CultureInfo.InvariantCulture, $"{name}: {members.Count} members, {expected.Length} expected\n");
            if (entered - left != expected.Length) differences.Append(CultureInfo.InvariantCulture, $"{name}: {entered} entered, {left} left, {expected.Length} expected\n");
            foreach (var server in _servers)
            {
                var status = server.Store.Get($"apis/segmentation.dev/v1alpha1/segments/acme/{name}")!["status"] as JsonObject;
                if (_servers.Count == 1 && status?["memberCount"]?.GetValue<long>() != expected.Length)
                    differences.Append(CultureInfo.InvariantCulture, $"{name}: status {status?.ToJsonString()}, {expected.Length} expected\n");
            }
        }
        return differences.ToString();
    }

    private static async Task<bool> TrySendAsync(OperatorProcess replica, byte[] body)
    {
        try
        {
            // A paused replica must not hold up the test.
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1), TimeProvider.System);
            return (await replica.PostEventsAsync(body, "application/x-ndjson").WaitAsync(patience.Token)).Status == HttpStatusCode.Accepted;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or InvalidOperationException)
        {
            return false;
        }
    }
}
