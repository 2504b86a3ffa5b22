using System.Globalization;
using Kubernetes.Queue;
using Kubernetes.Tests.Server;
using Kubernetes.Tests.Time;
using Kubernetes.Tests.Widgets;
using Xunit.Abstractions;

namespace Kubernetes.Tests.Hosting;

/// <summary>
/// Hours of the test's clock with faults by chance: about ten minutes of it pass in a second. SEED=n repeats one run, TEST_LONG=1 makes it twenty
/// times as long.
/// </summary>
public sealed class RandomFaultTests(ITestOutputHelper output)
{
    private const int StepsPerPhase = 150;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_went_wrong_in_between_every_status_is_right_in_the_end(int seed)
    {
        await using var server = await StartServerAsync(seed);
        await using var runtime = await RunningRuntime.StartAsync(server, withFinalizer: true);
        var trouble = new Trouble(new Random(seed), server);

        await trouble.RunAsync(runtime, StepsPerPhase);
        await UntilRightAsync(server, runtime);

        runtime.Controller.Overlapped.ShouldBeFalse();
    }

    [Fact]
    public async Task After_hours_of_faults_the_state_is_that_of_a_fresh_start_and_nothing_has_piled_up()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SEED"), CultureInfo.InvariantCulture, out var given) ? given : Environment.TickCount & int.MaxValue;
        output.WriteLine($"SEED={seed}");
        var phases = Environment.GetEnvironmentVariable("TEST_LONG") == "1" ? 240 : 12;
        await using var server = await StartServerAsync(seed);
        Dictionary<string, string> before;
        await using (var runtime = await RunningRuntime.StartAsync(server, withFinalizer: true))
        {
            var trouble = new Trouble(new Random(seed), server);
            var started = runtime.Time.GetUtcNow();
            Footprint? first = null;
            for (var phase = 0; phase < phases; phase++)
            {
                await trouble.RunAsync(runtime, StepsPerPhase);
                await UntilRightAsync(server, runtime);
                var now = await Footprint.OfAsync(server, runtime);
                output.WriteLine($"{runtime.Time.GetUtcNow() - started:g}: {trouble.Created} objects created, {now}");
                if (phase == 1)
                    first = now;
                first?.ShouldHold(now);
            }

            runtime.Controller.Overlapped.ShouldBeFalse();
            before = Versions(server);
        }

        // Whoever starts now finds every status as it would write it itself.
        await using var fresh = await RunningRuntime.StartAsync(server, withFinalizer: true);
        await Wait.UntilAsync(() => fresh.Store.HasSynced && fresh.Controller.Reconciled.Count >= before.Count && fresh.Get<EntityQueue<Widget>>().IsIdle);
        Versions(server).ShouldBe(before, ignoreOrder: true);
    }

    private static async Task<FakeApiServer> StartServerAsync(int seed)
    {
        var server = await FakeApiServer.StartAsync();
        server.SupportsWatchList = seed % 2 == 0;
        server.PageSize = 3;
        return server;
    }

    private static async Task UntilRightAsync(FakeApiServer server, RunningRuntime runtime)
    {
        // Real requests must have the time to be answered: the client's limits run by the test's clock.
        for (var moved = TimeSpan.Zero; !IsRight(server, runtime); moved += TimeSpan.FromSeconds(5))
        {
            if (moved > TimeSpan.FromHours(1))
                throw new TimeoutException(Describe(server, runtime));
            runtime.Time.Advance(TimeSpan.FromSeconds(5));
            await Wait.BrieflyAsync(() => IsRight(server, runtime));
            await Wait.BrieflyAsync(() => IsRight(server, runtime));
        }
    }

    private static Dictionary<string, string> Versions(FakeApiServer server) => server.Store.List(FakeApiServer.Widgets, "acme").ToDictionary(
        widget => widget["metadata"]!["name"]!.GetValue<string>(), widget => widget["metadata"]!["resourceVersion"]!.GetValue<string>());

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
}
