using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Partitions;
using Segmentation.Operator.Tests.Redis;
using Segmentation.Resources;

namespace Segmentation.Operator.Tests.Workspaces;

/// <summary>Definitions that change while profiles are there: backfill, shadow revision, swap, suspension, deletion.</summary>
[Collection(SharedRedis.Name)]
public sealed class RevisionTests(RedisServer redis)
{
    private static readonly DataPlaneOptions Slow = new() { BackfillPerTurn = 1 };
    private static readonly SegmentSpec Ever = Shop.Spec(Shop.Orders());
    private static readonly SegmentSpec Twice = Shop.Spec(Shop.Orders(count: new ComparisonSpec { Gte = 2 }));

    [Fact]
    public async Task Members_of_the_old_revision_stay_visible_until_the_new_one_is_complete_and_then_all_change_at_once()
    {
        await using var plane = await OpenAsync(Ever);
        var before = Serving(plane);
        plane.Declare("buyers", Twice);
        await plane.PlanIfWantedAsync();
        for (var turn = 0; turn < 4; turn++)
        {
            await plane.TurnAsync(0);
            Serving(plane).ShouldBe(before);
            (await MembersAsync(plane)).Count.ShouldBe(6);
        }

        await plane.DrainAsync();

        Serving(plane).ShouldNotBe(before);
        (await MembersAsync(plane)).Keys.Order(StringComparer.Ordinal).ShouldBe(["customer-0", "customer-1"]);
        (await plane.Redis.Database.KeyExistsAsync(Keys.Members(Prefix(plane), "buyers", before))).ShouldBeFalse();
        await Oracle.ShouldAgreeAsync(plane, "after the swap");
    }

    [Fact]
    public async Task Moves_by_an_edit_are_marked_as_such_told_to_the_listener_and_not_counted_as_flow()
    {
        await using var plane = await OpenAsync(Ever);
        var flow = Flow(plane);
        plane.ToldChanged.Clear();
        plane.Declare("buyers", Twice);
        await plane.DrainAsync();

        var told = await Oracle.OutboxAsync(plane, "buyers");
        told.Where(f => f.Cause == "edit" && !f.Enters).Select(f => f.Profile).Order(StringComparer.Ordinal)
            .ShouldBe(["customer-2", "customer-3", "customer-4", "customer-5"]);
        Flow(plane).ShouldBe(flow);
        plane.ToldChanged.ShouldContain("buyers");
    }

    [Fact]
    public async Task Those_who_stay_through_an_edit_keep_their_joined_at()
    {
        await using var plane = await OpenAsync(Ever);
        var before = await MembersAsync(plane);
        plane.Time.Advance(History.HourMs);
        plane.Declare("buyers", Twice);
        await plane.PlanIfWantedAsync();
        for (var turn = 0; turn < 3; turn++) await plane.TurnAsync(0);
        await plane.DrainAsync();

        foreach (var (id, joinedAtMs) in await MembersAsync(plane)) joinedAtMs.ShouldBe(before[id], id);
    }

    [Fact]
    public async Task An_edit_that_is_taken_back_before_the_swap_leaves_everything_as_it_was()
    {
        await using var plane = await OpenAsync(Ever);
        var (revision, members) = (Serving(plane), await MembersAsync(plane));
        plane.Declare("buyers", Twice);
        await plane.PlanIfWantedAsync();
        await plane.TurnAsync(0);
        var shadow = plane.Workspace.Catalog.Segments["buyers"].Building.ShouldNotBeNull().Revision;
        plane.Declare("buyers", Ever);
        await plane.DrainAsync();

        Serving(plane).ShouldBe(revision);
        (await MembersAsync(plane)).ShouldBe(members);
        (await plane.Redis.Database.KeyExistsAsync(Keys.Members(Prefix(plane), "buyers", shadow))).ShouldBeFalse();
        await Oracle.ShouldAgreeAsync(plane, "after the way back");
    }

    [Fact]
    public async Task A_revision_that_returns_while_a_partition_slept_is_counted_anew()
    {
        await using var plane = await OpenAsync(Ever);
        plane.Declare("buyers", Twice);
        await plane.PlanIfWantedAsync();
        for (var turn = 0; turn < 20; turn++) await plane.TurnAsync(0);

        // The swap and the edit back to the first revision are planned before the partition has its next turn.
        await plane.PlanIfWantedAsync();
        plane.Declare("buyers", Ever);
        await plane.PlanIfWantedAsync();
        await plane.DrainAsync();

        await Oracle.ShouldAgreeAsync(plane, "after two swaps");
    }

    [Fact]
    public async Task An_edit_during_a_backfill_starts_the_newest_definition()
    {
        await using var plane = await OpenAsync(Ever);
        foreach (var days in (int[])[1, 2, 3])
        {
            plane.Declare("buyers", Shop.Spec(Shop.Orders(within: $"{days}d")));
            await plane.PlanIfWantedAsync();
            await plane.TurnAsync(0);
        }
        await plane.DrainAsync();
        await Oracle.ShouldAgreeAsync(plane, "after three edits");
    }

    [Fact]
    public async Task A_spec_that_cannot_be_used_leaves_the_last_good_revision_serving_and_current()
    {
        await using var plane = await OpenAsync(Ever);
        var revision = Serving(plane);
        plane.Declare("buyers", Shop.Spec(new ConditionSpec { Segment = new SegmentConditionSpec { Name = "nobody" } }));
        await plane.AppendAsync(Order(plane, "late", "customer-9"));
        await plane.DrainAsync();

        var outcome = plane.Workspace.Segments["buyers"];
        outcome.Problems.Count.ShouldBe(1);
        outcome.Problems[0].FieldPath.ShouldBe("spec.match.segment.name");
        outcome.Serving.ShouldBe(revision);
        (await MembersAsync(plane)).Keys.ShouldContain("customer-9");
    }

    [Fact]
    public async Task A_suspended_segment_keeps_its_members_and_catches_up_when_it_is_resumed()
    {
        await using var plane = await OpenAsync(Shop.Spec(Shop.Orders(within: "1d")));
        var members = await MembersAsync(plane);
        plane.Declare("buyers", Shop.Spec(Shop.Orders(within: "1d")) with { Suspend = true });
        await plane.DrainAsync();
        await plane.AppendAsync(Order(plane, "late", "customer-9"));
        plane.Time.Advance(30 * History.HourMs);
        await plane.AppendAsync(Order(plane, "later", "customer-8"));
        await plane.DrainAsync();
        (await MembersAsync(plane)).ShouldBe(members);

        plane.Declare("buyers", Shop.Spec(Shop.Orders(within: "1d")));
        await plane.DrainAsync();

        (await MembersAsync(plane)).Keys.ShouldBe(["customer-8"]);
        await Oracle.ShouldAgreeAsync(plane, "after the resumption");
    }

    [Fact]
    public async Task A_suspension_that_meets_a_finished_backfill_does_not_swap()
    {
        await using var plane = await OpenAsync(Ever);
        var (revision, members) = (Serving(plane), await MembersAsync(plane));
        plane.Declare("buyers", Twice);
        await plane.PlanIfWantedAsync();
        for (var turn = 0; turn < 20; turn++) await plane.TurnAsync(0);
        plane.Declare("buyers", Twice with { Suspend = true });
        await plane.DrainAsync();

        Serving(plane).ShouldBe(revision);
        (await MembersAsync(plane)).ShouldBe(members);

        plane.Declare("buyers", Twice);
        await plane.DrainAsync();
        await Oracle.ShouldAgreeAsync(plane, "after the resumption");
    }

    [Fact]
    public async Task A_deleted_segment_leaves_nothing_but_its_farewell()
    {
        await using var plane = await OpenAsync(Ever);
        plane.Undeclare("buyers");
        await plane.DrainAsync();

        plane.Workspace.Catalog.Segments.ShouldBeEmpty();
        var keys = (await Dump.OfAsync(plane)).Split('\n').Where(k => k.Contains("buyers", StringComparison.Ordinal)).Select(k => k.Split(' ')[0]);
        keys.ShouldBe([$"{Prefix(plane)}outbox:buyers"]);
        (await Oracle.OutboxAsync(plane, "buyers")).Count(f => f.Cause == "deletion" && !f.Enters).ShouldBe(6);
        (await plane.Redis.Database.HashKeysAsync(Keys.Flow(Prefix(plane)))).ShouldBeEmpty();
        (await plane.Redis.Database.HashKeysAsync(Keys.Owner(Prefix(plane)))).Select(f => (string)f!).Where(f => f.Contains("buyers", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_segment_deleted_and_applied_again_starts_anew()
    {
        await using var plane = await OpenAsync(Ever);
        plane.Undeclare("buyers");
        await plane.DrainAsync();
        plane.Declare("buyers", Ever);
        await plane.DrainAsync();

        await Oracle.ShouldAgreeAsync(plane, "after the second life began");
        Flow(plane).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_segment_that_comes_back_before_its_data_is_gone_waits_and_is_built()
    {
        await using var plane = await OpenAsync(Ever);
        plane.Undeclare("buyers");
        await plane.PlanIfWantedAsync();
        plane.Declare("buyers", Ever);
        await plane.PlanIfWantedAsync();
        plane.Workspace.Catalog.Segments["buyers"].Deleting.ShouldBeTrue();
        await plane.DrainAsync();

        await Oracle.ShouldAgreeAsync(plane, "after the second life began");

        plane.Undeclare("buyers");
        await plane.DrainAsync();
        plane.Workspace.Catalog.Segments.ShouldBeEmpty();
        (await plane.Redis.Database.KeyExistsAsync(Keys.Members(Prefix(plane), "buyers", "x"))).ShouldBeFalse();
        (await Dump.OfAsync(plane)).ShouldNotContain("members:buyers");
    }

    [Fact]
    public async Task A_backfill_goes_on_where_the_former_owner_stopped()
    {
        await using var plane = await OpenAsync(Ever);
        plane.Declare("buyers", Twice);
        await plane.PlanIfWantedAsync();
        for (var turn = 0; turn < 3; turn++) await plane.TurnAsync(0);
        var passField = OwnerState.PassPrefix + PassKeys.Segment("buyers", plane.Workspace.Catalog.Segments["buyers"].Building!.Revision);
        var reached = ((string)(await plane.Redis.Database.HashGetAsync(Keys.Owner(Prefix(plane)), passField))!).Split('\n')[1];
        string.CompareOrdinal(reached, "customer-0").ShouldBeGreaterThan(0);

        await plane.TakeOverAsync();
        await plane.TurnAsync(0);

        var next = ((string)(await plane.Redis.Database.HashGetAsync(Keys.Owner(Prefix(plane)), passField))!).Split('\n')[1];
        string.CompareOrdinal(next, reached).ShouldBeGreaterThan(0);
        await plane.DrainAsync();
        await Oracle.ShouldAgreeAsync(plane, "after the backfill");
    }

    [Fact]
    public async Task Segments_follow_the_segments_that_they_refer_to_through_edits()
    {
        await using var plane = await OpenAsync(Ever);
        plane.Declare("others", Shop.Spec(new ConditionSpec { Segment = new SegmentConditionSpec { Name = "buyers", Is = SegmentMembership.NotMember } }));
        await plane.DrainAsync();
        plane.Declare("buyers", Twice);
        await plane.DrainAsync();
        await Oracle.ShouldAgreeAsync(plane, "after the edit of the segment referred to");
    }

    /// <summary>Six customers with an order each; two of them have a second one.</summary>
    private async Task<DataPlane> OpenAsync(SegmentSpec spec)
    {
        var plane = await DataPlane.OpenAsync(redis.Configuration, partitions: 1, Slow);
        plane.Declare("buyers", spec);
        await plane.DrainAsync();
        for (var i = 0; i < 8; i++)
        {
            plane.Time.Advance(1000);
            await plane.AppendAsync(Order(plane, $"e{i}", $"customer-{i % 6}"));
        }
        await plane.DrainAsync();
        return plane;
    }

    private static string Prefix(DataPlane plane) => Keys.Partition(plane.Name, 0);

    private static string Serving(DataPlane plane) => plane.Workspace.Catalog.Segments["buyers"].Serving!.Revision;

    private static (long Entered, long Left) Flow(DataPlane plane) =>
        plane.Workspace.NumbersOf("buyers", Serving(plane)).FlowWithin(TimeSpan.FromHours(24), plane.Clock.NowMs);

    private static Task<Dictionary<string, long>> MembersAsync(DataPlane plane) => Oracle.MembersAsync(plane, "buyers", Serving(plane));

    private static CustomerEvent Order(DataPlane plane, string id, string profile) => new(id, "placed_order", profile, plane.Clock.NowMs, 30m);
}
