using Kubernetes.Controllers;
using Kubernetes.Queue;
using Kubernetes.Tests.Hosting;
using Kubernetes.Tests.Server;
using Kubernetes.Tests.Time;
using Kubernetes.Tests.Widgets;

namespace Kubernetes.Tests.Controllers;

public sealed class StatusTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Status_is_applied_once_under_the_field_manager_and_our_own_write_does_not_call_back()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a", size: 3);
        await using var runtime = await RunningRuntime.StartAsync(server);

        await Wait.UntilAsync(() => server.Widget("a")!["status"]?["observedSize"]?.GetValue<int>() == 3);
        await Wait.UntilAsync(() => runtime.Store.Get("acme", "a")?.Status.ObservedSize == 3);
        await SettleAsync(runtime);

        runtime.Controller.Times("a").ShouldBe(1);
        var apply = server.Requests.Single(request => request.Method == "PATCH");
        apply.Path.ShouldBe("/apis/test.example.com/v1/namespaces/acme/widgets/a/status");
        apply.ContentType.ShouldBe("application/apply-patch+yaml");
        apply.Query["fieldManager"].ToString().ShouldBe("widget-operator");
        apply.Query["force"].ToString().ShouldBe("true");
        apply.Body.ShouldNotContain("spec");
    }

    [Fact]
    public async Task A_status_that_did_not_change_is_not_written()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        await using var runtime = await RunningRuntime.StartAsync(server);
        await Wait.UntilAsync(() => runtime.Store.Get("acme", "a")?.Status.ObservedSize == 1);

        runtime.Get<EntityQueue<Widget>>().Enqueue("acme", "a");
        await Wait.UntilAsync(() => runtime.Controller.Times("a") == 2);
        await SettleAsync(runtime);

        server.Count(request => request.Method == "PATCH").ShouldBe(1);
    }

    [Fact]
    public async Task A_reconciliation_right_after_a_status_write_sees_that_status_before_the_watch_brings_it()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a", size: 5);
        await using var runtime = await RunningRuntime.StartAsync(server);
        await Wait.UntilAsync(() => runtime.Store.Get("acme", "a")?.Status.ObservedSize == 5);
        server.Watches.Silent = true;
        var seen = new List<int?>();
        runtime.Controller.OnReconcile = (widget, _) =>
        {
            seen.Add(widget.Status.ObservedSize);
            widget.Status.ObservedSize++;
            return Task.FromResult(ReconciliationResult<Widget>.Success(widget));
        };

        for (var i = 1; i <= 3; i++)
        {
            runtime.Get<EntityQueue<Widget>>().Enqueue("acme", "a");
            await Wait.UntilAsync(() => server.Widget("a")!["status"]!["observedSize"]!.GetValue<int>() == 5 + i);
            await Wait.UntilAsync(() => runtime.Get<EntityQueue<Widget>>().IsIdle);
        }

        seen.ShouldBe([5, 6, 7]);
    }

    [Fact]
    public async Task Status_writes_of_one_object_are_bounded_and_the_last_one_arrives()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        var count = 0;
        await using var runtime = await RunningRuntime.StartAsync(server, arrange: controller => controller.OnReconcile = (widget, _) =>
        {
            widget.Status.ObservedSize = Volatile.Read(ref count);
            return Task.FromResult(ReconciliationResult<Widget>.Success(widget));
        });
        await Wait.UntilAsync(() => runtime.Store.Get("acme", "a")?.Status.ObservedSize == 0);
        var queue = runtime.Get<EntityQueue<Widget>>();

        for (var i = 1; i <= 50; i++)
        {
            Volatile.Write(ref count, i);
            var times = runtime.Controller.Times("a");
            queue.Enqueue("acme", "a");
            await Wait.UntilAsync(() => runtime.Controller.Times("a") > times && queue.IsIdle);
        }

        server.Count(request => request.Method == "PATCH").ShouldBe(5);
        await runtime.Time.AdvanceUntilAsync(() => server.Widget("a")!["status"]!["observedSize"]!.GetValue<int>() == 50, Second / 4, 5 * Second);
        server.Count(request => request.Method == "PATCH").ShouldBe(6);
    }

    [Fact]
    public async Task An_object_that_is_gone_when_its_status_is_written_is_no_error()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        await using var runtime = await RunningRuntime.StartAsync(server, arrange: controller => controller.OnReconcile = (widget, _) =>
        {
            server.DeleteWidget("a");
            widget.Status.ObservedSize = 1;
            return Task.FromResult(ReconciliationResult<Widget>.Success(widget));
        });

        await Wait.UntilAsync(() => runtime.Controller.Deleted.Count == 1);
        await SettleAsync(runtime);
        runtime.Time.Advance(TimeSpan.FromMinutes(20));
        await SettleAsync(runtime);
        runtime.Controller.Times("a").ShouldBe(1);
    }

    [Fact]
    public async Task A_change_by_another_between_reading_and_writing_does_not_lose_the_status()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        await using var runtime = await RunningRuntime.StartAsync(server, arrange: controller => controller.OnReconcile = (widget, _) =>
        {
            Annotate(server, "unrelated", "change");
            widget.Status.ObservedSize = 1;
            return Task.FromResult(ReconciliationResult<Widget>.Success(widget));
        });

        await Wait.UntilAsync(() => server.Widget("a")!["status"]?["observedSize"]?.GetValue<int>() == 1);
        server.Widget("a")!["metadata"]!["annotations"]!["unrelated"]!.GetValue<string>().ShouldBe("change");
    }

    [Fact]
    public async Task A_successor_of_the_same_name_never_gets_its_predecessors_status()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a", size: 1);
        await using var runtime = await RunningRuntime.StartAsync(server, arrange: controller => controller.OnReconcile = (widget, _) =>
        {
            if (widget.Spec.Size == 1)
            {
                server.DeleteWidget("a");
                server.AddWidget("a", size: 2);
                widget.Status.ObservedSize = 1;
            }

            return Task.FromResult(ReconciliationResult<Widget>.Success(widget));
        });

        await Wait.UntilAsync(() => runtime.Controller.Reconciled.Any(widget => widget.Spec.Size == 2));
        await SettleAsync(runtime);
        server.Widget("a")!["status"].ShouldBeNull();
        runtime.Controller.Reconciled.Last().Status.ObservedSize.ShouldBeNull();
    }

    private static void Annotate(FakeApiServer server, string name, string value) => server.ChangeWidget("a", widget =>
    {
        widget["metadata"]!["annotations"] ??= new System.Text.Json.Nodes.JsonObject();
        widget["metadata"]!["annotations"]![name] = value;
    });

    /// <summary>Waits until every change has been seen and nothing is left to do now.</summary>
    private static Task SettleAsync(RunningRuntime runtime) => Wait.UntilAsync(() => runtime.Get<EntityQueue<Widget>>().IsIdle);
}
