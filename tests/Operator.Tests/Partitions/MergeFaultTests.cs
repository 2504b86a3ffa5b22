using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Faults;
using Segmentation.Operator.Tests.Redis;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>The way of a merge from one partition to another, broken at each of its steps.</summary>
public sealed class MergeFaultTests
{
    /// <summary>From the commit that has something for another partition to the end of what was sent.</summary>
    internal static readonly Dictionary<string, Func<RedisCommand, bool>> Steps = new()
    {
        ["commit"] = c => c.Name == "commit" && c.Has("to"),
        ["read"] = c => c.Name == "XRANGE" && c.Key.EndsWith(":forward", StringComparison.Ordinal),
        ["send"] = c => c.Name == "receive",
        ["cut off"] = c => c.Name == "XTRIM" && c.Key.EndsWith(":forward", StringComparison.Ordinal),
    };

    [Fact]
    public async Task A_step_that_is_lost_or_whose_answer_is_lost_counts_once_and_so_does_one_of_a_former_owner()
    {
        await using var server = await OwnServer.StartAsync(appendOnly: false, single: true); // what a cluster's clients know leads past the proxy
        await using var proxy = new RedisProxy(server.Redis.Port);
        await using var plane = await DataPlane.OpenAsync(proxy.Configuration, partitions: 3, timeout: TimeSpan.FromSeconds(10));
        plane.DeclareShop();
        await plane.DrainAsync();
        var number = 0;
        foreach (var (step, which) in Steps)
        {
            foreach (var (moment, takesOver) in ((Moment, bool)[])[(Moment.Before, false), (Moment.After, false), (Moment.Before, true), (Moment.After, true)])
            {
                var because = $"{step} {moment}, {(takesOver ? "by another owner" : "by the same")}";
                var (merged, target) = ($"cookie-{number}", $"customer-{number++}");
                await SurelyAsync(() => plane.AppendAsync(Order(plane, merged, "a"), Order(plane, target, "b")));
                await SurelyAsync(() => plane.MergeAsync(merged, target));
                var isStruck = false;
                proxy.Set(new Trap(which, 1, moment, () =>
                {
                    isStruck = true;
                    proxy.Open();
                    return Task.CompletedTask;
                }));
                for (var turns = 0; !isStruck && turns < 20; turns++)
                {
                    await SurelyAsync(() => plane.TurnAsync(turns % 3));
                    plane.Time.Advance(1_000);
                }
                isStruck.ShouldBeTrue(because);
                if (takesOver) await SurelyAsync(plane.TakeOverAsync);
                await SurelyAsync(() => plane.AppendAsync(Order(plane, merged, "c")));
                await SurelyAsync(plane.DrainAsync);
                plane.Time.Advance(6_000); // what could not be sent is tried again
                await SurelyAsync(plane.DrainAsync);
                await Oracle.ShouldAgreeAsync(plane, because);
                for (var p = 0; p < 3; p++) (await plane.Redis.Database.ExecuteAsync("XLEN", Keys.Forward(Keys.Partition(plane.Name, p)))).ToString().ShouldBe("0", because);
            }
        }
    }

    // The connection that was cut comes back by itself.
    private static Task SurelyAsync(Func<Task> action) => Eventually.SucceedsAsync<StoreUnavailableException>(action);

    private static CustomerEvent Order(DataPlane plane, string profile, string id) => new($"{profile}-{id}", "placed_order", profile, plane.Clock.NowMs, 30m);
}
