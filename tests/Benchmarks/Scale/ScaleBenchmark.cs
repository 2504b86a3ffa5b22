using System.Collections.Concurrent;
using System.Diagnostics;
using Kubernetes.Client;
using Kubernetes.Hosting;
using Kubernetes.Informers;
using Kubernetes.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Segmentation.Resources;

namespace Segmentation.Benchmarks.Scale;

/// <summary>Creates Segments on an API server that an operator watches, and times how they become Ready. <c>scale.sh</c> starts both.</summary>
internal sealed class ScaleBenchmark : IDisposable
{
    private const int Creators = 16;
    private const int OneMore = 200;

    private readonly ConcurrentDictionary<EntityKey, TaskCompletionSource<long>> _ready = new();
    private readonly IHost _host;
    private readonly Uri _operator;

    public ScaleBenchmark(string kubeconfig, Uri @operator)
    {
        _operator = @operator;
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Logging.ClearProviders();
        builder.Services.AddKubernetesRuntime(options =>
        {
            options.Kubeconfig = kubeconfig;
            options.FieldManager = "scale-benchmark";
            options.LeaderElection.Enabled = false;
        }).AddEntity(ResourcesJson.Default.Segment);
        _host = builder.Build();
    }

    private KubernetesClient Client => _host.Services.GetRequiredService<KubernetesClient>();

    public async Task RunAsync(int segments, int namespaces, TimeSpan quiet)
    {
        await _host.StartAsync();
        var store = _host.Services.GetRequiredService<EntityStore<Segment>>();
        await store.WaitForSyncAsync(CancellationToken.None);
        using var subscription = store.Subscribe(OnChange);
        for (var n = 0; n < namespaces; n++) await CreateNamespaceAsync(NamespaceOf(n, namespaces));

        Table.Head("what", "measured");
        await ManyAsync(segments, namespaces);
        await QuietAsync("quiet", quiet);
        await OneMoreAsync(segments, namespaces);
        await _host.StopAsync();
    }

    /// <summary>How long after its start the operator has looked at every Segment.</summary>
    public static async Task RestartedAsync(Uri @operator, int segments)
    {
        var watch = Stopwatch.StartNew();
        var metrics = await OperatorMetrics.ReadAsync(@operator);
        while (metrics.SegmentsReconciled < segments || metrics.Waiting > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            metrics = await OperatorMetrics.ReadAsync(@operator);
        }
        Table.Row($"restart: every Segment looked at, after /readyz", $"{watch.Elapsed.TotalSeconds:0.0} s");
        Table.Row($"restart: requests to the API server", $"{metrics.ApiRequests:0}");
    }

    public void Dispose() => _host.Dispose();

    private async Task ManyAsync(int segments, int namespaces)
    {
        var before = await OperatorMetrics.ReadAsync(_operator);
        var started = Stopwatch.GetTimestamp();
        var created = await CreateAllAsync(segments, namespaces);
        var lastCreated = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(created.Select(item => item.Ready));
        var after = await OperatorMetrics.ReadAsync(_operator);
        Table.Row($"{segments} Segments in {namespaces} namespaces: created in", $"{Seconds(started, lastCreated):0.0} s");
        Table.Row($"all Ready, after the first was created", $"{Seconds(started, times.Max()):0.0} s");
        Table.Row($"all Ready, after the last was created", $"{Seconds(lastCreated, times.Max()):0.0} s");
        Table.Row($"requests to the API server, per Segment", $"{(after.ApiRequests - before.ApiRequests) / segments:0.00} ({after.RequestsSince(before)})");
        Table.Row($"processor time of the operator, per Segment", $"{(after.CpuSeconds - before.CpuSeconds) / segments * 1000:0.0} ms");
        Table.Row($"memory of the operator", $"{after.WorkingSetMegabytes:0} MB");
    }

    private async Task QuietAsync(string what, TimeSpan duration)
    {
        await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System);
        var before = await OperatorMetrics.ReadAsync(_operator);
        await Task.Delay(duration, TimeProvider.System);
        var after = await OperatorMetrics.ReadAsync(_operator);
        Table.Row($"{what}: requests to the API server, per minute", $"{(after.ApiRequests - before.ApiRequests) / duration.TotalMinutes:0.0} ({after.RequestsSince(before)} in {duration.TotalSeconds:0} s)");
        Table.Row($"{what}: processor time of the operator", $"{(after.CpuSeconds - before.CpuSeconds) / duration.TotalSeconds * 100:0.0} % of a core");
    }

    private async Task OneMoreAsync(int segments, int namespaces)
    {
        var times = new List<double>();
        for (var n = 0; n < OneMore; n++)
        {
            var started = Stopwatch.GetTimestamp();
            times.Add(Seconds(started, await await CreateAsync(segments + n, namespaces)) * 1000);
        }
        times.Sort();
        Table.Row($"one more, {OneMore} times, from its creation to Ready", $"p50 {times[OneMore / 2]:0} ms, p99 {times[OneMore * 99 / 100]:0} ms, longest {times[^1]:0} ms");
    }

    private async Task<IReadOnlyList<(int Number, Task<long> Ready)>> CreateAllAsync(int segments, int namespaces)
    {
        var created = new ConcurrentBag<(int, Task<long>)>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, segments), new ParallelOptions { MaxDegreeOfParallelism = Creators },
            async (number, _) => created.Add((number, await CreateAsync(number, namespaces))));
        return [.. created];
    }

    /// <returns>Completes with the instant at which it was seen to be Ready.</returns>
    private async Task<Task<long>> CreateAsync(int number, int namespaces)
    {
        var segment = Segments.Numbered(number, NamespaceOf(number, namespaces));
        var ready = _ready[EntityKey.Of(segment)] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await Client.CreateAsync(segment, CancellationToken.None);
        return ready.Task;
    }

    private void OnChange(EntityChange<Segment> change)
    {
        if (change.Entity.Status is { } status && Conditions.IsTrue(status.Conditions, Conditions.Ready) && _ready.TryGetValue(EntityKey.Of(change.Entity), out var ready))
            ready.TrySetResult(Stopwatch.GetTimestamp());
    }

    private async Task CreateNamespaceAsync(string name)
    {
        var body = System.Text.Encoding.UTF8.GetBytes($$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{name}}}"}}""");
        await _host.Services.GetRequiredService<ApiTransport>().SendAsync(new ApiRequest(HttpMethod.Post, "api/v1/namespaces") { Body = body }, CancellationToken.None);
    }

    private static string NamespaceOf(int number, int namespaces) => $"shop-{number % namespaces}";

    private static double Seconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalSeconds;
}
