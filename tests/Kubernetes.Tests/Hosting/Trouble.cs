using Kubernetes.Queue;
using Kubernetes.Tests.Server;
using Kubernetes.Tests.Time;
using Kubernetes.Tests.Widgets;

namespace Kubernetes.Tests.Hosting;

/// <summary>Changes objects and breaks connections by chance. No name comes twice, except while its object is going.</summary>
internal sealed class Trouble(Random random, FakeApiServer server)
{
    private const int ObjectsAtOnce = 8;
    private static readonly int[] Refusals = [409, 410, 429, 500, 503, 504];

    private readonly Lock _lock = new();
    private readonly List<string> _names = [];
    private volatile bool _stopped;

    /// <summary>Objects made so far.</summary>
    public int Created { get; private set; }

    /// <summary>A server of one of the kinds there are, by the seed.</summary>
    public static async Task<FakeApiServer> StartServerAsync(int seed)
    {
        var server = await FakeApiServer.StartAsync();
        server.SupportsWatchList = seed % 2 == 0;
        server.PageSize = 3;
        return server;
    }

    /// <summary>Makes trouble for some steps of 0 to 7 s each, and then none any more.</summary>
    public async Task RunAsync(RunningRuntime runtime, int steps)
    {
        _stopped = false;
        server.Fault = RefuseSometimesAsync;
        for (var step = 0; step < steps; step++)
        {
            ChangeSomething();
            BreakSomething();
            runtime.Time.Advance(TimeSpan.FromSeconds(random.Next(8)));
            await Wait.BrieflyAsync(() => false);
        }

        _stopped = true;
        server.Watches.Silent = false;
        server.Watches.BreakAll();
    }

    /// <summary>Lets time pass until every status is right; an exception after an hour of the test's clock.</summary>
    public async Task UntilMendedAsync(RunningRuntime runtime)
    {
        // Real requests must have the time to be answered: the client's limits run by the test's clock.
        for (var moved = TimeSpan.Zero; !IsRight(runtime); moved += TimeSpan.FromSeconds(5))
        {
            if (moved > TimeSpan.FromHours(1))
                throw new TimeoutException(Describe(runtime));
            runtime.Time.Advance(TimeSpan.FromSeconds(5));
            await Wait.BrieflyAsync(() => IsRight(runtime));
            await Wait.BrieflyAsync(() => IsRight(runtime));
        }
    }

    private void ChangeSomething()
    {
        _names.RemoveAll(name => server.Widget(name) is null);
        switch (random.Next(4))
        {
            case 0 when _names.Count < ObjectsAtOnce:
                _names.Add($"w{Created++}");
                server.AddWidget(_names[^1], random.Next(100));
                break;
            case 1 when _names.Count > 0:
                server.DeleteWidget(_names[random.Next(_names.Count)]);
                break;
            default:
                if (_names.Count > 0)
                    server.ChangeWidget(_names[random.Next(_names.Count)], widget => widget["spec"]!["size"] = random.Next(100));
                break;
        }
    }

    private void BreakSomething()
    {
        server.Watches.Silent = random.Next(10) == 0;
        switch (random.Next(12))
        {
            case 0:
                server.Watches.BreakAll();
                break;
            case 1:
                server.Watches.EndAll();
                break;
            case 2:
                server.Watches.FailAll(Refusals[random.Next(Refusals.Length)], "Random");
                break;
            case 3:
                server.Store.Compact();
                break;
        }
    }

    private async Task<bool> RefuseSometimesAsync(ReceivedRequest request, Microsoft.AspNetCore.Http.HttpContext context)
    {
        int? code;
        lock (_lock)
            code = !_stopped && random.Next(4) == 0 ? Refusals[random.Next(Refusals.Length)] : null;
        if (code is not { } refusal)
            return false;
        await FakeApiServer.RefuseAsync(context, refusal, "Random");
        return true;
    }

    private string Describe(RunningRuntime runtime) =>
        $"""
        idle: {runtime.Get<EntityQueue<Widget>>().IsIdle}; {string.Join("; ", runtime.Health.Snapshot())}
        server: {string.Join("\n", server.Store.List(FakeApiServer.Widgets, "acme").Select(widget => widget.ToJsonString()))}
        store: {string.Join("; ", runtime.Store.List("acme").Select(widget => $"{widget.Metadata.Name} {widget.Metadata.ResourceVersion}"))}
        """;

    private bool IsRight(RunningRuntime runtime)
    {
        var widgets = server.Store.List(FakeApiServer.Widgets, "acme");
        return runtime.Get<EntityQueue<Widget>>().IsIdle
            && widgets.All(widget => widget["metadata"]!["deletionTimestamp"] is null
                && widget["status"]?["observedSize"]?.GetValue<int>() == widget["spec"]!["size"]!.GetValue<int>())
            && runtime.Store.List("acme").Select(widget => widget.Metadata.Name).Order(StringComparer.Ordinal)
                .SequenceEqual(widgets.Select(widget => widget["metadata"]!["name"]!.GetValue<string>()).Order(StringComparer.Ordinal));
    }
}
