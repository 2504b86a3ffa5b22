using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Redis;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>Two partitions of four with room for 1,000, so that each has a share of 250.</summary>
[Collection(SharedRedis.Name)]
public sealed class CacheBudgetTests(RedisServer redis) : IAsyncLifetime
{
    private readonly CacheBudget _budget = new(capacity: 1_000, partitions: 4);
    private RedisConnection _connection = null!;

    public async Task InitializeAsync() => _connection = await DataPlane.ConnectAsync(redis.Configuration, partitions: 4);

    public Task DisposeAsync()
    {
        _connection.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData(500, true, 1)] // nobody needs the room
    [InlineData(500, false, 1)]
    [InlineData(700, true, 1)] // more than there is, but the next turn may well need it again
    [InlineData(700, false, 0)]
    [InlineData(900, true, 0)] // by far more
    public async Task A_partition_takes_more_than_its_share_while_others_leave_it(int others, bool usedInLastTurn, int kept)
    {
        await FillAsync(new ProfileCache(new PartitionStore(_connection, "budget", 1), _budget), others);
        var cache = new ProfileCache(new PartitionStore(_connection, "budget", 0), _budget);

        var busy = await FillAsync(cache, 400);
        cache.Trim(usedInLastTurn ? new HashSet<CachedProfile> { busy } : []);

        cache.Count.ShouldBe(kept);
    }

    [Fact]
    public async Task A_share_is_kept_whatever_the_others_take()
    {
        var cache = new ProfileCache(new PartitionStore(_connection, "budget", 0), _budget);
        await FillAsync(cache, 240);
        await FillAsync(new ProfileCache(new PartitionStore(_connection, "budget", 1), _budget), 5_000);
        cache.Trim(new HashSet<CachedProfile>());
        cache.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_a_partition_forgets_is_free_for_the_others()
    {
        var cache = new ProfileCache(new PartitionStore(_connection, "budget", 0), _budget);
        await FillAsync(cache, 990);
        var other = new ProfileCache(new PartitionStore(_connection, "budget", 1), _budget);
        cache.Clear();
        await FillAsync(other, 990);
        other.Trim(new HashSet<CachedProfile>());
        other.Count.ShouldBe(1);
    }

    // One customer with so many events, used in the turn that ends.
    private static async Task<CachedProfile> FillAsync(ProfileCache cache, int events)
    {
        await cache.EnsureAsync(["busy"]);
        var busy = cache.Get("busy");
        for (var i = 0; i < events - 4; i++) busy.Profile.Add(new CustomerEvent($"e{i}", "placed_order", "busy", i));
        cache.Trim(new HashSet<CachedProfile> { busy });
        return busy;
    }
}
