using Segmentation.Operator.Partitions;
using Segmentation.Operator.Tests.Partitions;
using Segmentation.Resources;

namespace Segmentation.Operator.Tests.Workspaces;

// Policies that go and come back, and what else changes while break points do.
public sealed partial class RfmPolicyTests
{
    [Fact]
    public async Task Tiers_of_a_list_are_gone_with_their_policy_also_for_an_owner_that_never_knew_them()
    {
        await using var plane = await DataPlane.OpenAsync(redis.Configuration);
        plane.Declare("default", Thresholds);
        await plane.AppendAsync(Order(plane, "o", "ada", 10m));
        await plane.DrainAsync();
        (await TierAsync(plane, "fresh", "ada")).ShouldNotBeNull();
        plane.Policies.Remove("default");
        await plane.TakeOverAsync();
        await plane.DrainAsync();

        (await TierAsync(plane, "fresh", "ada")).ShouldBeNull();
    }

    [Fact]
    public async Task A_policy_deleted_and_applied_again_files_every_profile_under_its_tier()
    {
        await using var plane = await OpenAsync();
        plane.Segments.Remove("best");
        plane.Policies.Remove("default");
        plane.WantPlan();
        await plane.DrainAsync();
        (await TierCountsAsync(plane)).Values.Sum().ShouldBe(0);

        plane.Declare("default", Shop.Quantiles);
        plane.Declare("best", Best);
        await plane.DrainAsync();

        await TiersShouldAgreeAsync(plane);
        await Oracle.ShouldAgreeAsync(plane, "after the second life began");
    }

    [Fact]
    public async Task A_policy_that_is_gone_leaves_its_segments_serving_with_their_last_break_points()
    {
        await using var plane = await OpenAsync();
        var members = await Oracle.MembersAsync(plane, "best", plane.Workspace.Catalog.Segments["best"].Serving!.Revision);
        members.ShouldNotBeEmpty();
        plane.Policies.Remove("default");
        plane.WantPlan();
        await plane.DrainAsync();
        await plane.TakeOverAsync();
        await plane.DrainAsync();

        plane.Workspace.Segments["best"].Problems.Count.ShouldBe(1);
        (await Oracle.MembersAsync(plane, "best", plane.Workspace.Catalog.Segments["best"].Serving!.Revision)).ShouldBe(members);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_policy_that_comes_back_draws_no_break_points_before_every_profile_is_scored_again(bool edited)
    {
        await using var plane = await OpenSpreadAsync();
        plane.Time.Advance(60_000);
        plane.Segments["best"] = plane.Segments["best"] with { Suspend = edited }; // or the edit would move it to the other revision
        plane.WantPlan();
        await plane.DrainAsync();
        var quantiles = plane.Policies["default"];
        var revision = plane.Workspace.Catalog.Segments["best"].Serving!.Revision;
        var (points, members) = (plane.Workspace.Catalog.BreakPoints.Single(), await Oracle.MembersAsync(plane, "best", revision));
        if (edited) plane.Declare("default", quantiles with { Window = "3d" });
        else plane.Policies.Remove("default");
        plane.WantPlan();
        await plane.DrainAsync();

        plane.Declare("default", quantiles);
        plane.Segments["best"] = plane.Segments["best"] with { Suspend = false };
        for (var turns = 0; turns < 200; turns++)
        {
            await plane.PlanIfWantedAsync();
            plane.Workspace.Catalog.BreakPoints[points.Key].Profiles.ShouldBe(60);
            (await Oracle.MembersAsync(plane, "best", revision)).ShouldBe(members, "nobody has moved, not even to come back");
            await plane.TurnAsync(turns % plane.PartitionCount);
        }
        await plane.DrainAsync();

        plane.Workspace.Catalog.Segments["best"].Serving!.Revision.ShouldBe(revision);
        await TiersShouldAgreeAsync(plane);
        await Oracle.ShouldAgreeAsync(plane, "after it has come back");
    }

    [Fact]
    public async Task A_policy_that_goes_while_its_segment_follows_new_break_points_leaves_nobody_with_the_former_ones()
    {
        await using var plane = await OpenSpreadAsync(new DataPlaneOptions { BackfillPerTurn = 1 });
        for (var i = 0; i < 120; i++) await plane.AppendAsync(Order(plane, $"more{i}", $"customer-{i % 15}", 400m));
        plane.Time.Advance(61 * 60_000);
        await plane.DrainAsync();
        var version = plane.Workspace.Catalog.BreakPoints.Single().Value.Version;
        plane.WantPlan();
        await plane.PlanIfWantedAsync();
        plane.Policies.Remove("default");
        plane.WantPlan();
        await plane.PlanIfWantedAsync();
        var points = plane.Workspace.Catalog.BreakPoints.Single().Value;
        points.Version.ShouldBe(version + 1);
        for (var p = 0; p < plane.PartitionCount; p++) await plane.TurnAsync(p);
        await plane.TakeOverAsync();
        await plane.DrainAsync();

        var definition = RfmPolicyCompiler.Compile("default", Shop.Quantiles with { Scoring = Shop.Quantiles.Scoring with { RecomputeEvery = "1h" } }, points.ToBreakPoints(), null).Definition!;
        var expected = Oracle.Replay(plane).Values.Where(profile => RfmOf(profile, definition, plane.Clock.NowMs).Tier is "champions" or "loyal" or "new").Select(profile => profile.Id);
        (await Oracle.MembersAsync(plane, "best", plane.Workspace.Catalog.Segments["best"].Serving!.Revision)).Keys.ShouldBe(expected, ignoreOrder: true);
    }

    [Fact]
    public async Task A_revision_that_is_new_while_profiles_are_rescored_is_counted_by_the_next_owner_and_removed_when_it_is_gone()
    {
        await using var plane = await OpenSpreadAsync(new DataPlaneOptions { BackfillPerTurn = 1 });
        for (var i = 0; i < 120; i++) await plane.AppendAsync(Order(plane, $"more{i}", $"customer-{i % 15}", 400m));
        plane.Time.Advance(61 * 60_000);
        await plane.DrainAsync();
        plane.WantPlan();
        plane.Declare("buyers", Shop.Spec(new ConditionSpec { Event = new EventConditionSpec { Name = "placed_order" } }));
        await plane.PlanIfWantedAsync();
        for (var p = 0; p < plane.PartitionCount; p++) await plane.TurnAsync(p);
        await plane.AppendAsync([.. Enumerable.Range(0, 60).Select(i => Order(plane, $"then{i}", $"customer-{i}", 10m))]);
        for (var p = 0; p < plane.PartitionCount; p++) await plane.TurnAsync(p, eventsFirst: true);
        var revision = plane.Workspace.Catalog.Segments["buyers"].Building!.Revision;
        (await Oracle.MembersAsync(plane, "buyers", revision)).Count.ShouldBe(60, "events write them before the pass begins");

        await plane.TakeOverAsync();
        await plane.DrainAsync();
        plane.Workspace.Slots.Sum(slot => slot.Partition.Tally.MembersOf("buyers", revision)).ShouldBe(60);
    }
}
