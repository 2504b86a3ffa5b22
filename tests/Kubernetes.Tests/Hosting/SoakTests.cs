using System.Globalization;
using Kubernetes.Queue;
using Kubernetes.Tests.Server;
using Kubernetes.Tests.Time;
using Kubernetes.Tests.Widgets;
using Xunit.Abstractions;

namespace Kubernetes.Tests.Hosting;

/// <summary>
/// Hours of the test's clock with faults by chance. SEED=n repeats one run, TEST_LONG=1 makes it twenty times as long. It runs beside no other test:
/// what it measures of memory is that of the whole process.
/// </summary>
[CollectionDefinition(nameof(SoakTests), DisableParallelization = true)]
[Collection(nameof(SoakTests))]
public sealed class SoakTests(ITestOutputHelper output)
{
    private const int StepsPerPhase = 150;

    [Fact]
    public async Task After_hours_of_faults_the_state_is_that_of_a_fresh_start_and_nothing_has_piled_up()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SEED"), CultureInfo.InvariantCulture, out var given) ? given : Environment.TickCount & int.MaxValue;
        output.WriteLine($"SEED={seed}");
        var phases = Environment.GetEnvironmentVariable("TEST_LONG") == "1" ? 240 : 8;
        await using var server = await Trouble.StartServerAsync(seed);
        Dictionary<string, string> before;
        await using (var runtime = await RunningRuntime.StartAsync(server, withFinalizer: true))
        {
            var trouble = new Trouble(new Random(seed), server);
            var started = runtime.Time.GetUtcNow();
            Footprint? first = null;
            for (var phase = 0; phase < phases; phase++)
            {
                await trouble.RunAsync(runtime, StepsPerPhase);
                await trouble.UntilMendedAsync(runtime);
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

    private static Dictionary<string, string> Versions(FakeApiServer server) => server.Store.List(FakeApiServer.Widgets, "acme").ToDictionary(
        widget => widget["metadata"]!["name"]!.GetValue<string>(), widget => widget["metadata"]!["resourceVersion"]!.GetValue<string>());
}
