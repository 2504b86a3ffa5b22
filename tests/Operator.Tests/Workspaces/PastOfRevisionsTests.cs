using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Partitions;
using Segmentation.Operator.Tests.Redis;
using Segmentation.Resources;

namespace Segmentation.Operator.Tests.Workspaces;

/// <summary>What is remembered of memberships and tiers while definitions come, change and go.</summary>
[Collection(SharedRedis.Name)]
public sealed class PastOfRevisionsTests(RedisServer redis)
{
    private const long DayMs = 24 * History.HourMs;

    private static readonly SegmentSpec Ever = Shop.Spec(Shop.Orders());
    private static readonly SegmentSpec Twice = Shop.Spec(Shop.Orders(count: new ComparisonSpec { Gte = 2 }));
    private static readonly SegmentSpec Veterans = Shop.Spec(Shop.Member("buyers", new() { MemberFor = "1d" }));
    private static readonly SegmentSpec Welcome = Shop.AskingOfThePast["welcome"];

    [Fact]
    public async Task A_segment_that_is_asked_of_when_it_has_members_already_knows_since_when()
    {
        await using var plane = await OpenAsync(("buyers", Ever));
        await OrderAsync(plane, "ada");
        await WaitAsync(plane, DayMs / 2);
        await OrderAsync(plane, "bob");
        await WaitAsync(plane, DayMs / 2);

        plane.Declare("veterans", Veterans);
        await plane.DrainAsync();

        (await MembersAsync(plane, "veterans")).Keys.ShouldBe(["ada"]);
        await WaitAsync(plane, (DayMs / 2) - 1);
        (await MembersAsync(plane, "veterans")).Keys.ShouldBe(["ada"]);
        await plane.TakeOverAsync();
        await WaitAsync(plane, 1);
        (await MembersAsync(plane, "veterans")).ShouldContainKeyAndValue("bob", plane.Clock.NowMs);
    }

    [Fact]
    public async Task Who_stays_through_an_edit_is_a_member_as_long_as_before_and_who_enters_by_it_only_since()
    {
        await using var plane = await OpenAsync(("buyers", Twice), ("veterans", Veterans));
        await OrderAsync(plane, "ada");
        await OrderAsync(plane, "ada");
        await OrderAsync(plane, "bob");
        await WaitAsync(plane, DayMs / 2);

        plane.Declare("buyers", Ever);
        await plane.DrainAsync();
        var editedAtMs = plane.Clock.NowMs;
        await WaitAsync(plane, DayMs / 2);

        (await MembersAsync(plane, "veterans")).ShouldBe(new Dictionary<string, long> { ["ada"] = plane.Clock.NowMs });
        await WaitAsync(plane, DayMs / 2);
        (await MembersAsync(plane, "veterans"))["bob"].ShouldBe(editedAtMs + DayMs);
    }

    [Fact]
    public async Task While_a_segment_is_suspended_its_members_keep_their_joined_at_and_nobody_else_gets_one()
    {
        await using var plane = await OpenAsync(("buyers", Ever), ("veterans", Veterans));
        await OrderAsync(plane, "ada");
        plane.Declare("buyers", Ever with { Suspend = true });
        await plane.DrainAsync();
        await OrderAsync(plane, "bob");
        await WaitAsync(plane, 3 * DayMs);
        (await MembersAsync(plane, "veterans")).Keys.ShouldBe(["ada"]);

        plane.Declare("buyers", Ever);
        await plane.DrainAsync();
        var resumedAtMs = plane.Clock.NowMs;
        await WaitAsync(plane, DayMs);

        (await MembersAsync(plane, "veterans"))["bob"].ShouldBe(resumedAtMs + DayMs);
    }

    [Fact]
    public async Task An_order_of_the_future_that_is_known_before_the_segment_counts_since_entering_when_its_time_comes()
    {
        await using var plane = await OpenAsync();
        await plane.AppendAsync(
            new CustomerEvent("m", "opened_email", "ada", plane.Clock.NowMs), new CustomerEvent("o", "placed_order", "ada", plane.Clock.NowMs + DayMs));
        await plane.DrainAsync();
        plane.Declare("welcome", Welcome);
        await plane.DrainAsync();
        (await MembersAsync(plane, "welcome")).Keys.ShouldBe(["ada"]);

        await WaitAsync(plane, DayMs - 1);
        (await MembersAsync(plane, "welcome")).Keys.ShouldBe(["ada"]);
        await WaitAsync(plane, 1);
        (await MembersAsync(plane, "welcome")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_deleted_segment_has_forgotten_who_entered_it_when_it_comes_back()
    {
        await using var plane = await OpenAsync(("welcome", Welcome));
        await plane.AppendAsync(new CustomerEvent("m", "opened_email", "ada", plane.Clock.NowMs));
        await WaitAsync(plane, 1000);
        await OrderAsync(plane, "ada");
        (await MembersAsync(plane, "welcome")).ShouldBeEmpty();
        (await EnteredAsync(plane)).ShouldBe(plane.Clock.NowMs - 1000);

        plane.Undeclare("welcome");
        await plane.DrainAsync();
        (await EnteredAsync(plane)).ShouldBeNull();
        plane.Declare("welcome", Welcome);
        await plane.DrainAsync();

        // As one that never entered this one.
        (await MembersAsync(plane, "welcome")).Keys.ShouldBe(["ada"]);
    }

    [Fact]
    public async Task An_edit_remembers_the_entering_of_those_who_leave_by_it_until_no_rule_asks()
    {
        var silent = Shop.Spec(new ConditionSpec { All = [Shop.Happened("signed_up"), .. Welcome.Match.All!] });
        await using var plane = await OpenAsync(("welcome", Welcome));
        await plane.AppendAsync(new CustomerEvent("m", "opened_email", "ada", plane.Clock.NowMs));
        await plane.DrainAsync();
        var enteredAtMs = plane.Clock.NowMs;
        await WaitAsync(plane, 1000);

        plane.Declare("welcome", silent);
        await plane.DrainAsync();
        (await MembersAsync(plane, "welcome")).ShouldBeEmpty();
        (await EnteredAsync(plane)).ShouldBe(enteredAtMs);
        plane.Declare("welcome", Ever);
        await plane.DrainAsync();

        (await EnteredAsync(plane)).ShouldBeNull();
    }

    [Fact]
    public async Task A_former_tier_is_remembered_to_the_millisecond_through_a_restart()
    {
        // New for a day and a millisecond after the only order.
        await using var plane = await OpenAsync(("once-new", OnceNew("2d")));
        var orderedAtMs = plane.Clock.NowMs;
        await OrderAsync(plane, "ada");
        await WaitAsync(plane, 2 * DayMs);
        await plane.TakeOverAsync();
        await WaitAsync(plane, DayMs);
        (await MembersAsync(plane, "once-new")).Keys.ShouldBe(["ada"]);

        await WaitAsync(plane, DayMs);

        (await MembersAsync(plane, "once-new")).ShouldBeEmpty();
        (await Oracle.OutboxAsync(plane, "once-new"))[^1].ShouldBe(new Flip("ada", false, orderedAtMs + (3 * DayMs) + 1, "time"));
    }

    [Fact]
    public async Task Who_was_in_a_tier_before_a_rule_asked_is_known()
    {
        await using var plane = await OpenAsync();
        await OrderAsync(plane, "ada");
        await WaitAsync(plane, 4 * DayMs);
        plane.Declare("once-new", OnceNew("5d"));
        await plane.DrainAsync();

        // Since then it was promising, and is about to sleep.
        (await MembersAsync(plane, "once-new")).Keys.ShouldBe(["ada"]);
    }

    [Fact]
    public async Task Break_points_that_move_are_a_change_of_tier_at_that_instant()
    {
        await using var plane = await OpenAsync();
        plane.Declare("quantiles", Shop.Quantiles);
        for (var i = 0; i < 20; i++)
        {
            for (var n = 0; n <= i; n++) await plane.AppendAsync(Order(plane, $"e{i}-{n}", $"customer-{i}", 10 + i));
            plane.Time.Advance(1000);
        }
        await plane.DrainAsync();

        // Others buy far more, so that the best customer falls behind when break points are drawn anew.
        for (var n = 0; n < 40; n++) await plane.AppendAsync([.. Enumerable.Range(0, 15).Select(i => Order(plane, $"more{i}-{n}", $"customer-{i}", 500))]);
        await WaitAsync(plane, 25 * History.HourMs);
        var before = (await TiersAsync(plane, "customer-19")).TierOf("quantiles").ShouldNotBeNull();
        plane.WantPlan();
        await plane.DrainAsync();

        var history = await TiersAsync(plane, "customer-19");
        history.TierOf("quantiles").ShouldNotBe(before);
        history.LeftAtMs("quantiles", before).ShouldBe(plane.Clock.NowMs);
    }

    [Fact]
    public async Task A_policy_that_was_deleted_has_forgotten_the_present_tiers_when_it_comes_back()
    {
        await using var plane = await OpenAsync();
        await OrderAsync(plane, "ada");
        await WaitAsync(plane, 2 * DayMs);
        plane.Policies.Remove("fixed");
        plane.WantPlan();
        await plane.DrainAsync();
        (await TiersAsync(plane, "ada")).TierOf("fixed").ShouldBeNull();
        await WaitAsync(plane, 2 * DayMs);

        plane.Declare("fixed", Shop.Policies["fixed"]);
        await plane.DrainAsync();

        var history = await TiersAsync(plane, "ada");
        history.TierOf("fixed").ShouldBe("about-to-sleep");
        history.LeftAtMs("fixed", "promising").ShouldBeNull("it was not left while the policy was there");
        history.LeftAtMs("fixed", "new").ShouldNotBeNull();
        (await plane.Redis.Database.SortedSetScoreAsync(Keys.Tier(Keys.Partition(plane.Name, 0), "fixed", "about-to-sleep"), "ada")).ShouldNotBeNull();
    }

    private async Task<DataPlane> OpenAsync(params (string Name, SegmentSpec Spec)[] segments)
    {
        var plane = await DataPlane.OpenAsync(redis.Configuration, partitions: 1);
        plane.Declare("fixed", Shop.Policies["fixed"]);
        foreach (var (name, spec) in segments) plane.Declare(name, spec);
        await plane.DrainAsync();
        return plane;
    }

    private static SegmentSpec OnceNew(string within) =>
        Shop.Spec(new ConditionSpec { Rfm = new RfmConditionSpec { Policy = "fixed", WasTier = ["new"], Within = within } });

    private static async Task WaitAsync(DataPlane plane, long ms)
    {
        plane.Time.Advance(ms);
        await plane.DrainAsync();
    }

    private static async Task OrderAsync(DataPlane plane, string profile)
    {
        await plane.AppendAsync(Order(plane, $"e{plane.Acknowledged.Count}", profile, 30));
        await plane.DrainAsync();
    }

    private static CustomerEvent Order(DataPlane plane, string id, string profile, decimal value) =>
        new(id, "placed_order", profile, plane.Clock.NowMs, value);

    private static Task<Dictionary<string, long>> MembersAsync(DataPlane plane, string segment) =>
        Oracle.MembersAsync(plane, segment, plane.Workspace.Catalog.Segments[segment].Serving!.Revision);

    private static async Task<long?> EnteredAsync(DataPlane plane) =>
        (long?)await plane.Redis.Database.SortedSetScoreAsync(Keys.Partition(plane.Name, 0) + "entered:welcome", "ada");

    private static async Task<TierHistory> TiersAsync(DataPlane plane, string profile)
    {
        var store = new PartitionStore(plane.Redis, plane.Name, PartitionHash.Of(profile, plane.PartitionCount));
        return (await store.LoadAsync([profile], []))[0].Profile.Tiers.ShouldNotBeNull();
    }
}
