using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Partitions;
using Segmentation.Operator.Tests.Redis;
using Segmentation.Resources;

namespace Segmentation.Operator.Tests.Workspaces;

/// <summary>Policies from their first purchases through new break points and edits, and the segments that depend on them.</summary>
[Collection(SharedRedis.Name)]
public sealed class RfmPolicyTests(RedisServer redis)
{
    private static readonly SegmentSpec Best = Shop.Spec(new ConditionSpec { Rfm = new RfmConditionSpec { Policy = "default", Tier = ["champions", "loyal", "new"] } });

    [Fact]
    public async Task A_segment_waits_for_the_first_break_points_of_its_policy_and_then_agrees_with_them()
    {
        await using var plane = await OpenAsync();
        var planned = plane.Workspace.Catalog;
        planned.BreakPoints.Single().Value.Profiles.ShouldBe(30);
        await Oracle.ShouldAgreeAsync(plane, "after the first scoring");
        await TiersShouldAgreeAsync(plane);
    }

    [Fact]
    public async Task New_break_points_are_computed_when_due_and_every_tier_and_segment_follows()
    {
        await using var plane = await OpenAsync();
        var version = plane.Workspace.Catalog.BreakPoints.Single().Value.Version;
        for (var i = 0; i < 60; i++) await plane.AppendAsync(Order(plane, $"more{i}", $"customer-{i % 10}", 400m));
        plane.Time.Advance(25 * History.HourMs);
        await plane.DrainAsync();
        plane.WantPlan();
        await plane.DrainAsync();

        plane.Workspace.Catalog.BreakPoints.Single().Value.Version.ShouldBeGreaterThan(version);
        await Oracle.ShouldAgreeAsync(plane, "after the second scoring");
        await TiersShouldAgreeAsync(plane);
    }

    [Fact]
    public async Task Moves_by_new_break_points_are_told_as_a_rescore()
    {
        await using var plane = await OpenAsync();
        var before = (await Oracle.OutboxAsync(plane, "best")).Count;
        for (var i = 0; i < 60; i++) await plane.AppendAsync(Order(plane, $"more{i}", $"customer-{20 + (i % 10)}", 400m));
        await plane.DrainAsync();
        plane.Time.Advance(25 * History.HourMs);
        plane.WantPlan();
        await plane.DrainAsync();
        (await Oracle.OutboxAsync(plane, "best")).Skip(before).Select(f => f.Cause).ShouldContain("rescore");
    }

    [Fact]
    public async Task An_edit_of_a_policy_moves_its_segments_only_when_the_new_break_points_are_there()
    {
        await using var plane = await OpenAsync();
        var revision = plane.Workspace.Catalog.Segments["best"].Serving!.Revision;
        plane.Declare("default", Shop.Quantiles with { Window = "3d" });
        await plane.PlanIfWantedAsync();
        plane.Workspace.Segments["best"].WaitsForPolicy.ShouldBe("default");
        plane.Workspace.Segments["best"].Serving.ShouldBe(revision);
        await plane.DrainAsync();

        plane.Workspace.Catalog.Segments["best"].Serving!.Revision.ShouldNotBe(revision);
        plane.Workspace.Catalog.BreakPoints.Count.ShouldBe(1, "those of the former revision are of no use any more");
        await Oracle.ShouldAgreeAsync(plane, "after the edit");
        await TiersShouldAgreeAsync(plane);
    }

    [Fact]
    public async Task A_change_of_the_schedule_alone_takes_effect()
    {
        await using var plane = await OpenAsync();
        var version = plane.Workspace.Catalog.BreakPoints.Single().Value.Version;
        plane.Declare("default", Shop.Quantiles with { Scoring = Shop.Quantiles.Scoring with { RecomputeEvery = "1h" } });
        await plane.DrainAsync();
        plane.Time.Advance(61 * 60_000);
        plane.WantPlan();
        await plane.DrainAsync();
        plane.Workspace.Catalog.BreakPoints.Single().Value.Version.ShouldBe(version + 1);
    }

    [Fact]
    public async Task A_suspended_policy_keeps_its_break_points()
    {
        await using var plane = await OpenAsync();
        var version = plane.Workspace.Catalog.BreakPoints.Single().Value.Version;
        plane.Declare("default", Shop.Quantiles with { Suspend = true });
        await plane.DrainAsync();
        plane.Time.Advance(48 * History.HourMs);
        plane.WantPlan();
        await plane.DrainAsync();
        plane.Workspace.Catalog.BreakPoints.Single().Value.Version.ShouldBe(version);
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

    private static async Task TiersShouldAgreeAsync(DataPlane plane)
    {
        var definition = Oracle.Compile(plane).Policies["default"].Definition!;
        var expected = Oracle.Replay(plane).Values
            .Select(profile => RfmOf(profile, definition, plane.Clock.NowMs).Tier)
            .OfType<string>().GroupBy(t => t).ToDictionary(g => g.Key, g => (long)g.Count());
        var actual = (await TierCountsAsync(plane)).Where(t => t.Value > 0).ToDictionary();
        actual.OrderBy(t => t.Key).ShouldBe(expected.OrderBy(t => t.Key));
    }

    private static async Task<Dictionary<string, long>> TierCountsAsync(DataPlane plane)
    {
        var counts = RfmDimensions.TierNames.ToDictionary(t => t, _ => 0L);
        foreach (var tier in RfmDimensions.TierNames)
        {
            for (var p = 0; p < plane.PartitionCount; p++)
                counts[tier] += await plane.Redis.Database.SortedSetLengthAsync(Keys.Tier(Keys.Partition(plane.Name, p), "default", tier));
        }
        return counts;
    }

    private static RfmScore RfmOf(Profile profile, RfmPolicyDefinition definition, long atMs)
    {
        var evaluation = new Evaluation();
        evaluation.Begin(profile, atMs);
        return evaluation.Score(definition);
    }

    /// <summary>Thirty customers with one to four orders each.</summary>
    private async Task<DataPlane> OpenAsync()
    {
        var plane = await DataPlane.OpenAsync(redis.Configuration, options: new DataPlaneOptions { BackfillPerTurn = 4 });
        for (var i = 0; i < 75; i++)
        {
            plane.Time.Advance(20 * 60_000);
            await plane.AppendAsync(Order(plane, $"e{i}", $"customer-{i * i % 30}", 10 + i));
        }
        for (var i = 0; i < 30; i++) await plane.AppendAsync(Order(plane, $"first{i}", $"customer-{i}", 5));
        plane.Declare("default", Shop.Quantiles);
        plane.Declare("best", Best);
        await plane.DrainAsync();
        return plane;
    }

    private static CustomerEvent Order(DataPlane plane, string id, string profile, decimal value) =>
        new(id, "placed_order", profile, plane.Clock.NowMs, value);
}
