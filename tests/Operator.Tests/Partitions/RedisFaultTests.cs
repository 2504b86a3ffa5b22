using System.Diagnostics.CodeAnalysis;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Redis;
using Segmentation.Operator.Workspaces;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>What Redis itself can do to the data plane, each on a server of its own.</summary>
public sealed class RedisFaultTests
{
    private static readonly DataPlaneOptions Tight = new() { EntriesPerTurn = 3, DuePerTurn = 2, BackfillPerTurn = 3, CachedOccurrences = 1 };

    [Fact]
    public async Task A_crash_of_Redis_with_an_append_only_file_loses_nothing()
    {
        await using var server = await OwnServer.StartAsync(appendOnly: true);
        await using var plane = await OpenAsync(server);
        var history = new History(Seeds.Take(1).Single(), new HistoryShape());
        for (var crash = 0; crash < 3; crash++)
        {
            await RunAsync(plane, history, steps: 25);
            await server.Redis.KillAsync();
            await Should.ThrowAsync<StoreUnavailableException>(plane.TurnAsync(0));
            await server.Redis.StartAsync();
            await Eventually.SucceedsAsync<StoreUnavailableException>(plane.DrainAsync);
        }
        await Oracle.ShouldAgreeAsync(plane, "after three crashes");
    }

    [Fact]
    public async Task A_Redis_that_comes_back_in_an_earlier_state_is_read_again_and_its_surviving_log_applied()
    {
        await using var server = await OwnServer.StartAsync(appendOnly: true);
        await using var plane = await OpenAsync(server);
        var history = new History(Seeds.Take(1).Single(), new HistoryShape());
        await RunAsync(plane, history, steps: 40);
        await plane.DrainAsync();

        // Accepted and on disk, but not yet applied when the copy is made; applied, in the owner's eyes, afterwards.
        for (var step = 0; step < 20; step++) await history.StepAsync(plane);
        var copy = server.Redis.CopyData();
        var surviving = plane.Acknowledged.Count;
        await plane.DrainAsync();
        await RunAsync(plane, history, steps: 15);
        await plane.DrainAsync();
        await server.Redis.KillAsync();
        server.Redis.RestoreData(copy);
        await server.Redis.StartAsync();
        plane.Acknowledged.RemoveRange(surviving, plane.Acknowledged.Count - surviving);

        await SettleAsync(plane);
        await Oracle.ShouldAgreeAsync(plane, "after the restoration");
        await RunAsync(plane, history, steps: 20);
        await SettleAsync(plane);
        await Oracle.ShouldAgreeAsync(plane, "and on from there");
    }

    /// <summary>
    /// Without a connection the client looks for the reason at all servers that it knows, and fails itself, in the middle of being asked, where one of them
    /// has just reconnected (1.2.6, <c>ServerEndPoint.LastException</c>). Seen under load; it cannot be had on demand.
    /// </summary>
    [Fact]
    public async Task A_client_that_fails_to_say_why_it_has_no_connection_has_none()
    {
        await using var server = await OwnServer.StartAsync(appendOnly: false);
        await using var plane = await OpenAsync(server);
        await Should.ThrowAsync<StoreUnavailableException>(plane.Redis.AskAsync<int>(_ => throw NothingThere("StackExchange.Redis")));
        await Should.ThrowAsync<StoreUnavailableException>(plane.Redis.AskAsync(_ => Task.FromException<int>(NothingThere("StackExchange.Redis"))));
        await Should.ThrowAsync<NullReferenceException>(plane.Redis.AskAsync<int>(_ => throw NothingThere("segmentation-operator")));

        [SuppressMessage("Usage", "CA2201", Justification = "As the runtime throws it")]
        static Exception NothingThere(string source) => new NullReferenceException { Source = source };
    }

    [Fact]
    public async Task An_idle_owner_notices_that_Redis_came_back_in_an_earlier_state()
    {
        await using var server = await OwnServer.StartAsync(appendOnly: true);
        await using var plane = await OpenAsync(server);
        await plane.AppendAsync(new CustomerEvent("e1", "placed_order", "ada", plane.Clock.NowMs, 500m));
        var copy = server.Redis.CopyData();
        await plane.DrainAsync();
        await server.Redis.KillAsync();
        server.Redis.RestoreData(copy);
        await server.Redis.StartAsync();

        // No event and no due time wakes the partitions; only the sweep looks at them.
        await SettleAsync(plane);

        await Oracle.ShouldAgreeAsync(plane, "after an idle sweep");
    }

    [Fact]
    public async Task A_catalog_that_Redis_lost_is_written_again()
    {
        await using var server = await OwnServer.StartAsync(appendOnly: true);
        await using var plane = await OpenAsync(server);
        await plane.AppendAsync(new CustomerEvent("e1", "placed_order", "ada", plane.Clock.NowMs, 500m));
        await plane.DrainAsync();
        var copy = server.Redis.CopyData();
        plane.Declare("frequent", Shop.Spec(Shop.Orders()));
        await plane.DrainAsync();
        await server.Redis.KillAsync();
        server.Redis.RestoreData(copy);
        await server.Redis.StartAsync();

        await SettleAsync(plane);

        Serving(await plane.StoredCatalogAsync()).ShouldBe(Serving(plane.Workspace.Catalog));
        await Oracle.ShouldAgreeAsync(plane, "after an idle sweep");
        await plane.TakeOverAsync();
        await SettleAsync(plane);
        await Oracle.ShouldAgreeAsync(plane, "and with a new owner");
    }

    [Fact]
    public async Task A_flushed_script_cache_costs_nothing()
    {
        await using var server = await OwnServer.StartAsync(appendOnly: false);
        await using var plane = await OpenAsync(server);
        var history = new History(Seeds.Take(1).Single(), new HistoryShape());
        for (var round = 0; round < 15; round++)
        {
            await history.StepAsync(plane);
            await RedisServer.EverywhereAsync(plane.Redis.Database, "SCRIPT", "FLUSH");
            await plane.TurnAsync(round % plane.PartitionCount);
            await RedisServer.EverywhereAsync(plane.Redis.Database, "SCRIPT", "FLUSH");
        }
        await plane.DrainAsync();
        await Oracle.ShouldAgreeAsync(plane, "after many flushes");
    }

    [Theory]
    [InlineData("maxmemory")]
    [InlineData("min-replicas-to-write")]
    public async Task A_Redis_that_takes_no_writes_is_unavailable_writes_nothing_by_halves_and_recovers(string setting)
    {
        await using var server = await OwnServer.StartAsync(appendOnly: false);
        await using var plane = await OpenAsync(server);
        var history = new History(Seeds.Take(1).Single(), new HistoryShape());
        await RunAsync(plane, history, steps: 30);
        await plane.DrainAsync();
        await plane.AppendAsync(new CustomerEvent("e1", "placed_order", "ada", plane.Clock.NowMs, 500m));
        var before = await Dump.OfAsync(plane);
        await RedisServer.EverywhereAsync(plane.Redis.Database, "CONFIG", "SET", setting, "1");

        await Should.ThrowAsync<StoreUnavailableException>(plane.AppendAsync(new CustomerEvent("e2", "placed_order", "ada", plane.Clock.NowMs, 1m)));
        for (var p = 0; p < plane.PartitionCount; p++)
        {
            // Only the partition that has something to write meets the limit, and nothing of it is written.
            var partition = p;
            if (PartitionHash.Of("ada", plane.PartitionCount) == p) await Should.ThrowAsync<StoreUnavailableException>(() => plane.TurnAsync(partition));
        }
        (await Dump.OfAsync(plane)).ShouldBe(before);

        await RedisServer.EverywhereAsync(plane.Redis.Database, "CONFIG", "SET", setting, "0");
        await plane.DrainAsync();
        await Oracle.ShouldAgreeAsync(plane, "after writes were taken again");
    }

    private static async Task<DataPlane> OpenAsync(OwnServer server)
    {
        var plane = await DataPlane.OpenAsync(server.Redis.Configuration, options: Tight, timeout: TimeSpan.FromSeconds(10));
        plane.DeclareShop();
        await plane.DrainAsync();
        return plane;
    }

    private static async Task RunAsync(DataPlane plane, History history, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            await history.StepAsync(plane);
            await plane.TurnAsync(history.Random.Next(plane.PartitionCount));
        }
    }

    private static string[] Serving(Catalog catalog) =>
        [.. catalog.Segments.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key} {s.Value.Serving?.Revision}")];

    private static async Task SettleAsync(DataPlane plane)
    {
        await Eventually.SucceedsAsync<Exception>(async () =>
        {
            plane.WantPlan();
            await plane.DrainAsync();
        });
    }
}
