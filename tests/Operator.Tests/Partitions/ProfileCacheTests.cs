using Microsoft.Extensions.Options;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Redis;

namespace Segmentation.Operator.Tests.Partitions;

[Collection(SharedRedis.Name)]
public sealed class ProfileCacheTests(RedisServer redis)
{
    private const int Customers = 4_000;
    private const int EventsEach = 60;

    /// <summary>Some megabytes of events, of which most are given back: what stays is moved together.</summary>
    [Fact]
    public async Task Who_stays_knows_everything_after_most_others_were_dropped()
    {
        using var connection = await DataPlane.ConnectAsync(redis.Configuration, partitions: 1);
        var budget = new CacheBudget(Options.Create(new DataPlaneOptions { CachedOccurrences = 1_000 * (EventsEach + 4) }));
        budget.ShareWith(1);
        var cache = new ProfileCache(new PartitionStore(connection, "kept-together", 0), budget);
        string[] ids = [.. Enumerable.Range(0, Customers).Select(i => $"c-{i}")];
        await cache.EnsureAsync(ids);
        CachedProfile[] all = [.. ids.Select(cache.Get)];
        foreach (var cached in all)
        {
            cached.Exists = true;
            for (var i = 0; i < EventsEach; i++) cached.Profile.Add(EventOf(cached, i));
        }

        cache.Trim(all.ToHashSet());
        cache.Trim(new HashSet<CachedProfile>());

        cache.Count.ShouldBe(1_000);
        foreach (var cached in all[^1_000..])
        {
            cached.Profile.Add(EventOf(cached, EventsEach));
            cached.Profile.History("placed_order")!
                .Select(o => new CustomerEvent(o.Id, o.Name, cached.Profile.Id, o.TimeMs, o.Value, o.Properties))
                .ShouldBe(Enumerable.Range(0, EventsEach + 1).Select(i => EventOf(cached, i)));
        }
    }

    private static CustomerEvent EventOf(CachedProfile cached, int i) =>
        new($"{cached.Profile.Id}-{i}", "placed_order", cached.Profile.Id, i, i + 0.5m, PropertyBag.Of(("number", i)));
}
