using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Segmentation.Benchmarks.Scale;
using StackExchange.Redis;

namespace Segmentation.Benchmarks.Ingest;

/// <summary>Sends a load to the replicas of an operator over HTTP, waits until all of it is applied, and reads the memberships from Redis.</summary>
internal sealed class OperatorLoad : IAsyncDisposable
{
    public const int EventsPerRequest = 1_000;
    private static readonly MediaTypeHeaderValue Ndjson = new("application/x-ndjson");

    private readonly Uri[] _replicas;
    private readonly string _workspace;
    private readonly int _connections;
    private readonly ConnectionMultiplexer _redis;
    private readonly HttpClient _http;
    private int _next = -1;
    private int _refused;
    private int _sent;

    /// <summary>How many requests were asked to come again.</summary>
    public int Refused => _refused;

    /// <param name="replicas">Their addresses.</param>
    /// <param name="redis">Address and port.</param>
    /// <param name="workspace">Whose events are sent.</param>
    /// <param name="connections">How many requests are under way at a time, in all.</param>
    public OperatorLoad(Uri[] replicas, string redis, string workspace, int connections)
    {
        _replicas = replicas;
        _workspace = workspace;
        _connections = connections;
        _redis = ConnectionMultiplexer.Connect(redis + ",syncTimeout=60000,allowAdmin=true");
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections });
    }

    /// <summary>Sends bodies over all connections, to the replicas in turn, and waits until all that is in them is applied.</summary>
    /// <param name="chunks">The bodies.</param>
    /// <param name="events">How many events they hold.</param>
    /// <returns>After how long all were applied.</returns>
    public async Task<TimeSpan> SendAsync(byte[][] chunks, int events)
    {
        var watch = Stopwatch.StartNew();
        _next = -1;
        await Task.WhenAll(Enumerable.Range(0, _connections).Select(_ => SendInTurnAsync(chunks)));
        await AppliedEvents.WaitAsync(() => SumAsync(metrics => metrics.EventsApplied), _sent += events);
        return watch.Elapsed;
    }

    /// <summary>Bytes that Redis has in use.</summary>
    public async Task<long> RedisMemoryAsync()
    {
        var info = await Server.InfoAsync("memory");
        return long.Parse(info.SelectMany(group => group).First(pair => pair.Key == "used_memory").Value, CultureInfo.InvariantCulture);
    }

    public Task<double> OperatorMegabytesAsync() => SumAsync(metrics => metrics.WorkingSetMegabytes);

    // Not by Dispose: what follows an answer of Redis may run on the thread that reads from it, and would wait there for itself, a minute.
    public async ValueTask DisposeAsync()
    {
        await _redis.CloseAsync();
        _http.Dispose();
    }

    // The load has nothing that changes by time between minute 45 of an hour and its end.
    public static DateTimeOffset CompareAt(DateTimeOffset now) =>
        new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 50, 0, TimeSpan.Zero).AddHours(now.Minute >= 45 ? 1 : 0);

    private async Task SendInTurnAsync(byte[][] chunks)
    {
        while (Interlocked.Increment(ref _next) is var number && number < chunks.Length)
        {
            while (!await TrySendAsync(_replicas[number % _replicas.Length], chunks[number]))
            {
                Interlocked.Increment(ref _refused);
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            }
        }
    }

    private async Task<bool> TrySendAsync(Uri replica, byte[] chunk)
    {
        using var body = new ByteArrayContent(chunk);
        body.Headers.ContentType = Ndjson;
        using var response = await _http.PostAsync(new Uri(replica, $"v1/{_workspace}/events"), body);
        if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) return false;
        return response.StatusCode == HttpStatusCode.Accepted ? true
            : throw new InvalidOperationException($"The operator answered {response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }

    private async Task<double> SumAsync(Func<OperatorMetrics, double> value) => (await Task.WhenAll(_replicas.Select(OperatorMetrics.ReadAsync))).Sum(value);

    private IServer Server => _redis.GetServer(_redis.GetEndPoints()[0]);

    /// <summary>Moves the replicas' clocks to the instant, waits until time has done what it does until then, and hashes the members.</summary>
    public async Task<MembershipHash> MembershipsAsync(DateTimeOffset at)
    {
        foreach (var replica in _replicas)
        {
            using var answer = await _http.PutAsJsonAsync(new Uri(replica, "test/clock"), new { now = at });
            answer.EnsureSuccessStatusCode();
        }
        var redis = _redis.GetDatabase();
        var partitions = (int)await redis.HashGetAsync($"{{{_workspace}}}:catalog", "partitions");
        var prefixes = Enumerable.Range(0, partitions).Select(p => $"{{{_workspace}/{p}}}:").ToArray();
        while ((await Task.WhenAll(prefixes.Select(p => redis.SortedSetLengthAsync(p + "due", max: at.ToUnixTimeMilliseconds())))).Sum() > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);

        var hash = new MembershipHash();
        foreach (var prefix in prefixes)
        {
            foreach (var field in await redis.HashGetAllAsync(prefix + "owner"))
            {
                if (((string)field.Name!).Split(':') is not ["active", var segment]) continue;
                foreach (var profile in await redis.SortedSetRangeByRankAsync($"{prefix}members:{segment}@{field.Value}")) hash.Add(segment, (string)profile!);
            }
        }
        return hash;
    }
}
