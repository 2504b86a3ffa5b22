using Kubernetes.Informers;
using Kubernetes.Tests.Hosting;
using Kubernetes.Tests.Server;
using Kubernetes.Tests.Time;

namespace Kubernetes.Tests.Informers;

public sealed class InformerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Initial_state_comes_with_the_watch_and_without_a_list()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        server.AddWidget("b", @namespace: "other");
        await using var runtime = await RunningRuntime.StartAsync(server);

        await Wait.UntilAsync(() => runtime.Store.HasSynced);

        runtime.Store.Get("acme", "a").ShouldNotBeNull();
        runtime.Store.List("other").Select(widget => widget.Metadata.Name).ShouldBe(["b"]);
        runtime.Store.List("nowhere").ShouldBeEmpty();
        runtime.Health.AllSynced.ShouldBeTrue();
        server.Count(request => request.IsList).ShouldBe(0);
    }

    [Fact]
    public async Task A_server_that_refuses_initial_events_is_listed_page_by_page_and_watched()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.SupportsWatchList = false;
        server.PageSize = 2;
        foreach (var name in "abcde")
            server.AddWidget(name.ToString());
        await using var runtime = await RunningRuntime.StartAsync(server);

        await Wait.UntilAsync(() => runtime.Store.HasSynced && server.Watches.Count == 1);
        server.AddWidget("later");
        await Wait.UntilAsync(() => runtime.Store.Count == 6);

        server.Count(request => request.IsList).ShouldBe(3);
        server.Requests.First(request => request.IsList).Query["resourceVersion"].ToString().ShouldBe("0");
    }

    [Fact]
    public async Task Pages_that_expire_are_listed_again_in_one_piece()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.SupportsWatchList = false;
        server.PageSize = 2;
        foreach (var name in "abcde")
            server.AddWidget(name.ToString());
        server.Fault = async (request, context) =>
        {
            if (!request.Query.ContainsKey("continue"))
                return false;
            await FakeApiServer.RefuseAsync(context, 410, "Expired");
            return true;
        };
        await using var runtime = await RunningRuntime.StartAsync(server);

        await Wait.UntilAsync(() => runtime.Store.HasSynced);

        runtime.Store.Count.ShouldBe(5);
        server.Requests.Last(request => request.IsList).Query.ContainsKey("limit").ShouldBeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deletion_during_a_disconnect_is_reported(bool watchList)
    {
        await using var server = await FakeApiServer.StartAsync();
        server.SupportsWatchList = watchList;
        server.AddWidget("stays");
        server.AddWidget("goes");
        await using var runtime = await RunningRuntime.StartAsync(server);
        await Wait.UntilAsync(() => runtime.Controller.Times("goes") > 0 && server.Watches.Count == 1);

        var refuse = true;
        server.Fault = async (_, context) =>
        {
            if (refuse)
                await FakeApiServer.RefuseAsync(context, 503, "ServiceUnavailable");
            return refuse;
        };
        server.Watches.BreakAll();
        await Wait.UntilAsync(() => runtime.Health.UnreachableSince is not null);
        server.DeleteWidget("goes");
        server.Store.Compact(); // the deletion is no longer in any watch: only the whole state can tell
        refuse = false;

        await runtime.Time.AdvanceUntilAsync(() => !runtime.Controller.Deleted.IsEmpty, Second, TimeSpan.FromMinutes(3));
        runtime.Controller.Deleted.Single().Metadata.Name.ShouldBe("goes");
        runtime.Store.List("acme").Select(widget => widget.Metadata.Name).ShouldBe(["stays"]);
        runtime.Health.UnreachableSince.ShouldBeNull();
    }

    [Fact]
    public async Task Gone_in_the_middle_of_a_watch_leads_to_a_new_full_state()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        await using var runtime = await RunningRuntime.StartAsync(server);
        await Wait.UntilAsync(() => runtime.Store.HasSynced && server.Watches.Count == 1);

        server.Watches.FailAll(410, "Expired");
        await Wait.UntilAsync(() => server.Watches.Count == 0);
        server.AddWidget("b");
        server.Store.Compact();

        await runtime.Time.AdvanceUntilAsync(() => runtime.Store.Count == 2, Second, TimeSpan.FromMinutes(1));
        server.Count(request => request.Query["sendInitialEvents"] == "true").ShouldBe(2);
    }

    [Fact]
    public async Task A_connection_that_goes_silent_is_given_up_at_the_deadline_and_nothing_is_missed()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        await using var runtime = await RunningRuntime.StartAsync(server);
        await Wait.UntilAsync(() => runtime.Store.Get("acme", "a")?.Status.ObservedSize == 1 && server.Watches.Count == 1);

        server.Watches.Silent = true;
        server.AddWidget("unseen");
        await Wait.UntilAsync(() => server.Watches.Swallowed == 1);
        runtime.Store.Get("acme", "unseen").ShouldBeNull();
        server.Watches.Silent = false; // for the next watch: this one has lost the change for good

        var moved = await runtime.Time.AdvanceUntilAsync(() => runtime.Store.Get("acme", "unseen") is not null, TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(12));
        moved.ShouldBeGreaterThan(TimeSpan.FromMinutes(4));
    }

    [Fact]
    public async Task A_watch_ended_by_the_server_goes_on_from_the_last_version_without_a_new_state()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        await using var runtime = await RunningRuntime.StartAsync(server);
        await Wait.UntilAsync(() => runtime.Store.HasSynced && server.Watches.Count == 1);
        var version = server.AddWidget("b")["metadata"]!["resourceVersion"]!.GetValue<string>();
        await Wait.UntilAsync(() => runtime.Store.Count == 2);
        await Wait.UntilAsync(() => runtime.Store.List().All(widget => widget.Status.ObservedSize == 1));

        runtime.Time.Advance(TimeSpan.FromMinutes(2));
        server.Watches.EndAll();
        await Wait.UntilAsync(() => server.Count(request => request.IsWatch) == 2);

        long.Parse(server.Requests.Last(request => request.IsWatch).Query["resourceVersion"]!, null).ShouldBeGreaterThanOrEqualTo(long.Parse(version, null));
        server.Count(request => request.Query["sendInitialEvents"] == "true").ShouldBe(1);
    }

    [Fact]
    public async Task A_bookmark_moves_the_version_from_which_the_next_watch_goes_on()
    {
        await using var server = await FakeApiServer.StartAsync();
        await using var runtime = await RunningRuntime.StartAsync(server);
        await Wait.UntilAsync(() => runtime.Store.HasSynced && server.Watches.Count == 1);
        var told = false;
        server.Fault = async (request, context) =>
        {
            if (!request.IsWatch || told)
                return false;
            told = true;
            await FakeWatches.SendAsync(context, "BOOKMARK", FakeWatches.Bookmark(4711, ends: false));
            return true;
        };

        server.Watches.EndAll();
        await runtime.Time.AdvanceUntilAsync(() => server.Watches.Count == 1 && told, Second, TimeSpan.FromMinutes(1));

        server.Requests.Last(request => request.IsWatch).Query["resourceVersion"].ToString().ShouldBe("4711");
    }

    [Fact]
    public async Task Lists_and_watches_ask_for_the_labels_that_are_wanted()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.SupportsWatchList = false;
        await using var runtime = await RunningRuntime.StartAsync(server, configure: options => options.LabelSelector = "shard in (a, b)");

        await Wait.UntilAsync(() => server.Watches.Count == 1);

        server.Requests.Where(request => request.IsList || request.IsWatch).Select(request => request.Query["labelSelector"].ToString()).Distinct()
            .ShouldHaveSingleItem().ShouldBe("shard in (a, b)");
    }

    [Fact]
    public async Task Watches_that_end_at_once_are_repeated_with_growing_waits_instead_of_a_spin()
    {
        await using var server = await FakeApiServer.StartAsync();
        await using var runtime = await RunningRuntime.StartAsync(server);
        await Wait.UntilAsync(() => runtime.Store.HasSynced && server.Watches.Count == 1);
        server.Fault = async (request, context) =>
        {
            if (request.IsWatch)
                await context.Response.Body.FlushAsync();
            return request.IsWatch;
        };
        var before = server.Count(request => request.IsWatch);
        server.Watches.EndAll();

        await runtime.Time.AdvanceUntilAsync(() => server.Count(request => request.IsWatch) - before >= 6, Second / 2, TimeSpan.FromMinutes(3));
        var first = runtime.Time.GetUtcNow();
        await runtime.Time.AdvanceUntilAsync(() => server.Count(request => request.IsWatch) - before >= 7, Second / 2, TimeSpan.FromMinutes(3));

        // The first wait is 0.8 to 1.2 s; after five doublings it is over 20 s.
        (runtime.Time.GetUtcNow() - first).ShouldBeGreaterThan(TimeSpan.FromSeconds(15));
        runtime.Health.Snapshot().Single().LastError.ShouldNotBeNull();
    }

    [Fact]
    public async Task Too_many_requests_are_waited_out_as_long_as_asked_and_the_watch_goes_on_where_it_was()
    {
        await using var server = await FakeApiServer.StartAsync();
        await using var runtime = await RunningRuntime.StartAsync(server);
        await Wait.UntilAsync(() => runtime.Store.HasSynced && server.Watches.Count == 1);
        var refused = 0;
        server.Fault = async (request, context) =>
        {
            if (!request.IsWatch || Interlocked.Increment(ref refused) > 1)
                return false;
            context.Response.Headers.RetryAfter = "17";
            await FakeApiServer.RefuseAsync(context, 429, "TooManyRequests");
            return true;
        };
        server.Watches.BreakAll();

        await runtime.Time.AdvanceUntilAsync(() => refused == 1, Second / 4, TimeSpan.FromMinutes(1));
        var waited = await runtime.Time.AdvanceUntilAsync(() => server.Watches.Count == 1, Second, TimeSpan.FromMinutes(1));

        waited.ShouldBeInRange(TimeSpan.FromSeconds(16), TimeSpan.FromSeconds(18));
        server.Count(request => request.Query["sendInitialEvents"] == "true").ShouldBe(1);
    }

    [Fact]
    public async Task An_object_that_cannot_be_read_is_reported_and_costs_only_itself()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("good");
        server.AddWidget("bad");
        server.ChangeWidget("bad", widget => widget["spec"]!["size"] = "not a number");
        await using var runtime = await RunningRuntime.StartAsync(server);

        await Wait.UntilAsync(() => runtime.Store.HasSynced);
        runtime.Store.List().Select(widget => widget.Metadata.Name).ShouldBe(["good"]);
        runtime.Store.Undecodable.Keys.ShouldBe([new EntityKey("acme", "bad")]);
        runtime.Store.Undecodable.Values.Single().ShouldContain("$.spec.size");

        server.ChangeWidget("good", widget => widget["spec"]!["size"] = new System.Text.Json.Nodes.JsonArray());
        await Wait.UntilAsync(() => runtime.Store.Undecodable.Count == 2);
        runtime.Store.Get("acme", "good")!.Spec.Size.ShouldBe(1); // the last state that made sense
        runtime.Controller.Deleted.ShouldBeEmpty();

        server.ChangeWidget("bad", widget => widget["spec"]!["size"] = 7);
        await Wait.UntilAsync(() => runtime.Store.Get("acme", "bad")?.Spec.Size == 7);
        runtime.Store.Undecodable.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Only_the_watched_namespaces_are_seen()
    {
        await using var server = await FakeApiServer.StartAsync();
        foreach (var name in new[] { "one", "two", "three" })
            server.AddWidget("w", @namespace: name);
        await using var runtime = await RunningRuntime.StartAsync(server, configure: options => options.Namespaces = ["one", "two"]);

        await Wait.UntilAsync(() => runtime.Store.HasSynced);

        runtime.Store.Namespaces().Order().ShouldBe(["one", "two"]);
        server.Requests.Where(request => request.IsWatch).Select(request => ApiPath.Parse(request.Path).Namespace).Order().ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task Deleted_and_created_again_unseen_counts_as_two_objects()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        await using var runtime = await RunningRuntime.StartAsync(server);
        await Wait.UntilAsync(() => runtime.Store.Get("acme", "a")?.Status.ObservedSize == 1 && server.Watches.Count == 1);
        var changes = new List<EntityChangeKind>();
        using var subscription = runtime.Store.Subscribe(change => changes.Add(change.Kind));

        server.Watches.FailAll(410, "Expired");
        await Wait.UntilAsync(() => server.Watches.Count == 0);
        server.DeleteWidget("a");
        server.AddWidget("a", size: 9);
        server.Store.Compact();

        await runtime.Time.AdvanceUntilAsync(() => runtime.Controller.Reconciled.Any(widget => widget.Spec.Size == 9), Second, TimeSpan.FromMinutes(1));
        runtime.Controller.Deleted.Single().Spec.Size.ShouldBe(1);
        changes.Take(3).ShouldBe([EntityChangeKind.Added, EntityChangeKind.Deleted, EntityChangeKind.Added]);
    }
}
