using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Redis;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>One look tells whether a partition needs a turn: what nobody was told of is found, and nothing is done for an idle one.</summary>
[Collection(SharedRedis.Name)]
public sealed class SweepTests(RedisServer redis)
{
    [Fact]
    public async Task An_idle_partition_needs_no_turn_and_one_with_a_new_entry_does()
    {
        await using var plane = await OpenAsync();

        (await HasWorkAsync(plane)).ShouldBeFalse();
        await plane.AppendAsync(Order(plane, "e2"));
        (await HasWorkAsync(plane)).ShouldBeTrue();
        await plane.DrainAsync();
        (await HasWorkAsync(plane)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_partition_that_was_never_taken_over_needs_a_turn()
    {
        await using var plane = await OpenAsync();
        plane.Workspace.Slots[0].Partition.Release();

        (await HasWorkAsync(plane)).ShouldBeTrue();
    }

    [Fact]
    public async Task Another_owner_and_lost_commits_are_seen()
    {
        await using var plane = await OpenAsync();
        var owner = Keys.Owner(Keys.Partition(plane.Name, 0));

        await plane.Redis.Database.HashDecrementAsync(owner, "seq");
        (await HasWorkAsync(plane)).ShouldBeTrue();
        await plane.Redis.Database.HashIncrementAsync(owner, "seq");
        (await HasWorkAsync(plane)).ShouldBeFalse();

        var former = await plane.TakeOverAsync();
        await plane.DrainAsync();
        (await former.Slots[0].Partition.HasWorkAsync()).ShouldBeTrue();
    }

    // As after a power failure: the commit that left it was on disk, that it was received and cut off was not, and no commit of this partition is lost.
    [Fact]
    public async Task What_the_store_has_to_send_once_more_is_seen_and_sent()
    {
        await using var plane = await OpenAsync();
        var prefix = Keys.Partition(plane.Name, 0);
        await plane.Redis.Database.ExecuteAsync(
            "XADD", Keys.Forward(prefix), "*", ForwardStream.ToField, "ada", "at", plane.Clock.NowMs, "e", EventLog.Payload([EventLog.Line(Order(plane, "e2"))]));

        (await HasWorkAsync(plane)).ShouldBeTrue();
        await plane.DrainAsync();
        (await HasWorkAsync(plane)).ShouldBeFalse();
        (await plane.Redis.Database.SortedSetLengthAsync(Keys.Events(prefix, "ada", "placed_order"))).ShouldBe(2);
    }

    [Fact]
    public async Task That_the_store_lost_a_revision_that_began_to_serve_or_ended_is_seen()
    {
        await using var plane = await OpenAsync();
        var owner = Keys.Owner(Keys.Partition(plane.Name, 0));
        async Task<(string? Active, long Sequence)> StateAsync()
        {
            var state = await plane.Redis.Database.HashGetAsync(owner, [OwnerState.ActivePrefix + "later", "seq"]);
            return ((string?)state[0], (long)state[1]);
        }
        async Task SwitchAsync(bool begins)
        {
            for (var turns = 0; turns < 20; turns++)
            {
                var before = await StateAsync();
                await plane.TurnAsync(0);
                await plane.PlanIfWantedAsync();
                var after = await StateAsync();
                if (before.Active is null == after.Active is null) continue;
                (after.Active is not null).ShouldBe(begins);
                after.Sequence.ShouldBeGreaterThan(before.Sequence);
                return;
            }
            throw new TimeoutException("The revision does not follow.");
        }

        plane.IsFollowed = name => name != "later"; // or its audience would be written, too
        plane.Declare("later", Shop.Spec(Shop.Happened("opened_email")));
        await SwitchAsync(begins: true);
        await plane.DrainAsync();
        plane.Undeclare("later");
        await SwitchAsync(begins: false);
    }

    [Fact]
    public async Task One_that_has_never_committed_anything_needs_no_turn()
    {
        await using var plane = await DataPlane.OpenAsync(redis.Configuration, partitions: 1);
        await plane.DrainAsync();

        (await HasWorkAsync(plane)).ShouldBeFalse();
    }

    [Fact]
    public async Task That_nothing_is_left_of_it_is_seen()
    {
        await using var plane = await OpenAsync();
        await plane.Redis.Database.KeyDeleteAsync(Keys.Owner(Keys.Partition(plane.Name, 0)));

        (await HasWorkAsync(plane)).ShouldBeTrue();
    }

    [Fact]
    public async Task Statistics_that_grow_old_need_a_turn_now_and_then()
    {
        await using var plane = await OpenAsync();

        plane.Time.Advance(11 * 60_000);

        (await HasWorkAsync(plane)).ShouldBeTrue();
    }

    private async Task<DataPlane> OpenAsync()
    {
        var plane = await DataPlane.OpenAsync(redis.Configuration, partitions: 1);
        plane.Declare("buyers", Shop.Spec(Shop.Happened("placed_order")));
        await plane.AppendAsync(Order(plane, "e1"));
        await plane.DrainAsync();
        return plane;
    }

    private static Task<bool> HasWorkAsync(DataPlane plane) => plane.Workspace.Slots[0].Partition.HasWorkAsync();

    private static CustomerEvent Order(DataPlane plane, string id) => new(id, "placed_order", "ada", plane.Clock.NowMs, 5m);
}
