using Microsoft.Extensions.Options;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Redis;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>Two partitions of four with room for 1,000, so that each has a share of 250.</summary>
[Collection(SharedRedis.Name)]
public sealed class CacheBudgetTests(RedisServer redis) : IAsyncLifetime
{
    private readonly CacheBudget _budget = new(Options.Create(new DataPlaneOptions { CachedOccurrences = 1_000 }));
    private RedisConnection _connection = null!;

    public async Task InitializeAsync()
    {
        _budget.ShareWith(4);
        _connection = await DataPlane.ConnectAsync(redis.Configuration, partitions: 4);
    }

    public Task DisposeAsync()
    {
        _connection.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData(500, true, 2)] // nobody needs the room
    [InlineData(500, false, 2)]
    [InlineData(700, true, 2)] // more than there is, but the next turn may well need them again
    [InlineData(700, false, 1)]
    [InlineData(900, true, 1)] // by far more
    public async Task A_partition_takes_more_than_its_share_while_others_leave_it(int others, bool usedInLastTurn, int kept)
    {
        await TakeAsync(others);
        var cache = new ProfileCache(new PartitionStore(_connection, "budget", 0), _budget);

        CachedProfile[] both = [await FillAsync(cache, "ada", 200), await FillAsync(cache, "bob", 200)];
        cache.Trim(both.ToHashSet());
        cache.Trim(usedInLastTurn ? both.ToHashSet() : []);

        cache.Count.ShouldBe(kept);
    }

    [Fact]
    public async Task The_profile_used_last_stays_however_heavy()
    {
        var cache = new ProfileCache(new PartitionStore(_connection, "budget", 0), _budget);
        cache.Trim(new HashSet<CachedProfile> { await FillAsync(cache, "ada", 5_000) });
        cache.Trim(new HashSet<CachedProfile>());
        cache.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_share_is_kept_whatever_the_others_take()
    {
        var cache = new ProfileCache(new PartitionStore(_connection, "budget", 0), _budget);
        cache.Trim(new HashSet<CachedProfile> { await FillAsync(cache, "ada", 120), await FillAsync(cache, "bob", 120) });
        await TakeAsync(5_000);
        cache.Trim(new HashSet<CachedProfile>());
        cache.Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_a_partition_forgets_is_free_for_the_others()
    {
        (await TakeAsync(990)).Clear();
        var cache = new ProfileCache(new PartitionStore(_connection, "budget", 0), _budget);
        cache.Trim(new HashSet<CachedProfile> { await FillAsync(cache, "ada", 500), await FillAsync(cache, "bob", 490) });
        cache.Trim(new HashSet<CachedProfile>());
        cache.Count.ShouldBe(2);
    }

    [Fact]
    public void Workspaces_share_it_while_they_are_open()
    {
        _budget.ShareWith(6);
        _budget.Share.ShouldBe(100);
        _budget.ShareWith(-8);
        _budget.Share.ShouldBe(500);
    }

    [Fact]
    public void Unless_it_is_set_it_is_a_third_of_the_memory_that_the_process_may_use()
    {
        var budget = new CacheBudget(Options.Create(new DataPlaneOptions()));
        budget.ShareWith(1);
        (budget.Share * 450.0).ShouldBe(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 3.0, tolerance: 1_000);
    }

    // Another partition, in whose last turn one customer was used.
    private async Task<ProfileCache> TakeAsync(int weight)
    {
        var cache = new ProfileCache(new PartitionStore(_connection, "budget", 1), _budget);
        cache.Trim(new HashSet<CachedProfile> { await FillAsync(cache, "kim", weight) });
        return cache;
    }

    // A customer with so many events; weighed when the turn ends.
    private static async Task<CachedProfile> FillAsync(ProfileCache cache, string profileId, int weight)
    {
        await cache.EnsureAsync([profileId]);
        var cached = cache.Get(profileId);
        cached.Exists = true;
        for (var i = 0; i < weight - 4; i++) cached.Profile.Add(new CustomerEvent($"e{i}", "placed_order", profileId, i));
        return cached;
    }
}
