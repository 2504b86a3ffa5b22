using System.Text.Json.Nodes;
using Kubernetes.Controllers;
using Kubernetes.Tests.Hosting;
using Kubernetes.Tests.Server;
using Kubernetes.Tests.Time;
using Kubernetes.Tests.Widgets;

namespace Kubernetes.Tests.Controllers;

public sealed class FinalizerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task The_finalizer_is_on_the_object_before_the_first_reconciliation()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        await using var runtime = await RunningRuntime.StartAsync(server, withFinalizer: true);

        await Wait.UntilAsync(() => runtime.Controller.Times("a") > 0);

        runtime.Controller.Reconciled.First().Metadata.Finalizers.ShouldBe([RunningRuntime.FinalizerName]);
        var patch = JsonNode.Parse(server.Requests.First(request => request.Method == "PATCH").Body)!.AsArray();
        patch[0]!["op"]!.GetValue<string>().ShouldBe("test");
        patch[0]!["path"]!.GetValue<string>().ShouldBe("/metadata/resourceVersion");
    }

    [Fact]
    public async Task An_object_being_deleted_is_finalized_and_not_reconciled()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        await using var runtime = await RunningRuntime.StartAsync(server, withFinalizer: true);
        await Wait.UntilAsync(() => runtime.Store.Get("acme", "a")?.Status.ObservedSize == 1);
        var reconciled = runtime.Controller.Times("a");

        server.DeleteWidget("a");

        await Wait.UntilAsync(() => runtime.Controller.Deleted.Count == 1);
        runtime.Controller.Finalized.ShouldNotBeEmpty();
        runtime.Controller.Times("a").ShouldBe(reconciled);
        server.Widget("a").ShouldBeNull();
    }

    [Fact]
    public async Task An_object_stays_until_its_finalizer_succeeds()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        var failures = 3;
        await using var runtime = await RunningRuntime.StartAsync(server, withFinalizer: true, arrange: controller => controller.OnFinalize = widget =>
        {
            widget.Status.ObservedSize = failures;
            return failures-- > 0 ? ReconciliationResult<Widget>.Failure(widget, "the store is down") : ReconciliationResult<Widget>.Success(widget);
        });
        await Wait.UntilAsync(() => runtime.Store.Get("acme", "a")?.Status.ObservedSize == 1);

        server.DeleteWidget("a");
        await Wait.UntilAsync(() => server.Widget("a")?["status"]?["observedSize"]?.GetValue<int>() == 3);

        await runtime.Time.AdvanceUntilAsync(() => server.Widget("a") is null, Second / 4, TimeSpan.FromMinutes(1));
        runtime.Controller.Finalized.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_conflict_on_the_finalizer_patch_is_resolved_without_touching_what_others_wrote()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        var interfered = 0;
        server.Fault = (request, _) =>
        {
            if (request.ContentType == "application/json-patch+json" && Interlocked.Increment(ref interfered) == 1)
            {
                server.ChangeWidget("a", widget =>
                {
                    widget["metadata"]!["finalizers"] = new JsonArray("somebody.example.com/else");
                    widget["metadata"]!["labels"] = new JsonObject { ["team"] = "blue" };
                });
            }

            return Task.FromResult(false);
        };
        await using var runtime = await RunningRuntime.StartAsync(server, withFinalizer: true);

        await Wait.UntilAsync(() => runtime.Controller.Times("a") > 0);
        var metadata = server.Widget("a")!["metadata"]!;
        metadata["finalizers"]!.AsArray().Select(name => name!.GetValue<string>()).ShouldBe(["somebody.example.com/else", RunningRuntime.FinalizerName]);
        metadata["labels"]!["team"]!.GetValue<string>().ShouldBe("blue");
        interfered.ShouldBe(2);
    }

    [Fact]
    public async Task Only_our_finalizer_is_taken_off_even_when_others_come_and_go()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        await using var runtime = await RunningRuntime.StartAsync(server, withFinalizer: true);
        await Wait.UntilAsync(() => runtime.Store.Get("acme", "a")?.Status.ObservedSize == 1);
        server.ChangeWidget("a", widget => widget["metadata"]!["finalizers"]!.AsArray().Insert(0, "first.example.com/x"));

        var interfered = 0;
        server.Fault = (request, _) =>
        {
            if (request.ContentType == "application/json-patch+json" && Interlocked.Increment(ref interfered) == 1)
                server.ChangeWidget("a", widget => widget["metadata"]!["finalizers"]!.AsArray().Insert(0, "second.example.com/y"));
            return Task.FromResult(false);
        };
        server.DeleteWidget("a");

        await Wait.UntilAsync(() => !Finalizers(server).Contains(RunningRuntime.FinalizerName));
        Finalizers(server).ShouldBe(["second.example.com/y", "first.example.com/x"]);
    }

    private static List<string> Finalizers(FakeApiServer server) =>
        [.. server.Widget("a")!["metadata"]!["finalizers"]!.AsArray().Select(name => name!.GetValue<string>())];
}
