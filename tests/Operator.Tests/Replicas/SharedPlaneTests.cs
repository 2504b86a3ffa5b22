using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Partitions;
using Segmentation.Operator.Tests.Redis;
using Segmentation.Operator.Workspaces;
using Xunit.Abstractions;

namespace Segmentation.Operator.Tests.Replicas;

/// <summary>Partitions shared by replicas that learn of each other, of plans and of reports late and in any order, against brute force.</summary>
[Collection(SharedRedis.Name)]
public sealed class SharedPlaneTests(RedisServer redis, ITestOutputHelper output)
{
    private const int Partitions = 16; // of which, by chance, no replica has none

    private static readonly DataPlaneOptions Tight = new() { EntriesPerTurn = 2, DuePerTurn = 2, BackfillPerTurn = 3, CachedOccurrences = 1 };

    [Fact]
    public async Task Replicas_may_come_go_and_learn_anything_late_at_any_point_of_a_history_with_changing_definitions()
    {
        foreach (var seed in Seeds.Take(4))
        {
            output.WriteLine($"SEED={seed}");
            await using var shared = await SharedPlane.OpenAsync(redis.Configuration, Partitions, Tight);
            var history = new History(seed, new HistoryShape());
            var random = history.Random;
            for (var step = 0; step < 240; step++)
            {
                await history.StepAsync(shared.Plane);
                if (random.Next(10) == 0) PartitionPropertyTests.ChangeDefinition(shared.Plane, random);
                if (random.Next(3) == 0) await shared.Plane.PlanIfWantedAsync();
                if (random.Next(12) == 0 && shared.Followers.Count < 3) await shared.AddAsync();
                if (random.Next(20) == 0 && shared.Followers.Count > 0) shared.Crash(Any(shared, random));
                if (random.Next(3) == 0) shared.Look(random.Next(shared.Followers.Count + 1));
                if (random.Next(3) == 0 && shared.Followers.Count > 0) await shared.FollowAsync(Any(shared, random));
                if (random.Next(4) == 0) shared.Report(_ => random.Next(2) == 0);
                for (var turns = random.Next(8); turns > 0; turns--) await shared.TurnAsync(random.Next(shared.Followers.Count + 1), random.Next(Partitions));
                if (step % 80 != 79) continue;
                PartitionPropertyTests.Resume(shared.Plane);
                await shared.DrainAsync();
                await Oracle.ShouldAgreeAsync(shared.Plane, $"SEED={seed} step {step}");
            }
            output.WriteLine($"fenced: {shared.Fenced}");
        }
    }

    [Fact]
    public async Task A_replica_that_has_not_heard_of_a_new_revision_does_not_undo_it()
    {
        await using var shared = await SharedPlane.OpenAsync(redis.Configuration, partitions: 1, Tight);
        shared.Plane.Declare("buyers", Shop.Spec(Shop.Orders()));
        await AppendAsync(shared, "ada");
        await shared.DrainAsync();
        var late = await shared.AddAsync();
        await shared.FollowAsync(late);

        // The leader goes on to another revision, whose members are all that is left; then the other one, which only sees itself, takes over.
        shared.Plane.Declare("buyers", Shop.Spec(Shop.Orders(within: "9d")));
        await shared.Plane.DrainAsync();
        (await shared.TurnAsync(1, 0)).ShouldBeFalse();
        late.Workspace.Slots[0].Partition.IsOwned.ShouldBeFalse("it must read the catalog first");
        (await Oracle.MembersAsync(shared.Plane, "buyers", shared.Plane.Workspace.Catalog.Segments["buyers"].Serving!.Revision)).Keys.ShouldBe(["ada"]);

        await shared.DrainAsync();
        await Oracle.ShouldAgreeAsync(shared.Plane, "afterwards");
    }

    [Fact]
    public async Task A_partition_is_given_up_between_two_turns_and_nothing_is_refused()
    {
        await using var shared = await SharedPlane.OpenAsync(redis.Configuration, Partitions, Tight);
        shared.Plane.DeclareShop();
        for (var i = 0; i < 30; i++) await AppendAsync(shared, $"customer-{i}");
        await shared.DrainAsync();
        var other = await shared.AddAsync();
        await shared.FollowAsync(other);
        shared.Look(1);
        var share = Enumerable.Range(0, Partitions).Where(other.Workspace.Owns).ToArray();
        share.Length.ShouldBeInRange(1, Partitions - 1);

        // The newcomer waits for as long as the owner has not seen it.
        foreach (var p in share) (await shared.TurnAsync(1, p)).ShouldBeFalse();
        other.Workspace.Slots[share[0]].Partition.LookAgainIn.ShouldNotBeNull();
        shared.Look(0);
        for (var p = 0; p < Partitions; p++)
        {
            await shared.TurnAsync(0, p);
            await shared.TurnAsync(1, p);
            shared.Plane.Workspace.Slots[p].Partition.IsOwned.ShouldBe(!share.Contains(p));
            other.Workspace.Slots[p].Partition.IsOwned.ShouldBe(share.Contains(p));
        }
        shared.Fenced.ShouldBe(0);
        await shared.DrainAsync();
        await Oracle.ShouldAgreeAsync(shared.Plane, "with two");
    }

    [Fact]
    public async Task A_deleted_segment_is_forgotten_when_every_replica_has_dropped_its_share()
    {
        await using var shared = await SharedPlane.OpenAsync(redis.Configuration, Partitions, Tight);
        shared.Plane.Declare("buyers", Shop.Spec(Shop.Orders()));
        var other = await shared.AddAsync();
        for (var i = 0; i < 30; i++) await AppendAsync(shared, $"customer-{i}");
        await shared.DrainAsync();

        shared.Plane.Undeclare("buyers");
        await shared.Plane.PlanIfWantedAsync();
        for (var p = 0; p < Partitions; p++) await shared.TurnAsync(0, p);
        shared.Report();
        (await shared.Plane.PlanIfWantedAsync()).ShouldBeFalse("the other share still has members");
        shared.Plane.Workspace.IsDropped("buyers").ShouldBeFalse();

        await shared.FollowAsync(other);
        for (var p = 0; p < Partitions; p++) await shared.TurnAsync(1, p);
        shared.Report();
        shared.Plane.Workspace.IsDropped("buyers").ShouldBeTrue();
        await shared.DrainAsync();
        shared.Plane.Workspace.Catalog.Segments.ShouldBeEmpty();
    }

    [Fact]
    public async Task Numbers_are_not_told_while_a_share_is_missing_and_are_sums_over_all_when_none_is()
    {
        await using var shared = await SharedPlane.OpenAsync(redis.Configuration, Partitions, Tight);
        shared.Plane.Declare("buyers", Shop.Spec(Shop.Orders()));
        await shared.DrainAsync();
        var other = await shared.AddAsync();
        await shared.DrainAsync();
        for (var i = 0; i < 30; i++) await AppendAsync(shared, $"customer-{i}");
        await shared.DrainAsync();
        var revision = shared.Plane.Workspace.Catalog.Segments["buyers"].Serving!.Revision;
        shared.Plane.Workspace.HasNumbersOf("buyers", revision).ShouldBeTrue();
        shared.Plane.Workspace.HasNumbersOf("buyers", "another").ShouldBeFalse("the other replica's numbers are of the former revision");
        var numbers = shared.Plane.Workspace.NumbersOf("buyers", revision);
        numbers.Members.ShouldBe(30);
        numbers.FlowWithin(SegmentNumbers.Day, shared.Plane.Clock.NowMs).ShouldBe((30, 0));

        shared.Crash(other);
        shared.Look(0);
        shared.Plane.Workspace.HasNumbers.ShouldBeFalse("nobody has taken its share over yet");
        await shared.DrainAsync();
        shared.Plane.Workspace.NumbersOf("buyers", revision).Members.ShouldBe(30);
    }

    [Fact]
    public async Task What_another_share_has_forgotten_is_missing_for_a_definition_that_asks_for_it_later()
    {
        var retention = new RetentionOptions { Interval = TimeSpan.FromHours(1) };
        retention.Rules.Add(new RetentionRule { Keep = TimeSpan.FromDays(1) });
        await using var shared = await SharedPlane.OpenAsync(redis.Configuration, Partitions, Tight, retention);
        shared.Plane.Declare("recent", Shop.Spec(Shop.Orders(within: "2d")));
        var other = await shared.AddAsync();
        await shared.DrainAsync();
        var orderedMs = shared.Plane.Clock.NowMs;
        var theirs = Enumerable.Range(0, 30).Select(i => $"customer-{i}").Where(id => other.Workspace.Owns(PartitionHash.Of(id, Partitions))).ToArray();
        theirs.ShouldNotBeEmpty();
        foreach (var id in theirs) await AppendAsync(shared, id);
        await shared.DrainAsync();
        shared.Plane.Time.Advance(3 * 24 * History.HourMs);
        await shared.DrainAsync();

        shared.Plane.Declare("lately", Shop.Spec(Shop.Orders(within: "10d")));
        await shared.DrainAsync();
        var expected = new MissingEvents("placed_order", orderedMs + 1, orderedMs + (10 * 24 * History.HourMs));
        Missing("recent").ShouldBeNull();
        Missing("lately").ShouldBe(expected);

        shared.Crash(other);
        await shared.DrainAsync();
        Missing("lately").ShouldBe(expected, "who took the share over knows it, too");

        MissingEvents? Missing(string segment) =>
            shared.Plane.Workspace.MissingFor(shared.Plane.Workspace.Compiled!.Segments[segment].Definition!.Dependencies);
    }

    private static Follower Any(SharedPlane shared, Random random) => shared.Followers[random.Next(shared.Followers.Count)];

    private static Task AppendAsync(SharedPlane shared, string profile) =>
        shared.Plane.AppendAsync(new CustomerEvent("of-" + profile, "placed_order", profile, shared.Plane.Clock.NowMs, 5m));
}
