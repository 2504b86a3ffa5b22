using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Segmentation.Operator.Http;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Faults;
using Segmentation.Operator.Tests.Redis;
using Segmentation.Operator.Tests.Replicas;
using Segmentation.Operator.Workspaces;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>What is brought to an owner is committed by its next turn, or said not to be; then it goes through the log, and counts once all the same.</summary>
[Collection(SharedRedis.Name)]
public sealed class InboxTests(RedisServer redis)
{
    [Fact]
    public async Task A_turn_commits_what_was_brought_and_the_log_stays_empty()
    {
        await using var plane = await OpenAsync();
        var committed = InboxOf(plane).Offer([Order(plane, "e1"), Order(plane, "e2")]);
        committed.IsCompleted.ShouldBeFalse();

        await plane.TurnAsync(0, eventsFirst: true);

        (await committed).ShouldBeTrue();
        (await EventsAsync(plane)).ShouldBe(["e1", "e2"]);
        (await plane.Redis.Database.KeyExistsAsync(Keys.Log(Prefix(plane)))).ShouldBeFalse();
    }

    [Fact]
    public async Task What_happened_and_came_after_the_turn_began_counts_at_once()
    {
        await using var plane = await OpenAsync();
        var order = Order(plane, "e1");
        InboxOf(plane).Offer([order with { OccurredAtMs = order.OccurredAtMs + 1_500 }]).IsCompleted.ShouldBeFalse();
        plane.Time.MovesMs = 1_000;

        await plane.TurnAsync(0, eventsFirst: true);

        ((long)await plane.Redis.Database.HashGetAsync(Keys.Owner(Prefix(plane)), "clock")).ShouldBeGreaterThanOrEqualTo(order.OccurredAtMs + 1_500);
        var serving = plane.Workspace.Catalog.Segments["between-orders"].Serving!;
        (await Oracle.MembersAsync(plane, "between-orders", serving.Revision)).Keys.ShouldBe(["ada"]);
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(1_001, false)]
    public async Task Events_do_not_wait_until_many_memberships_begin_to_serve(int members, bool followsAtOnce)
    {
        await using var plane = await DataPlane.OpenAsync(redis.Configuration, partitions: 1);
        await plane.DrainAsync();
        foreach (var some in Enumerable.Range(0, members).Select(i => Order(plane, $"e{i}") with { ProfileId = $"c-{i}" }).Chunk(500)) await plane.AppendAsync(some);
        await plane.DrainAsync();
        plane.Declare("between-orders", Shop.Segments["between-orders"]);
        while (plane.Workspace.Catalog.Segments.GetValueOrDefault("between-orders")?.Serving is null)
        {
            if (!await plane.PlanIfWantedAsync()) await plane.TurnAsync(0);
        }
        var partition = plane.Workspace.Slots[0].Partition;
        var (before, newest) = (partition.FollowedVersion, plane.Workspace.Plan!.Version);
        var committed = InboxOf(plane).Offer([Order(plane, "new")]);

        await plane.TurnAsync(0, eventsFirst: true);

        (await committed).ShouldBeTrue();
        partition.FollowedVersion.ShouldBe(followsAtOnce ? newest : before);
        await plane.TurnAsync(0);
        partition.FollowedVersion.ShouldBe(newest);
        var serving = plane.Workspace.Catalog.Segments["between-orders"].Serving!;
        (await Oracle.MembersAsync(plane, "between-orders", serving.Revision)).Count.ShouldBe(members + 1);
    }

    [Fact]
    public async Task What_was_accepted_before_is_applied_before()
    {
        await using var plane = await OpenAsync();
        await plane.AppendAsync(Order(plane, "e0"));
        await plane.EraseAsync("ada");
        plane.Workspace.Slots[0].Partition.LogGrew();
        var committed = InboxOf(plane).Offer([Order(plane, "e1")]);

        await plane.TurnAsync(0, eventsFirst: true);

        (await committed).ShouldBeTrue();
        (await EventsAsync(plane)).ShouldBe(["e1"]);
    }

    [Fact]
    public async Task While_the_log_is_behind_nothing_is_taken()
    {
        await using var plane = await OpenAsync(new DataPlaneOptions { EntriesPerTurn = 2 });
        for (var i = 0; i < 5; i++) await plane.AppendAsync(Order(plane, $"log{i}"));
        plane.Workspace.Slots[0].Partition.LogGrew();
        var waiting = InboxOf(plane).Offer([Order(plane, "e1")]);

        await plane.TurnAsync(0, eventsFirst: true);

        (await waiting).ShouldBeFalse();
        (await InboxOf(plane).Offer([Order(plane, "e2")])).ShouldBeFalse();
        await plane.DrainAsync();
        InboxOf(plane).Offer([Order(plane, "e3")]).IsCompleted.ShouldBeFalse("it has caught up");
    }

    [Fact]
    public async Task An_owner_that_was_succeeded_commits_nothing_and_says_so()
    {
        await using var plane = await OpenAsync();
        var former = await plane.TakeOverAsync();
        await plane.DrainAsync();
        var inbox = former.Slots[0].Partition.Inbox;
        var brought = inbox.Offer([Order(plane, "e1")]);
        var before = await Dump.OfAsync(plane);

        await Should.ThrowAsync<FencedException>(former.Slots[0].Partition.TakeTurnAsync(eventsFirst: true));

        (await brought).ShouldBeFalse();
        (await inbox.Offer([Order(plane, "e2")])).ShouldBeFalse();
        (await Dump.OfAsync(plane)).ShouldBe(before);
    }

    [Fact]
    public async Task Who_gives_the_partition_up_leaves_nobody_waiting()
    {
        await using var plane = await OpenAsync();
        var brought = InboxOf(plane).Offer([Order(plane, "e1")]);
        plane.Workspace.Plan = null;

        await plane.TurnAsync(0, eventsFirst: true);

        (await brought).ShouldBeFalse();
        (await EventsAsync(plane)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_committed_and_comes_again_through_the_log_counts_once()
    {
        await using var plane = await OpenAsync();
        var order = Order(plane, "e1");
        InboxOf(plane).Offer([order]).IsCompleted.ShouldBeFalse();
        await plane.TurnAsync(0, eventsFirst: true);
        await plane.AppendAsync(order); // as when the answer to the commit was lost
        await plane.DrainAsync();

        (await EventsAsync(plane)).ShouldBe(["e1"]);
        await Oracle.ShouldAgreeAsync(plane, "after the second time");
    }

    [Fact]
    public async Task Beside_other_replicas_every_turn_looks_into_the_log_first()
    {
        await using var shared = await SharedPlane.OpenAsync(redis.Configuration, partitions: 32, new DataPlaneOptions());
        await shared.AddAsync();
        await shared.DrainAsync();
        var plane = shared.Plane;
        var profile = Enumerable.Range(0, 1_000).Select(i => $"c-{i}").First(id => plane.Workspace.Owns(PartitionHash.Of(id, plane.PartitionCount)));
        var partition = plane.Workspace.Slots[PartitionHash.Of(profile, plane.PartitionCount)].Partition;
        await plane.AppendAsync(Order(plane, "by another replica, whose word of it is lost") with { ProfileId = profile });
        partition.Inbox.Offer([Order(plane, "e1") with { ProfileId = profile }]).IsCompleted.ShouldBeFalse();

        await partition.TakeTurnAsync(eventsFirst: true);

        (await plane.Redis.Database.SortedSetLengthAsync(Keys.Events(Keys.Partition(plane.Name, partition.Number), profile, "placed_order"))).ShouldBe(2);
    }

    [Fact]
    public async Task What_was_appended_although_its_answer_was_lost_is_seen_by_the_next_turn()
    {
        await using var server = await OwnServer.StartAsync(appendOnly: false, single: true); // what a cluster's clients know leads past the proxy
        await using var proxy = new RedisProxy(server.Redis.Port);
        await using var plane = await DataPlane.OpenAsync(proxy.Configuration, partitions: 1, timeout: TimeSpan.FromSeconds(10));
        await plane.DrainAsync();
        using var scheduler = new PartitionScheduler(Options.Create(new DataPlaneOptions()), plane.Clock, plane.Time, NullLogger<PartitionScheduler>.Instance);
        var registry = new WorkspaceRegistry(scheduler, messages: null!); // nobody else is told
        registry.Add(plane.Workspace);
        var appender = new EventAppender(plane.Log, new CatalogStore(plane.Redis), registry, messages: null!, plane.Clock);
        var change = new ProfileChange("ada", PropertyBag.Of(("plan", "pro")), Merge: true, []);
        await plane.AppendAsync(Order(plane, "e0")); // the server knows the script from then on
        await plane.DrainAsync();
        proxy.Set(new Trap(c => c.Name == "append", 1, Moment.After, () =>
        {
            proxy.Open();
            return Task.CompletedTask;
        }));

        (await appender.AppendAsync(plane.Name, plane.Clock.NowMs, change)).ShouldBe(AppendOutcome.Unavailable);
        await Eventually.SucceedsAsync<StoreUnavailableException>(() => plane.Redis.AskAsync(db => db.PingAsync()));
        await plane.TurnAsync(0, eventsFirst: true);

        (await plane.Redis.Database.HashExistsAsync(Keys.Profile(Prefix(plane), "ada"), "props")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_turn_takes_whole_requests_and_no_more_than_it_may()
    {
        await using var plane = await OpenAsync();
        var inbox = new Inbox(capacity: 4);
        (await inbox.Offer([Order(plane, "closed")])).ShouldBeFalse();
        inbox.Open();
        Task<bool>[] brought = [inbox.Offer([Order(plane, "a"), Order(plane, "b"), Order(plane, "c")]), inbox.Offer([Order(plane, "d"), Order(plane, "e")])];
        (await inbox.Offer([Order(plane, "full")])).ShouldBeFalse();

        Ids(inbox.Take(2)).ShouldBe("a b c +");
        inbox.Committed();
        brought.Select(task => task.IsCompleted).ShouldBe([true, false]);
        Ids(inbox.Take(2)).ShouldBe("d e");
        inbox.Close();

        (await Task.WhenAll(brought)).ShouldBe([true, false]);
    }

    private static string Ids((IReadOnlyList<CustomerEvent> Events, bool IsLeft) taken) => string.Join(' ', taken.Events.Select(e => e.Id)) + (taken.IsLeft ? " +" : "");

    private static Inbox InboxOf(DataPlane plane) => plane.Workspace.Slots[0].Partition.Inbox;

    private static string Prefix(DataPlane plane) => Keys.Partition(plane.Name, 0);

    private static CustomerEvent Order(DataPlane plane, string id) => new(id, "placed_order", "ada", plane.Clock.NowMs, 20m);

    private static async Task<string[]> EventsAsync(DataPlane plane) =>
        [.. (await plane.Redis.Database.SortedSetRangeByRankAsync(Keys.Events(Prefix(plane), "ada", "placed_order"))).Select(e => ((string)e!).Split('\t')[0])];

    // The one partition is owned, and nothing is known of anybody.
    private async Task<DataPlane> OpenAsync(DataPlaneOptions? options = null)
    {
        var plane = await DataPlane.OpenAsync(redis.Configuration, partitions: 1, options: options);
        plane.DeclareShop();
        await plane.DrainAsync();
        return plane;
    }
}
