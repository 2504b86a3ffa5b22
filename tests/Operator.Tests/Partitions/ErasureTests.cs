using System.Text;
using Segmentation.Operator.Audiences;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Redis;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>Nothing is left of a profile that was erased, and everything else goes on.</summary>
[Collection(SharedRedis.Name)]
public sealed class ErasureTests(RedisServer redis)
{
    private const string Erased = "erika-mustermann-4711";
    private const string Kept = "kept-customer-0815";

    [Fact]
    public async Task The_id_is_on_disk_before_and_nowhere_once_the_audiences_were_told_and_the_file_was_rewritten()
    {
        await using var server = await OwnServer.StartAsync(appendOnly: true);
        await using var plane = await DataPlane.OpenAsync(server.Redis.Configuration, partitions: 1);
        await RedisServer.EverywhereAsync(plane.Redis.Database, "CONFIG", "SET", "rdbcompression", "no");
        plane.DeclareShop();
        foreach (var (name, spec) in Shop.AskingOfThePast) plane.Declare(name, spec);
        await plane.DrainAsync();
        await LiveAsync(plane, Erased);
        await LiveAsync(plane, Kept);
        var kinds = (await Traces.OfAsync(plane, Erased)).Select(key => key.Split("}:")[1].Split(':')[0]).ToHashSet();
        kinds.ShouldBe(["profiles", "profile", "events", "due", "members", "entered", "rfm", "tiers"], ignoreOrder: true, "every kind of key holds something of it");
        await RewriteAsync(plane);
        OnDisk(server, Erased).ShouldBeTrue();

        await plane.EraseAsync(Erased);
        await plane.DrainAsync();
        (await Traces.OfAsync(plane, Erased)).ShouldBeEmpty();
        await TellAudiencesAsync(plane);
        await RewriteAsync(plane);

        OnDisk(server, Erased).ShouldBeFalse();
        OnDisk(server, Kept).ShouldBeTrue();
    }

    [Fact]
    public async Task It_leaves_its_segments_for_audiences_and_statistics_and_a_later_event_makes_a_new_profile()
    {
        await using var plane = await OpenAsync(new DataPlaneOptions());
        plane.Declare("recent", Shop.Spec(Shop.Orders(within: "1d")));
        plane.Declare("twice", Shop.Spec(Shop.Orders(count: new() { Gte = 2 })));
        await plane.DrainAsync();
        var beganMs = plane.Clock.NowMs;
        await plane.AppendAsync(Order(plane, "e1"));
        plane.Time.Advance(1000);
        await plane.EraseAsync(Erased);
        plane.Time.Advance(1000);
        await plane.AppendAsync(Order(plane, "e2"));
        await plane.DrainAsync(); // all three in one turn

        (await Oracle.OutboxAsync(plane, "recent")).ShouldBe(
        [
            new Flip(Erased, true, beganMs, "event"), new Flip(Erased, false, beganMs + 1000, "erasure"), new Flip(Erased, true, beganMs + 2000, "event"),
        ]);
        (await Oracle.OutboxAsync(plane, "twice")).ShouldBeEmpty("the first order was forgotten");
        var numbers = plane.Workspace.NumbersOf("recent", plane.Workspace.Catalog.Segments["recent"].Serving!.Revision);
        (numbers.Members, numbers.FlowWithin(TimeSpan.FromHours(24), plane.Clock.NowMs)).ShouldBe((1, (2, 1)));
        await Oracle.ShouldAgreeAsync(plane, "after the new profile");
    }

    [Fact]
    public async Task What_time_had_moved_before_is_told_as_such()
    {
        await using var plane = await OpenAsync(new DataPlaneOptions());
        plane.Declare("recent", Shop.Spec(Shop.Orders(within: "1h")));
        await plane.DrainAsync();
        var beganMs = plane.Clock.NowMs;
        await plane.AppendAsync(Order(plane, "e1"));
        await plane.DrainAsync();
        plane.Time.Advance(2 * History.HourMs);
        await plane.EraseAsync(Erased);
        await plane.DrainAsync();

        (await Oracle.OutboxAsync(plane, "recent"))[^1].ShouldBe(new Flip(Erased, false, beganMs + History.HourMs, "time"));
    }

    [Fact]
    public async Task It_leaves_a_suspended_segment_and_a_pass_that_comes_to_it_in_the_same_turn_does_not_bring_it_back()
    {
        await using var plane = await OpenAsync(new DataPlaneOptions { BackfillPerTurn = 1 });
        plane.Declare("buyers", Shop.Spec(Shop.Orders()));
        await plane.DrainAsync();
        await plane.AppendAsync(Order(plane, "e1"), Order(plane, "e2", Kept), Order(plane, "e3", "another"), new("e4", "opened_email", "zoe", plane.Clock.NowMs));
        await plane.DrainAsync();
        plane.Declare("buyers", Shop.Spec(Shop.Orders()) with { Suspend = true });
        plane.Declare("strangers", Shop.Spec(Shop.Orders(count: new() { Eq = 0 })));
        await plane.PlanIfWantedAsync();
        await plane.TurnAsync(0); // the pass over "strangers" has come to the first profile; the next is the one to be erased

        await plane.EraseAsync(Erased);
        await plane.TurnAsync(0);
        (await Traces.OfAsync(plane, Erased)).ShouldBeEmpty("neither as a member, which one without orders would be, nor as the place of the pass");

        await plane.DrainAsync();
        (await MembersAsync(plane, "buyers")).ShouldBe(["another", Kept], ignoreOrder: true);
        (await MembersAsync(plane, "strangers")).ShouldBe(["zoe"]);
    }

    [Fact]
    public async Task Erasing_an_unknown_profile_again_and_again_writes_nothing()
    {
        await using var plane = await OpenAsync(new DataPlaneOptions());
        plane.DeclareShop();
        await plane.AppendAsync(Order(plane, "e1", Kept));
        await plane.DrainAsync();
        for (var i = 0; i < 3; i++) await plane.EraseAsync(Erased);
        await plane.DrainAsync();

        (await Traces.OfAsync(plane, Erased)).ShouldBeEmpty();
        (await plane.Redis.Database.SortedSetLengthAsync(Keys.Profiles(Keys.Partition(plane.Name, 0)))).ShouldBe(1);
        await Oracle.ShouldAgreeAsync(plane, "after erasing nobody");
    }

    private static async Task<IEnumerable<string>> MembersAsync(DataPlane plane, string segment) =>
        (await Oracle.MembersAsync(plane, segment, plane.Workspace.Catalog.Segments[segment].Serving!.Revision)).Keys;

    private async Task<DataPlane> OpenAsync(DataPlaneOptions options) => await DataPlane.OpenAsync(redis.Configuration, partitions: 1, options);

    private static CustomerEvent Order(DataPlane plane, string id, string profile = Erased) => new(id, "placed_order", profile, plane.Clock.NowMs, 30m);

    /// <summary>Everything that leaves something behind: events, a refund, properties, consent, and segments entered and left.</summary>
    private static async Task LiveAsync(DataPlane plane, string id)
    {
        await plane.AppendAsync(new ProfileChange(
            id, PropertyBag.Of(("country", "DE"), ("visits", 9)), Merge: true, [], [new FactStatement(ProfileFacts.Consent("email"), ProfileFacts.Subscribed, null)]));
        await plane.AppendAsync(
            new CustomerEvent(id + "-1", "placed_order", id, plane.Clock.NowMs, 70m), new CustomerEvent(id + "-2", "opened_email", id, plane.Clock.NowMs),
            new CustomerEvent(id + "-3", "refunded_order", id, plane.Clock.NowMs, 5m, Refunds: id + "-1"));
        await plane.DrainAsync();
        plane.Time.Advance(History.HourMs);
        await plane.AppendAsync(new CustomerEvent(id + "-4", "placed_order", id, plane.Clock.NowMs, 7m));
        await plane.AppendAsync(new ProfileChange(id, PropertyBag.Of(("country", "FR")), Merge: true, []));
        await plane.DrainAsync();
    }

    // As AudienceSyncs do that have delivered everything.
    private static async Task TellAudiencesAsync(DataPlane plane)
    {
        foreach (var segment in plane.Segments.Keys)
        {
            var outbox = new Outbox(plane.Redis, plane.Name, segment);
            if (await outbox.ReadAsync(0, "0-0", 1000) is [.., var last]) await outbox.TrimAsync(0, StreamId.Parse(last.Id));
        }
    }

    private static async Task RewriteAsync(DataPlane plane)
    {
        await RedisServer.EverywhereAsync(plane.Redis.Database, "BGREWRITEAOF");
        await Eventually.HoldsAsync(
            async () => (await RedisServer.EverywhereAsync(plane.Redis.Database, "INFO", "persistence")).All(info =>
                info.Contains("aof_rewrite_in_progress:0", StringComparison.Ordinal) && info.Contains("aof_rewrite_scheduled:0", StringComparison.Ordinal)),
            "the append-only files are rewritten");
        await RedisServer.EverywhereAsync(plane.Redis.Database, "SAVE");
    }

    private static bool OnDisk(OwnServer server, string text)
    {
        var copy = server.Redis.CopyData();
        var bytes = Encoding.UTF8.GetBytes(text);
        var found = Directory.GetFiles(copy, "*", SearchOption.AllDirectories).Any(file => File.ReadAllBytes(file).AsSpan().IndexOf(bytes) >= 0);
        Directory.Delete(copy, recursive: true);
        return found;
    }
}
