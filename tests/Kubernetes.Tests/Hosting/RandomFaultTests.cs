using Kubernetes.Queue;
using Kubernetes.Tests.Server;
using Kubernetes.Tests.Time;
using Kubernetes.Tests.Widgets;

namespace Kubernetes.Tests.Hosting;

public sealed class RandomFaultTests
{
    private static readonly int[] Refusals = [409, 410, 429, 500, 503, 504];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_went_wrong_in_between_every_status_is_right_in_the_end(int seed)
    {
        var random = new Random(seed);
        await using var server = await FakeApiServer.StartAsync();
        server.SupportsWatchList = seed % 2 == 0;
        server.PageSize = 3;
        var trouble = new Trouble(random, server);
        server.Fault = trouble.RefuseSometimesAsync;
        await using var runtime = await RunningRuntime.StartAsync(server, withFinalizer: true);

        for (var step = 0; step < 150; step++)
        {
            trouble.ChangeSomething();
            trouble.BreakSomething();
            runtime.Time.Advance(TimeSpan.FromSeconds(random.Next(8)));
            await Wait.BrieflyAsync(() => false);
        }

        trouble.Stop();
        // Real requests must have the time to be answered: the client's limits run by the test's clock.
        for (var moved = TimeSpan.Zero; !IsRight(server, runtime); moved += TimeSpan.FromSeconds(5))
        {
            if (moved > TimeSpan.FromHours(1))
                throw new TimeoutException(Describe(server, runtime));
            runtime.Time.Advance(TimeSpan.FromSeconds(5));
            await Wait.BrieflyAsync(() => IsRight(server, runtime));
            await Wait.BrieflyAsync(() => IsRight(server, runtime));
        }

        runtime.Controller.Overlapped.ShouldBeFalse();
    }

    private static string Describe(FakeApiServer server, RunningRuntime runtime) =>
        $"""
        idle: {runtime.Get<EntityQueue<Widget>>().IsIdle}; {string.Join("; ", runtime.Health.Snapshot())}
        server: {string.Join("\n", server.Store.List(FakeApiServer.Widgets, "acme").Select(widget => widget.ToJsonString()))}
        store: {string.Join("; ", runtime.Store.List("acme").Select(widget => $"{widget.Metadata.Name} {widget.Metadata.ResourceVersion}"))}
        """;

    private static bool IsRight(FakeApiServer server, RunningRuntime runtime)
    {
        var widgets = server.Store.List(FakeApiServer.Widgets, "acme");
        return runtime.Get<EntityQueue<Widget>>().IsIdle
            && widgets.All(widget => widget["metadata"]!["deletionTimestamp"] is null
                && widget["status"]?["observedSize"]?.GetValue<int>() == widget["spec"]!["size"]!.GetValue<int>())
            && runtime.Store.List("acme").Select(widget => widget.Metadata.Name).Order(StringComparer.Ordinal)
                .SequenceEqual(widgets.Select(widget => widget["metadata"]!["name"]!.GetValue<string>()).Order(StringComparer.Ordinal));
    }

    private sealed class Trouble(Random random, FakeApiServer server)
    {
        private readonly Lock _lock = new();
        private volatile bool _stopped;

        public void ChangeSomething()
        {
            var name = $"w{random.Next(8)}";
            switch (random.Next(4))
            {
                case 0 when server.Widget(name) is null:
                    server.AddWidget(name, random.Next(100));
                    break;
                case 1:
                    server.DeleteWidget(name);
                    break;
                default:
                    server.ChangeWidget(name, widget => widget["spec"]!["size"] = random.Next(100));
                    break;
            }
        }

        public void BreakSomething()
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

        public void Stop()
        {
            _stopped = true;
            server.Watches.Silent = false;
            server.Watches.BreakAll();
        }

        public async Task<bool> RefuseSometimesAsync(ReceivedRequest request, Microsoft.AspNetCore.Http.HttpContext context)
        {
            int? code;
            lock (_lock)
                code = !_stopped && random.Next(4) == 0 ? Refusals[random.Next(Refusals.Length)] : null;
            if (code is not { } refusal)
                return false;
            await FakeApiServer.RefuseAsync(context, refusal, "Random");
            return true;
        }
    }
}
