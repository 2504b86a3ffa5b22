using Kubernetes.Events;
using Kubernetes.Tests.Hosting;
using Kubernetes.Tests.Server;
using Kubernetes.Tests.Time;
using Kubernetes.Tests.Widgets;

namespace Kubernetes.Tests.Events;

public sealed class EntityEventsTests
{
    private const string Collection = "apis/events.k8s.io/v1/events";

    [Fact]
    public async Task Equal_events_become_one_series_that_is_written_at_most_once_a_minute()
    {
        await using var server = await FakeApiServer.StartAsync();
        await using var runtime = await RunningRuntime.StartAsync(server);
        Publish(runtime, "a", "again and again", times: 50);
        await Wait.UntilAsync(() => Patches(server) == 1);

        var item = server.Store.List(Collection, "acme").Single();
        item["note"]!.GetValue<string>().ShouldBe("again and again");
        item["type"]!.GetValue<string>().ShouldBe("Warning");
        item["regarding"]!["name"]!.GetValue<string>().ShouldBe("a");
        item["eventTime"]!.GetValue<string>().ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$");

        await runtime.Time.AdvanceUntilAsync(() => Patches(server) == 2, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(3));
        server.Store.List(Collection, "acme").Single()["series"]!["count"]!.GetValue<int>().ShouldBe(50);
    }

    [Fact]
    public async Task A_new_series_begins_when_the_old_one_has_ended()
    {
        await using var server = await FakeApiServer.StartAsync();
        await using var runtime = await RunningRuntime.StartAsync(server);
        Publish(runtime, "a", "seldom", times: 1);
        await Wait.UntilAsync(() => server.Store.List(Collection, "acme").Count == 1);

        runtime.Time.Advance(TimeSpan.FromMinutes(7));
        Publish(runtime, "a", "seldom", times: 1);
        await Wait.UntilAsync(() => server.Store.List(Collection, "acme").Count == 2);
    }

    [Fact]
    public async Task One_talkative_object_is_bounded_and_others_are_not_touched_by_that()
    {
        await using var server = await FakeApiServer.StartAsync();
        await using var runtime = await RunningRuntime.StartAsync(server);
        for (var i = 0; i < 100; i++)
            Publish(runtime, "talkative", $"number {i}", times: 1);
        Publish(runtime, "quiet", "one word", times: 1);

        await Wait.UntilAsync(() => About(server, "quiet") == 1);
        About(server, "talkative").ShouldBe(EventWriter.Burst);
    }

    [Fact]
    public async Task Events_that_cannot_be_written_fail_nothing()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        server.Fault = async (request, context) =>
        {
            var isEvent = request.Path.Contains("/events", StringComparison.Ordinal);
            if (isEvent)
                await FakeApiServer.RefuseAsync(context, 403, "Forbidden");
            return isEvent;
        };
        await using var runtime = await RunningRuntime.StartAsync(server);
        Publish(runtime, "a", "lost", times: 3);

        await Wait.UntilAsync(() => server.Count(request => request.Path.Contains("/events", StringComparison.Ordinal)) == 3);
        await Wait.UntilAsync(() => runtime.Store.Get("acme", "a")?.Status.ObservedSize == 1);
    }

    [Fact]
    public async Task Events_that_wait_are_written_before_the_process_ends()
    {
        await using var server = await FakeApiServer.StartAsync();
        await using var runtime = await RunningRuntime.StartAsync(server);
        for (var i = 0; i < 20; i++)
            Publish(runtime, $"w{i}", "goodbye", times: 1);

        await runtime.StopAsync();
        server.Store.List(Collection, "acme").Count.ShouldBe(20);
    }

    private static void Publish(RunningRuntime runtime, string name, string note, int times)
    {
        for (var i = 0; i < times; i++)
            runtime.Get<EntityEvents>().Publish(Widget.Named("acme", name), EntityEventType.Warning, "Test", note);
    }

    private static int Patches(FakeApiServer server) =>
        server.Count(request => request.Method == "PATCH" && request.Path.Contains("/events/", StringComparison.Ordinal));

    private static int About(FakeApiServer server, string name) =>
        server.Store.List(Collection, "acme").Count(item => item["regarding"]!["name"]!.GetValue<string>() == name);
}
