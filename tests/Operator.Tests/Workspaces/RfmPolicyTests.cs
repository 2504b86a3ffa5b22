using Microsoft.Extensions.Logging.Abstractions;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Partitions;
using Segmentation.Operator.Tests.Redis;
using Segmentation.Operator.Workspaces;
using Segmentation.Resources;

namespace Segmentation.Operator.Tests.Workspaces;

/// <summary>Policies from their first purchases through new break points and edits, and the segments that depend on them.</summary>
[Collection(SharedRedis.Name)]
public sealed partial class RfmPolicyTests(RedisServer redis)
{
    private static readonly SegmentSpec Best = Shop.Spec(new ConditionSpec { Rfm = new RfmConditionSpec { Policy = "default", Tier = ["champions", "loyal", "new"] } });

    private static RfmPolicySpec Thresholds { get; } = new()
    {
        Purchases = new RfmPurchasesSpec { Event = "placed_order" },
        Window = "30d",
        Scoring = new RfmScoringSpec { Method = RfmScoringMethod.Thresholds, Scores = 3, Recency = ["1d", "2d"], Frequency = [1, 2], Monetary = [10m, 20m] },
        Tiers = new RfmTiersSpec { List = [new RfmTierSpec { Name = "fresh", Recency = new ComparisonSpec { Eq = 3 } }, new RfmTierSpec { Name = "stale" }] },
    };

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
    public async Task New_break_points_have_only_those_evaluated_that_lie_between_the_old_and_the_new()
    {
        await using var plane = await OpenSpreadAsync();
        (await RescoredAsync(plane)).Rescored.ShouldBe(60, "the first ones concern everybody");
        for (var i = 0; i < 6; i++) await plane.AppendAsync(Order(plane, $"more{i}", $"customer-{i % 2}", 400m));
        plane.Time.Advance(61 * 60_000);
        await plane.DrainAsync();
        var before = Oracle.Compile(plane).Policies["default"].Definition!;
        var profiles = Oracle.Replay(plane).Values.ToArray();
        plane.WantPlan();
        await plane.DrainAsync();

        var now = Oracle.Compile(plane).Policies["default"].Definition!;
        now.BreakPoints.ShouldNotBe(before.BreakPoints);
        var scores = profiles.Select(profile => (Before: RfmOf(profile, before, plane.Clock.NowMs), Now: RfmOf(profile, now, plane.Clock.NowMs))).ToArray();
        var otherDigits = scores.Count(s => (s.Before.Recency, s.Before.Frequency, s.Before.Monetary) != (s.Now.Recency, s.Now.Frequency, s.Now.Monetary));
        var (rescored, moved) = await RescoredAsync(plane);
        moved.ShouldBe(scores.Count(s => s.Before.Tier != s.Now.Tier));
        rescored.ShouldBeInRange(otherDigits, 30, $"{otherDigits} have other digits, of 60 profiles");
        rescored.ShouldBeGreaterThan(0);
        await Oracle.ShouldAgreeAsync(plane, "after the second scoring");
        await TiersShouldAgreeAsync(plane);
    }

    [Fact]
    public async Task Recency_falls_at_the_instant_that_the_new_break_points_say()
    {
        await using var plane = await OpenSpreadAsync();
        var version = plane.Workspace.Catalog.BreakPoints.Single().Value.Version;
        for (var step = 0; step < 60; step++)
        {
            plane.Time.Advance(5 * History.HourMs);
            if (step % 7 == 3) await plane.TakeOverAsync();
            await plane.DrainAsync();
            await TiersShouldAgreeAsync(plane);
        }
        plane.Workspace.Catalog.BreakPoints.Single().Value.Version.ShouldBeGreaterThan(version + 5);
        await Oracle.ShouldAgreeAsync(plane, "after all of them fell");
    }

    [Fact]
    public async Task Recency_falls_of_those_in_memory_as_soon_as_new_break_points_that_are_earlier_say()
    {
        await using var plane = await OpenSpreadAsync();
        var before = Oracle.Compile(plane).Policies["default"].Definition!.BreakPoints!;
        for (var i = 0; i < 20; i++) await plane.AppendAsync(Order(plane, $"again{i}", $"customer-{i}", 20m));
        plane.Time.Advance(61 * 60_000);
        await plane.DrainAsync();
        plane.WantPlan();
        await plane.DrainAsync();
        var now = Oracle.Compile(plane).Policies["default"].Definition!.BreakPoints!;
        now.RecencyMs.Zip(before.RecencyMs).ShouldAllBe(points => points.First < points.Second);

        var fell = 0;
        for (var minute = 0; minute < 59; minute++)
        {
            var counts = await TierCountsAsync(plane);
            plane.Time.Advance(60_000);
            await plane.DrainAsync();
            await TiersShouldAgreeAsync(plane);
            if (!counts.SequenceEqual(await TierCountsAsync(plane))) fell++;
        }
        fell.ShouldBeGreaterThan(0);
        Oracle.Compile(plane).Policies["default"].Definition!.BreakPoints.ShouldBe(now, "no others were drawn since");
    }

    [Fact]
    public async Task Events_are_applied_by_the_former_break_points_while_due_times_are_brought_forward_and_nobody_falls_late()
    {
        foreach (var seed in Seeds.Take(5))
        {
            var random = new Random(seed);
            await using var plane = await OpenWithEarlierPointsAsync();
            var version = plane.Workspace.Plan!.Version;

            var turns = new int[plane.PartitionCount];
            for (var i = 0; plane.Workspace.Slots.Any(slot => slot.Partition.FollowedVersion < version); i++)
            {
                var partition = random.Next(plane.PartitionCount);
                var eventsFirst = random.Next(3) == 0;
                await plane.AppendAsync(Order(plane, $"meanwhile{i}", $"customer-{random.Next(80)}", random.Next(100)));
                plane.Time.Advance(random.Next(3) * 20_000);
                var follows = plane.Workspace.Slots[partition].Partition.FollowedVersion < version;
                await plane.TurnAsync(partition, eventsFirst);
                if (!follows) continue;
                if (!eventsFirst) turns[partition]++;
                else plane.Workspace.Slots[partition].Partition.FollowedVersion.ShouldBeLessThan(version, $"SEED={seed}: a turn for events does not wait for it");
            }
            turns.ShouldAllBe(count => count > 1, $"SEED={seed}: some at a time");
            await plane.DrainAsync();
            await Oracle.ShouldAgreeAsync(plane, $"SEED={seed}, followed");
            await TiersShouldAgreeAsync(plane);
            for (var minute = 0; minute < 30; minute++)
            {
                plane.Time.Advance(60_000);
                await plane.DrainAsync();
                await TiersShouldAgreeAsync(plane);
            }
            await Oracle.ShouldAgreeAsync(plane, $"SEED={seed}, half an hour later");
        }
    }

    [Fact]
    public async Task A_turn_that_brings_due_times_forward_commits_or_nothing_would_tell_that_they_were_lost()
    {
        await using var plane = await OpenWithEarlierPointsAsync();
        var version = plane.Workspace.Plan!.Version;

        var brought = 0;
        for (var p = 0; p < plane.PartitionCount; p++)
        {
            var prefix = Keys.Partition(plane.Name, p);
            while (plane.Workspace.Slots[p].Partition.FollowedVersion < version)
            {
                var sequence = (long)await plane.Redis.Database.HashGetAsync(Keys.Owner(prefix), "seq");
                var due = await plane.Redis.Database.SortedSetRangeByRankWithScoresAsync(Keys.Due(prefix));
                await plane.TurnAsync(p);
                var dueNow = await plane.Redis.Database.SortedSetRangeByRankWithScoresAsync(Keys.Due(prefix));
                if (due.SequenceEqual(dueNow)) continue;
                ((long)await plane.Redis.Database.HashGetAsync(Keys.Owner(prefix), "seq")).ShouldBeGreaterThan(sequence);
                if (plane.Workspace.Slots[p].Partition.FollowedVersion < version) brought++;
            }
        }
        brought.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task An_owner_that_is_lost_while_it_rescores_leaves_nobody_out()
    {
        await using var plane = await OpenAsync();
        for (var i = 0; i < 60; i++) await plane.AppendAsync(Order(plane, $"more{i}", $"customer-{i % 10}", 400m));
        plane.Time.Advance(25 * History.HourMs);
        await plane.DrainAsync();
        plane.WantPlan();
        await plane.PlanIfWantedAsync();
        await plane.TurnAsync(0);
        await plane.TakeOverAsync();
        await plane.TurnAsync(1);
        await plane.TakeOverAsync();
        await plane.DrainAsync();

        await Oracle.ShouldAgreeAsync(plane, "after two owners were lost");
        await TiersShouldAgreeAsync(plane);
    }

    [Fact]
    public async Task A_tier_is_held_to_the_millisecond_across_owners()
    {
        await using var plane = await DataPlane.OpenAsync(redis.Configuration);
        plane.Declare("default", Thresholds with { Hysteresis = new RfmHysteresisSpec { MinDwell = "5d" } });
        plane.Declare("held", Shop.Spec(new ConditionSpec { Rfm = new RfmConditionSpec { Policy = "default", Tier = ["fresh"] } }));
        await plane.DrainAsync();
        var orderedAtMs = plane.Clock.NowMs;
        await plane.AppendAsync(Order(plane, "o", "ada", 10m));
        await plane.DrainAsync();
        foreach (var hours in new[] { 30, 60, 29 }) // 119 hours: a day is over, five are not
        {
            plane.Time.Advance(hours * History.HourMs);
            await plane.TakeOverAsync();
            await plane.DrainAsync();
            (await TierAsync(plane, "fresh", "ada")).ShouldBe(orderedAtMs);
        }
        plane.Time.Advance(12 * History.HourMs);
        await plane.TakeOverAsync();
        await plane.DrainAsync();

        (await TierAsync(plane, "fresh", "ada")).ShouldBeNull();
        (await TierAsync(plane, "stale", "ada")).ShouldBe(orderedAtMs + (5 * 24 * History.HourMs));
        (await Oracle.OutboxAsync(plane, "held"))[^1].Cause.ShouldBe("time");
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
        var counts = RfmTiers.Classic.Names.ToDictionary(t => t, _ => 0L);
        foreach (var tier in RfmTiers.Classic.Names)
        {
            for (var p = 0; p < plane.PartitionCount; p++)
                counts[tier] += await plane.Redis.Database.SortedSetLengthAsync(Keys.Tier(Keys.Partition(plane.Name, p), "default", tier));
        }
        return counts;
    }

    private static async Task<(long Rescored, long Moved)> RescoredAsync(DataPlane plane)
    {
        var counts = await new BreakPointCalculator(plane.Redis, plane.Clock, NullLogger<BreakPointCalculator>.Instance)
            .CountRescoredAsync(plane.Workspace, plane.Workspace.Plan!.Policies.Single(p => p.IsServing));
        return (counts.Rescored, counts.Moved);
    }

    private static async Task<long?> TierAsync(DataPlane plane, string tier, string profile) => (long?)await plane.Redis.Database.SortedSetScoreAsync(
        Keys.Tier(Keys.Partition(plane.Name, PartitionHash.Of(profile, plane.PartitionCount)), "default", tier), profile);

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

    /// <summary>Sixty customers who ordered last at hours of their own, and a policy that draws its quantiles every hour.</summary>
    // Planned, and followed by no partition yet; each takes several turns for it.
    private async Task<DataPlane> OpenWithEarlierPointsAsync()
    {
        var plane = await OpenSpreadAsync(new DataPlaneOptions { BackfillPerTurn = 4, DuePerTurn = 3 });
        for (var i = 0; i < 20; i++) await plane.AppendAsync(Order(plane, $"again{i}", $"customer-{i}", 20m));
        plane.Time.Advance(61 * 60_000);
        await plane.DrainAsync();
        plane.WantPlan();
        await plane.PlanIfWantedAsync();
        return plane;
    }

    private async Task<DataPlane> OpenSpreadAsync(DataPlaneOptions? options = null)
    {
        var plane = await DataPlane.OpenAsync(redis.Configuration, options: options ?? new DataPlaneOptions { BackfillPerTurn = 4 });
        for (var i = 0; i < 60; i++)
        {
            plane.Time.Advance(History.HourMs);
            for (var order = 0; order <= i % 4; order++) await plane.AppendAsync(Order(plane, $"e{i}-{order}", $"customer-{i}", 10 + i));
        }
        plane.Declare("default", Shop.Quantiles with { Scoring = Shop.Quantiles.Scoring with { RecomputeEvery = "1h" } });
        plane.Declare("best", Best);
        await plane.DrainAsync();
        return plane;
    }

    private static CustomerEvent Order(DataPlane plane, string id, string profile, decimal value) =>
        new(id, "placed_order", profile, plane.Clock.NowMs, value);
}
