using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Partitions;
using Segmentation.Operator.Tests.Redis;
using Xunit.Abstractions;

namespace Segmentation.Operator.Tests.Cluster;

/// <summary>While a partition's slot moves from one node of a cluster to another, some of its keys are here and some there.</summary>
[Collection(SharedCluster.Name)]
public sealed class MovingSlotTests(RedisCluster cluster, ITestOutputHelper output)
{
    private static readonly DataPlaneOptions Tight = new() { EntriesPerTurn = 2, DuePerTurn = 2, BackfillPerTurn = 3, CachedOccurrences = 1 };

    [Theory]
    [InlineData("nothing")]
    [InlineData("the owner's hash")]
    [InlineData("all but the owner's hash")]
    [InlineData("everything")]
    public async Task Events_are_accepted_and_no_turn_writes_anything_until_the_slot_has_arrived(string moved)
    {
        await using var plane = await OpenAsync(partitions: 1);
        await plane.AppendAsync(Order(plane, "e1", "ada"), Order(plane, "e2", "bob"));
        await plane.DrainAsync();
        await plane.AppendAsync(Order(plane, "e3", "ada"), Order(plane, "e4", "new"));
        var before = await Dump.OfAsync(plane);
        string owner = Keys.Owner(Keys.Partition(plane.Name, 0))!;

        var slot = await MovingSlot.BeginAsync(cluster, owner);
        await slot.MoveAsync(moved switch
        {
            "nothing" => [],
            "everything" => await slot.LeftAsync(),
            "the owner's hash" => [owner],
            _ => [.. (await slot.LeftAsync()).Where(key => key != owner)],
        });
        await plane.AppendAsync(Order(plane, "e5", "bob"));
        await Should.ThrowAsync<StoreUnavailableException>(() => plane.TurnAsync(0), "the owner goes on");
        await Should.ThrowAsync<StoreUnavailableException>(() => plane.TurnAsync(0), "the owner reads the partition again");
        await slot.FinishAsync();

        (await Dump.OfAsync(plane)).ShouldBe(before);
        await plane.DrainAsync();
        await Oracle.ShouldAgreeAsync(plane, "afterwards");
    }

    [Fact]
    public async Task Slots_may_move_key_by_key_at_any_point_of_a_history()
    {
        foreach (var seed in Seeds.Take(1))
        {
            output.WriteLine($"SEED={seed}");
            await using var plane = await OpenAsync(partitions: 3);
            var history = new History(seed, new HistoryShape());
            var random = history.Random;
            var moving = new MovingSlot?[plane.PartitionCount];
            var (moves, refused) = (0, 0);
            for (var step = 0; step < 150; step++)
            {
                await history.StepAsync(plane);
                var p = random.Next(plane.PartitionCount);
                switch (random.Next(4))
                {
                    case 0 when moving[p] is null:
                        moving[p] = await MovingSlot.BeginAsync(cluster, Keys.Owner(Keys.Partition(plane.Name, p))!);
                        moves++;
                        break;
                    case < 2 when moving[p] is { } slot:
                        await slot.MoveAsync([.. (await slot.LeftAsync()).Where(_ => random.Next(3) == 0)]);
                        break;
                    case 2 when moving[p] is { } slot:
                        await slot.FinishAsync();
                        moving[p] = null;
                        break;
                }
                for (var turns = random.Next(5); turns > 0; turns--) refused += await TryTurnAsync(plane, random.Next(plane.PartitionCount)) ? 0 : 1;
                if (random.Next(4) == 0) await plane.PlanIfWantedAsync();
            }
            foreach (var slot in moving.OfType<MovingSlot>()) await slot.FinishAsync();
            output.WriteLine($"{moves} moves, {refused} turns refused");
            await plane.DrainAsync();
            await Oracle.ShouldAgreeAsync(plane, $"SEED={seed}");
        }
    }

    [Fact]
    public async Task What_is_written_over_what_was_seen_is_written_wherever_it_is_by_then()
    {
        await using var plane = await OpenAsync(partitions: 1);
        var key = Keys.Sync(plane.Name, "uid");
        (await WriteAsync("", "1")).ShouldBeTrue();
        var slot = await MovingSlot.BeginAsync(cluster, key!);
        (await WriteAsync("1", "2")).ShouldBeTrue("it has not moved yet");
        await slot.MoveAsync(key!);
        (await WriteAsync("2", "3")).ShouldBeTrue("it has moved");
        (await WriteAsync("2", "4")).ShouldBeFalse("somebody else has written");
        await slot.FinishAsync();
        (await WriteAsync("3", "5")).ShouldBeTrue("the slot has moved");

        Task<bool> WriteAsync(string seen, string seq) => SeenHash.WriteAsync(plane.Redis, key, "seq", seen, [new("seq", seq)], ["other"]);
    }

    private async Task<DataPlane> OpenAsync(int partitions)
    {
        var plane = await DataPlane.OpenAsync(cluster.Configuration, partitions, Tight);
        plane.DeclareShop();
        await plane.DrainAsync();
        return plane;
    }

    private static async Task<bool> TryTurnAsync(DataPlane plane, int partition)
    {
        try
        {
            await plane.TurnAsync(partition);
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    private static CustomerEvent Order(DataPlane plane, string id, string profile) => new(id, "placed_order", profile, plane.Clock.NowMs, 200m);
}
