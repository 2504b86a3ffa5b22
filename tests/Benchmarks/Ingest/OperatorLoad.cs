using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Segmentation.Benchmarks.Scale;
using StackExchange.Redis;

namespace Segmentation.Benchmarks.Ingest;

/// <summary>Sends a load to an operator over HTTP, waits until all of it is applied, and reads the memberships from Redis.</summary>
internal sealed class OperatorLoad : IDisposable
{
    private const string Workspace = "shop";
    private const int Connections = 8;
    private const int EventsPerRequest = 1_000;
    private static readonly MediaTypeHeaderValue Ndjson = new("application/x-ndjson");

    private readonly Uri _operator;
    private readonly ConnectionMultiplexer _redis;
    private readonly HttpClient _http;
    private int _next = -1;
    private int _refused;

    public OperatorLoad(Uri @operator, string redis)
    {
        _operator = @operator;
        _redis = ConnectionMultiplexer.Connect(redis + ",syncTimeout=60000,allowAdmin=true");
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Connections }) { BaseAddress = @operator };
    }

    public async Task RunAsync(LoadSettings settings, int operatorPid, int redisPid, Figures figures)
    {
        var chunks = ShopLoad.Chunks(ShopLoad.Generate(settings), EventsPerRequest);
        GC.Collect();
        var bytesBefore = await MemoryAsync();
        var (operatorBefore, redisBefore) = (ProcessorTime.Seconds(operatorPid), ProcessorTime.Seconds(redisPid));
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => SendAsync(chunks)));
        var accepted = watch.Elapsed;
        while (await AppliedAsync() < settings.Events) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        watch.Stop();

        figures.Add("events", $"{settings.Events}");
        figures.Add("seconds", $"{watch.Elapsed.TotalSeconds}");
        figures.Add("accepted-seconds", $"{accepted.TotalSeconds}");
        figures.Add("asked-to-wait", $"{_refused}");
        figures.Add("operator-cpu", $"{ProcessorTime.Seconds(operatorPid) - operatorBefore}");
        figures.Add("redis-cpu", $"{ProcessorTime.Seconds(redisPid) - redisBefore}");
        figures.Add("redis-bytes", $"{await MemoryAsync() - bytesBefore}");
        figures.Add("operator-megabytes", $"{(await OperatorMetrics.ReadAsync(_operator)).WorkingSetMegabytes}");

        var compareAt = CompareAt(TimeProvider.System.GetUtcNow());
        figures.Add("compare-at", $"{compareAt.ToUnixTimeMilliseconds()}");
        figures.Add("memberships", $"{await MembershipsAsync(compareAt)}");
    }

    public void Dispose()
    {
        _redis.Dispose();
        _http.Dispose();
    }

    // The load has nothing that changes by time between minute 45 of an hour and its end.
    private static DateTimeOffset CompareAt(DateTimeOffset now) =>
        new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 50, 0, TimeSpan.Zero).AddHours(now.Minute >= 45 ? 1 : 0);

    private async Task SendAsync(byte[][] chunks)
    {
        while (Interlocked.Increment(ref _next) is var number && number < chunks.Length)
        {
            while (!await TrySendAsync(chunks[number]))
            {
                Interlocked.Increment(ref _refused);
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            }
        }
    }

    private async Task<bool> TrySendAsync(byte[] chunk)
    {
        using var body = new ByteArrayContent(chunk);
        body.Headers.ContentType = Ndjson;
        using var response = await _http.PostAsync(new Uri($"v1/{Workspace}/events", UriKind.Relative), body);
        if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) return false;
        return response.StatusCode == HttpStatusCode.Accepted ? true
            : throw new InvalidOperationException($"The operator answered {response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }

    private async Task<double> AppliedAsync() => (await OperatorMetrics.ReadAsync(_operator)).EventsApplied;

    private async Task<long> MemoryAsync()
    {
        var info = await Server.InfoAsync("memory");
        return long.Parse(info.SelectMany(group => group).First(pair => pair.Key == "used_memory").Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    private IServer Server => _redis.GetServer(_redis.GetEndPoints()[0]);

    /// <summary>Moves the operator's clock to the instant, waits until time has done what it does until then, and hashes the members.</summary>
    private async Task<MembershipHash> MembershipsAsync(DateTimeOffset at)
    {
        using var answer = await _http.PutAsJsonAsync(new Uri("test/clock", UriKind.Relative), new { now = at });
        answer.EnsureSuccessStatusCode();
        var redis = _redis.GetDatabase();
        var partitions = (int)await redis.HashGetAsync($"{{{Workspace}}}:catalog", "partitions");
        var prefixes = Enumerable.Range(0, partitions).Select(p => $"{{{Workspace}/{p}}}:").ToArray();
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
