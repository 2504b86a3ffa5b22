using System.Diagnostics.CodeAnalysis;
using System.Text;
using Segmentation.Operator.Http;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Faults;
using Segmentation.Operator.Tests.Partitions;
using Segmentation.Operator.Tests.Redis;
using StackExchange.Redis;

namespace Segmentation.Operator.Tests.Http;

/// <summary>Requests that are appended together are acknowledged together or not at all. Redis is reached by a way that can be held and cut.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit calls DisposeAsync")]
public sealed class AppendQueueTests : IAsyncLifetime
{
    private readonly string _workspace = "queue-" + Guid.NewGuid().ToString("N")[..8];
    private OwnServer _server = null!;
    private RedisProxy _proxy = null!;
    private RedisConnection _connection = null!;

    public async Task InitializeAsync()
    {
        _server = await OwnServer.StartAsync(appendOnly: false, single: true); // what a cluster's clients know leads past the proxy
        _proxy = new RedisProxy(_server.Redis.Port);
        _connection = await DataPlane.ConnectAsync(_proxy.Configuration, partitions: 1, timeout: TimeSpan.FromSeconds(20));
    }

    public async Task DisposeAsync()
    {
        _connection.Dispose();
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task What_comes_while_an_append_is_under_way_goes_together_with_the_next()
    {
        var queue = Queue(0);
        Task<bool> first;
        Task<bool>[] others;
        using (await _proxy.HoldAsync())
        {
            first = AppendAsync(queue, "a");
            others = [AppendAsync(queue, "b"), AppendAsync(queue, "c", "d")];
        }

        (await first).ShouldBeTrue();
        (await Task.WhenAll(others)).ShouldBe([true, true]);
        (await EntriesAsync(0)).ShouldBe(["a", "b c d"]);
    }

    [Fact]
    public async Task An_entry_holds_no_more_than_an_owner_applies_at_once_and_no_request_is_torn()
    {
        var queue = Queue(0);
        Task<bool>[] all;
        using (await _proxy.HoldAsync())
            all = [AppendAsync(queue, "a"), AppendAsync(queue, Lines("b", EventLog.EventsPerEntry - 1)), AppendAsync(queue, Lines("c", 2)), AppendAsync(queue, "d")];

        (await Task.WhenAll(all)).ShouldAllBe(appended => appended);
        (await EntriesAsync(0)).Select(entry => entry.Split(' ').Length).ShouldBe([1, EventLog.EventsPerEntry - 1, 3]);
    }

    [Fact]
    public async Task An_entry_that_is_refused_fails_every_request_in_it_and_behind_it_and_none_elsewhere_or_later()
    {
        var log = Keys.Log(Keys.Partition(_workspace, 0));
        await _connection.Database.StringSetAsync(log, "no log");
        var (queue, other) = (Queue(0), Queue(1));
        Task<bool>[] refused;
        Task<bool>[] elsewhere;
        using (await _proxy.HoldAsync())
        {
            refused = [AppendAsync(queue, "a"), AppendAsync(queue, "b"), AppendAsync(queue, "c"), AppendAsync(queue, Lines("d", EventLog.EventsPerEntry))];
            elsewhere = [AppendAsync(other, "x"), AppendAsync(other, "y")];
        }

        foreach (var request in refused) await Should.ThrowAsync<RedisServerException>(request);
        (await Task.WhenAll(elsewhere)).ShouldBe([true, true]);
        (await EntriesAsync(1)).ShouldBe(["x", "y"]);

        await _connection.Database.KeyDeleteAsync(log);
        (await AppendAsync(queue, "e")).ShouldBeTrue();
        (await EntriesAsync(0)).ShouldBe(["e"]);
    }

    [Fact]
    public async Task An_entry_whose_answer_is_lost_fails_every_request_in_it_though_it_was_written()
    {
        var queue = Queue(0);
        var trap = _proxy.Set(new Trap(c => c.Name == "append" && c.Contains("b\nc"), 1, Moment.After, () => Task.CompletedTask));
        Task<bool> first;
        Task<bool>[] lost;
        using (await _proxy.HoldAsync())
        {
            first = AppendAsync(queue, "a");
            lost = [AppendAsync(queue, "b"), AppendAsync(queue, "c")];
        }

        (await first).ShouldBeTrue();
        foreach (var request in lost) await Should.ThrowAsync<StoreUnavailableException>(request);
        await trap.Sprung;
        _proxy.Open();
        await Eventually.SucceedsAsync<StoreUnavailableException>(async () => (await AppendAsync(queue, "d")).ShouldBeTrue());
        (await EntriesAsync(0)).ShouldBe(["a", "b c", "d"]);
    }

    private AppendQueue Queue(int partition) => new(new EventLog(_connection), new BusinessClock(TimeProvider.System), Keys.Partition(_workspace, partition));

    private static string[] Lines(string line, int count) => [.. Enumerable.Repeat(line, count)];

    private static Task<bool> AppendAsync(AppendQueue queue, params string[] lines) =>
        queue.AppendAsync([.. lines.Select(line => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(line))]);

    private async Task<string[]> EntriesAsync(int partition)
    {
        var reply = (RedisResult[])(await _connection.Database.ExecuteAsync("XRANGE", Keys.Log(Keys.Partition(_workspace, partition)), "-", "+"))!;
        return [.. reply.Select(entry => ((string)((RedisValue[])((RedisResult[])entry!)[1]!)[3]!).Replace('\n', ' '))];
    }
}
