using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Faults;
using Segmentation.Operator.Tests.Redis;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>A stalled former owner does no harm, and an owner that loses its memory at any point carries on as if nothing had happened.</summary>
[Collection(SharedRedis.Name)]
public sealed class FenceTests(RedisServer redis)
{
    private static readonly DataPlaneOptions Tight = new() { EntriesPerTurn = 2, DuePerTurn = 2, BackfillPerTurn = 3, CachedOccurrences = 1 };

    [Fact]
    public async Task A_former_owners_commit_is_refused_and_changes_nothing()
    {
        await using var plane = await DataPlane.OpenAsync(redis.Configuration, partitions: 1);
        plane.DeclareShop();
        await plane.AppendAsync(Order("e1", "ada", plane, 30m));
        await plane.DrainAsync();
        var former = await plane.TakeOverAsync();
        await plane.DrainAsync();

        await plane.AppendAsync(Order("e2", "ada", plane, 300m), Order("e3", "bob", plane, 5m));
        var before = await Dump.OfAsync(plane);
        await Should.ThrowAsync<FencedException>(former.Slots[0].Partition.TakeTurnAsync());

        (await Dump.OfAsync(plane)).ShouldBe(before);
        await plane.DrainAsync();
        await Oracle.ShouldAgreeAsync(plane, "after the fence");
    }

    [Fact]
    public async Task A_former_owner_does_not_activate_or_drop_a_segment()
    {
        await using var plane = await DataPlane.OpenAsync(redis.Configuration, partitions: 1);
        plane.DeclareShop();
        await plane.AppendAsync(Order("e1", "ada", plane, 30m));
        await plane.DrainAsync();
        var former = await plane.TakeOverAsync();
        await plane.DrainAsync();
        var before = await Dump.OfAsync(plane);

        former.Plan = new WorkspacePlan([], [], ["frequent"]);
        await Should.ThrowAsync<FencedException>(former.Slots[0].Partition.TakeTurnAsync());

        (await Dump.OfAsync(plane)).ShouldBe(before);
    }

    [Fact]
    public async Task An_owner_with_nothing_to_write_learns_that_it_was_succeeded()
    {
        await using var plane = await DataPlane.OpenAsync(redis.Configuration, partitions: 1);
        await plane.AppendAsync(Order("e1", "ada", plane, 30m));
        await plane.DrainAsync();
        var former = await plane.TakeOverAsync();
        await plane.DrainAsync();

        await Should.ThrowAsync<FencedException>(former.Slots[0].Partition.TakeTurnAsync());
    }

    [Fact]
    public async Task Losing_the_owners_memory_between_any_two_steps_changes_nothing()
    {
        foreach (var seed in Seeds.Take(4))
        {
            await using var plane = await DataPlane.OpenAsync(redis.Configuration, options: Tight);
            plane.DeclareShop();
            var history = new History(seed, new HistoryShape());
            for (var step = 0; step < 120; step++)
            {
                await history.StepAsync(plane);
                if (history.Random.Next(4) == 0) await plane.TakeOverAsync();
                for (var turns = history.Random.Next(4); turns > 0; turns--) await plane.TurnAsync(history.Random.Next(plane.PartitionCount));
                if (history.Random.Next(4) == 0) plane.Workspace.Slots[history.Random.Next(plane.PartitionCount)].Partition.Release();
                await plane.PlanIfWantedAsync();
            }
            await plane.DrainAsync();
            await Oracle.ShouldAgreeAsync(plane, $"SEED={seed}");
        }
    }

    [Fact]
    public async Task Two_owners_that_take_turns_against_each_other_still_agree_with_brute_force()
    {
        foreach (var seed in Seeds.Take(3))
        {
            await using var plane = await DataPlane.OpenAsync(redis.Configuration, options: Tight);
            plane.DeclareShop();
            await plane.DrainAsync();
            var rival = await plane.TakeOverAsync();
            var history = new History(seed, new HistoryShape());
            for (var step = 0; step < 120; step++)
            {
                await history.StepAsync(plane);
                var owner = history.Random.Next(2) == 0 ? rival : plane.Workspace;
                try
                {
                    await owner.Slots[history.Random.Next(plane.PartitionCount)].Partition.TakeTurnAsync();
                }
                catch (FencedException)
                {
                    // It takes over again with its next turn.
                }
            }
            await plane.TakeOverAsync();
            await plane.DrainAsync();
            await Oracle.ShouldAgreeAsync(plane, $"SEED={seed}");
        }
    }

    [Fact]
    public async Task A_commit_whose_answer_is_lost_counts_once()
    {
        await using var server = await OwnServer.StartAsync(appendOnly: false, single: true); // what a cluster's clients know leads past the proxy
        await using var proxy = new RedisProxy(server.Redis.Port);
        foreach (var seed in Seeds.Take(2))
        {
            await using var plane = await DataPlane.OpenAsync(proxy.Configuration, partitions: 1, options: Tight, timeout: TimeSpan.FromSeconds(10));
            plane.DeclareShop();
            await plane.DrainAsync();
            var history = new History(seed, new HistoryShape());
            var lost = 0;
            for (var step = 0; step < 12; step++)
            {
                await plane.AppendAsync(Order($"lost{step}", $"customer-{step % 3}", plane, 20m));
                await history.StepAsync(plane);
                var id = $"lost{step}";
                proxy.Set(new Trap(c => c.Contains(id), 1, Moment.After, () =>
                {
                    lost++;
                    proxy.Open();
                    return Task.CompletedTask;
                }));
                await Eventually.SucceedsAsync<StoreUnavailableException>(() => plane.TurnAsync(0));
                await Eventually.SucceedsAsync<StoreUnavailableException>(plane.DrainAsync);
            }
            lost.ShouldBe(12);
            await plane.DrainAsync();
            await Oracle.ShouldAgreeAsync(plane, $"SEED={seed}");
        }
    }

    private static CustomerEvent Order(string id, string profile, DataPlane plane, decimal value) =>
        new(id, "placed_order", profile, plane.Clock.NowMs, value);
}
