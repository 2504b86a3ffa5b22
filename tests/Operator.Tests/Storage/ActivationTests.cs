using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Partitions;
using Segmentation.Operator.Tests.Redis;
using StackExchange.Redis;

namespace Segmentation.Operator.Tests.Storage;

/// <summary>A revision that begins to serve in one partition, with more members than one command takes.</summary>
[Collection(SharedRedis.Name)]
public sealed class ActivationTests(RedisServer redis)
{
    private const int Members = 2_500;
    private const long AtMs = 1_700_000_000_000;

    [Fact]
    public async Task Who_was_a_member_stays_one_since_then_and_who_was_not_becomes_one_now()
    {
        using var connection = await DataPlane.ConnectAsync(redis.Configuration, partitions: 1);
        var (store, prefix) = await OpenAsync(connection);
        await AddAsync(connection, prefix, "r1", Enumerable.Range(0, Members).Where(i => i % 3 == 0), i => AtMs - 10_000 - i);
        await store.ActivateAsync(1, "vips", "r1", AtMs - 5_000, tellAudiences: false, FlipCause.Initial);
        await AddAsync(connection, prefix, "r2", Enumerable.Range(0, Members).Where(i => i % 2 == 0), _ => AtMs - 1);

        var (entered, left) = await store.ActivateAsync(1, "vips", "r2", AtMs, tellAudiences: true, FlipCause.Edit);

        entered.ShouldBe(Enumerable.Range(0, Members).Count(i => i % 2 == 0 && i % 3 != 0));
        left.ShouldBe(Enumerable.Range(0, Members).Count(i => i % 2 != 0 && i % 3 == 0));
        ((long)await connection.Database.ExecuteAsync("XLEN", (RedisKey)Keys.Outbox(prefix, "vips"))).ShouldBe(entered + left);
        (await connection.Database.KeyExistsAsync(Keys.Members(prefix, "vips", "r1"))).ShouldBeFalse();
        var joined = await connection.Database.SortedSetRangeByRankWithScoresAsync(Keys.Members(prefix, "vips", "r2"));
        joined.ToDictionary(m => (string)m.Element!, m => (long)m.Score).ShouldBe(
            Enumerable.Range(0, Members).Where(i => i % 2 == 0).ToDictionary(i => $"c-{i}", i => i % 3 == 0 ? AtMs - 5_000 : AtMs), ignoreOrder: true);
    }

    private static async Task<(PartitionStore Store, string Prefix)> OpenAsync(RedisConnection connection)
    {
        var store = new PartitionStore(connection, $"activation-{Guid.NewGuid():N}", 0);
        await store.AcquireAsync("test", await store.OwnerAsync());
        return (store, store.Prefix);
    }

    private static async Task AddAsync(RedisConnection connection, string prefix, string revision, IEnumerable<int> profiles, Func<int, long> joinedMs) =>
        await connection.Database.SortedSetAddAsync(Keys.Members(prefix, "vips", revision), [.. profiles.Select(i => new SortedSetEntry($"c-{i}", joinedMs(i)))]);
}
