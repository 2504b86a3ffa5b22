using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Segmentation.Benchmarks.Ingest;
using Segmentation.Benchmarks.Scale;
using Segmentation.Operator.Storage;
using StackExchange.Redis;

namespace Segmentation.Benchmarks.Live;

/// <summary>One operator and its Redis, as a benchmark uses them: events in by HTTP, memberships out of Redis.</summary>
internal sealed class LiveClient : IAsyncDisposable
{
    private const string Workspace = "shop";
    private static readonly MediaTypeHeaderValue Ndjson = new("application/x-ndjson");

    private readonly Uri _operator;
    private readonly ConnectionMultiplexer _redis;
    private readonly HttpClient _http;
    private int _refused;

    public LiveClient(Uri @operator, string redis)
    {
        _operator = @operator;
        _redis = ConnectionMultiplexer.Connect(redis + ",syncTimeout=60000,allowAdmin=true");
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 512 });
    }

    /// <summary>How often the operator asked to wait.</summary>
    public int Refused => _refused;

    /// <summary>Sends a body until it is accepted.</summary>
    public async Task SendAsync(byte[] body)
    {
        while (true)
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = Ndjson;
            using var response = await _http.PostAsync(new Uri(_operator, $"v1/{Workspace}/events"), content);
            if (response.StatusCode == HttpStatusCode.Accepted) return;
            if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
                throw new InvalidOperationException($"The operator answered {response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
            Interlocked.Increment(ref _refused);
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }
    }

    /// <summary>Sends bodies as fast as they are accepted over some connections, and waits until all that is in them is applied.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> SendAllAsync(IEnumerable<byte[]> bodies, int events, int connections = 8)
    {
        var applied = await AppliedAsync();
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = connections }, async (body, _) => await SendAsync(body));
        await AppliedEvents.WaitAsync(AppliedAsync, applied + events);
        return watch.Elapsed;
    }

    /// <summary>Where the members of the serving revision of a segment are.</summary>
    public async Task<SegmentKeys> KeysOfAsync(string segment)
    {
        var database = _redis.GetDatabase();
        var partitions = (int)await database.HashGetAsync($"{{{Workspace}}}:catalog", "partitions");
        var revision = await database.HashGetAsync($"{{{Workspace}/0}}:owner", "active:" + segment);
        if (revision.IsNull) throw new InvalidOperationException($"No revision of {segment} serves.");
        return new SegmentKeys([.. Enumerable.Range(0, partitions).Select(p => (RedisKey)string.Create(CultureInfo.InvariantCulture, $"{{{Workspace}/{p}}}:members:{segment}@{revision}"))]);
    }

    /// <summary>Asks the same Redis for memberships.</summary>
    public MembershipWatch Watch() => new(_redis.GetEndPoints()[0]);

    public async Task<long> CountAsync(SegmentKeys segment)
    {
        var database = _redis.GetDatabase();
        return (await Task.WhenAll(segment.All.Select(key => database.SortedSetLengthAsync(key)))).Sum();
    }

    public async Task<long> BytesAsync()
    {
        var info = await _redis.GetServer(_redis.GetEndPoints()[0]).InfoAsync("memory");
        return long.Parse(info.SelectMany(group => group).First(pair => pair.Key == "used_memory").Value, CultureInfo.InvariantCulture);
    }

    // Not by Dispose: what follows an answer of Redis may run on the thread that reads from it, and would wait there for itself, a minute.
    public async ValueTask DisposeAsync()
    {
        await _redis.CloseAsync();
        _http.Dispose();
    }

    private async Task<double> AppliedAsync() => (await OperatorMetrics.ReadAsync(_operator)).EventsApplied;
}

/// <summary>The sorted sets of a segment's members, by partition.</summary>
internal sealed record SegmentKeys(RedisKey[] All)
{
    public RedisKey Of(string profile) => All[PartitionHash.Of(profile, All.Length)];
}
