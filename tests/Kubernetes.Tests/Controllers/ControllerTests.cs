using Kubernetes.Controllers;
using Kubernetes.Queue;
using Kubernetes.Tests.Hosting;
using Kubernetes.Tests.Server;
using Kubernetes.Tests.Time;
using Kubernetes.Tests.Widgets;

namespace Kubernetes.Tests.Controllers;

public sealed class ControllerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task The_controller_gets_a_copy_of_its_own()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        await using var runtime = await RunningRuntime.StartAsync(server, arrange: controller => controller.OnReconcile = (widget, _) =>
        {
            widget.Spec.Size = 99;
            widget.Metadata.Name = "renamed";
            return Task.FromResult(ReconciliationResult<Widget>.Terminal(widget, "only looking"));
        });

        await Wait.UntilAsync(() => !runtime.Controller.Reconciled.IsEmpty);
        runtime.Store.Get("acme", "a")!.Spec.Size.ShouldBe(1);
    }

    [Fact]
    public async Task Added_while_being_worked_on_runs_once_more_afterwards_and_never_at_the_same_time()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        var gate = new SemaphoreSlim(0);
        await using var runtime = await RunningRuntime.StartAsync(server, arrange: controller => controller.OnReconcile = async (widget, token) =>
        {
            await gate.WaitAsync(token);
            return ReconciliationResult<Widget>.Success(widget);
        });
        await Wait.UntilAsync(() => runtime.Controller.Times("a") == 1);

        for (var size = 2; size <= 5; size++)
            server.ChangeWidget("a", widget => widget["spec"]!["size"] = size);
        await Wait.UntilAsync(() => runtime.Store.Get("acme", "a")!.Spec.Size == 5);
        runtime.Controller.Times("a").ShouldBe(1);
        gate.Release(10);

        await Wait.UntilAsync(() => runtime.Controller.Times("a") == 2 && runtime.Get<EntityQueue<Widget>>().IsIdle);
        runtime.Controller.Reconciled.Last().Spec.Size.ShouldBe(5);
        runtime.Controller.Overlapped.ShouldBeFalse();
    }

    [Fact]
    public async Task Errors_are_tried_again_for_ever_with_growing_waits_and_forgotten_after_success()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        var failures = 8;
        await using var runtime = await RunningRuntime.StartAsync(server, arrange: controller => controller.OnReconcile = (widget, _) =>
            Interlocked.Decrement(ref failures) switch
            {
                < 0 => Task.FromResult(ReconciliationResult<Widget>.Success(widget)),
                var left when left % 2 == 0 => throw new InvalidDataException("broken"),
                _ => Task.FromResult(ReconciliationResult<Widget>.Failure(widget, "not yet")),
            });

        var moved = await runtime.Time.AdvanceUntilAsync(() => runtime.Controller.Times("a") == 9, 2 * Second, TimeSpan.FromMinutes(10));
        moved.ShouldBeGreaterThan(TimeSpan.FromSeconds(0.75 * 255)); // 0.75 s × (1 + 2 + … + 128)
        await SettleAsync(runtime);
        runtime.Time.Advance(TimeSpan.FromHours(1));
        await SettleAsync(runtime);
        runtime.Controller.Times("a").ShouldBe(9);
    }

    [Fact]
    public async Task A_terminal_error_writes_its_status_and_waits_for_the_next_generation()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a", size: -1);
        await using var runtime = await RunningRuntime.StartAsync(server, arrange: controller => controller.OnReconcile = (widget, _) =>
        {
            widget.Status.ObservedSize = widget.Spec.Size;
            return Task.FromResult(ReconciliationResult<Widget>.Terminal(widget, "size must be positive"));
        });
        await Wait.UntilAsync(() => runtime.Store.Get("acme", "a")?.Status.ObservedSize == -1);
        await SettleAsync(runtime);
        runtime.Time.Advance(TimeSpan.FromHours(2));
        await SettleAsync(runtime);
        runtime.Controller.Times("a").ShouldBe(1);

        server.ChangeWidget("a", widget => widget["spec"]!["size"] = -2);
        await runtime.Time.AdvanceUntilAsync(() => runtime.Controller.Times("a") == 2, Second, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task The_next_call_comes_after_the_delay_asked_for()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        await using var runtime = await RunningRuntime.StartAsync(server, arrange: controller => controller.OnReconcile = (widget, _) =>
            Task.FromResult(ReconciliationResult<Widget>.Success(widget, TimeSpan.FromMinutes(3))));
        await Wait.UntilAsync(() => runtime.Controller.Times("a") == 1 && runtime.Get<EntityQueue<Widget>>().IsIdle);

        var moved = await runtime.Time.AdvanceUntilAsync(() => runtime.Controller.Times("a") == 2, 5 * Second, TimeSpan.FromMinutes(5));
        moved.ShouldBeInRange(TimeSpan.FromSeconds(180), TimeSpan.FromSeconds(190));
    }

    [Fact]
    public async Task A_delay_asked_for_ends_the_backoff()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        var calls = 0;
        await using var runtime = await RunningRuntime.StartAsync(server, arrange: controller => controller.OnReconcile = (widget, _) =>
            Task.FromResult(Interlocked.Increment(ref calls) == 6
                ? ReconciliationResult<Widget>.Success(widget, Second)
                : ReconciliationResult<Widget>.Failure(widget, "broken")));
        await runtime.Time.AdvanceUntilAsync(() => runtime.Controller.Times("a") == 7, Second / 4, TimeSpan.FromMinutes(2));

        // After five failures in a row it would be 24 s; after one it is 0.75.
        var moved = await runtime.Time.AdvanceUntilAsync(() => runtime.Controller.Times("a") == 8, Second / 4, TimeSpan.FromMinutes(2));
        moved.ShouldBeLessThan(2 * Second);
    }

    [Fact]
    public async Task Of_labels_and_annotations_only_those_named_call_for_a_reconciliation()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        await using var runtime = await RunningRuntime.StartAsync(server);
        await Wait.UntilAsync(() => runtime.Store.Get("acme", "a")?.Status.ObservedSize == 1);

        Annotate(server, "test.example.com/something-else", "1");
        await Wait.UntilAsync(() => runtime.Store.Get("acme", "a")!.Metadata.Annotations?.Count == 1);
        await SettleAsync(runtime);
        runtime.Controller.Times("a").ShouldBe(1);

        Annotate(server, "test.example.com/reconcile-requested-at", "now");
        await Wait.UntilAsync(() => runtime.Controller.Times("a") == 2);
    }

    [Fact]
    public async Task Live_changes_are_handled_while_a_long_initial_list_is_worked_off()
    {
        await using var server = await FakeApiServer.StartAsync();
        for (var i = 0; i < 200; i++)
            server.AddWidget($"initial-{i}");
        var gate = new SemaphoreSlim(0);
        await using var runtime = await RunningRuntime.StartAsync(server, arrange: controller => controller.OnReconcile = async (widget, token) =>
        {
            await gate.WaitAsync(token);
            return ReconciliationResult<Widget>.Success(widget);
        });
        await Wait.UntilAsync(() => runtime.Controller.Reconciled.Count == 4); // every worker is busy
        server.AddWidget("live");
        await Wait.UntilAsync(() => runtime.Store.Get("acme", "live") is not null);
        gate.Release(5);

        await Wait.UntilAsync(() => runtime.Controller.Reconciled.Count == 9);
        runtime.Controller.Times("live").ShouldBe(1);
        gate.Release(1000);
        await Wait.UntilAsync(() => runtime.Controller.Reconciled.Count == 201);
    }

    private static void Annotate(FakeApiServer server, string name, string value) => server.ChangeWidget("a", widget =>
    {
        widget["metadata"]!["annotations"] ??= new System.Text.Json.Nodes.JsonObject();
        widget["metadata"]!["annotations"]![name] = value;
    });

    /// <summary>Waits until every change has been seen and nothing is left to do now.</summary>
    private static Task SettleAsync(RunningRuntime runtime) => Wait.UntilAsync(() => runtime.Get<EntityQueue<Widget>>().IsIdle);
}
