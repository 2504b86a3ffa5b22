using System.Text;
using Segmentation.Operator.Storage;
using StackExchange.Redis;

namespace Segmentation.Operator.Http;

/// <summary>Merges the partitions' member sets into one order, reading from each only as far as the page needs.</summary>
internal sealed class MembersReader(RedisConnection redis, string workspace, int partitions, string segment, string revision)
{
    public async Task<long> CountAsync()
    {
        var counts = await redis.AskAsync(db => Task.WhenAll(Enumerable.Range(0, partitions).Select(p => db.SortedSetLengthAsync(KeyOf(p), flags: CommandFlags.DemandMaster))));
        return counts.Sum();
    }

    /// <summary>Up to <paramref name="limit"/> members after the cursor (exclusive), in order.</summary>
    public async Task<IReadOnlyList<MembersCursor>> ReadAsync(MembersCursor? after, int limit)
    {
        // Members spread evenly, so a partition holds about its share of the page; those that turn out to hold more are read on.
        var chunk = Math.Max(8, 2 * limit / partitions);
        var ranks = after is null ? new long[partitions] : await Task.WhenAll(Enumerable.Range(0, partitions).Select(p => FirstRankAsync(p, after)));
        var heads = await Task.WhenAll(Enumerable.Range(0, partitions).Select(p => ReadChunkAsync(p, ranks[p], chunk)));
        var queue = new PriorityQueue<int, (long JoinedAtMs, int Partition)>();
        for (var p = 0; p < partitions; p++) Enqueue(p);

        var page = new List<MembersCursor>(limit);
        while (page.Count < limit && queue.TryDequeue(out var partition, out _))
        {
            page.Add(heads[partition].Dequeue());
            ranks[partition]++;
            if (heads[partition].Count == 0) heads[partition] = await ReadChunkAsync(partition, ranks[partition], chunk);
            Enqueue(partition);
        }
        return page;

        void Enqueue(int partition)
        {
            if (heads[partition].TryPeek(out var head)) queue.Enqueue(partition, (head.JoinedAtMs, partition));
        }
    }

    private async Task<Queue<MembersCursor>> ReadChunkAsync(int partition, long rank, int count)
    {
        var entries = await redis.AskAsync(db => db.SortedSetRangeByRankWithScoresAsync(KeyOf(partition), rank, rank + count - 1, flags: CommandFlags.DemandMaster));
        return new Queue<MembersCursor>(entries.Select(e => new MembersCursor((long)e.Score, partition, (string)e.Element!)));
    }

    /// <summary>The rank of the first member after the cursor.</summary>
    private async Task<long> FirstRankAsync(int partition, MembersCursor after)
    {
        var key = KeyOf(partition);
        if (partition < after.Partition) return await CountUpToAsync(key, after.JoinedAtMs);
        var below = await CountUpToAsync(key, after.JoinedAtMs - 1);
        if (partition > after.Partition) return below;
        if (await redis.AskAsync(db => db.SortedSetScoreAsync(key, after.ProfileId, CommandFlags.DemandMaster)) is { } score && (long)score == after.JoinedAtMs)
            return (await redis.AskAsync(db => db.SortedSetRankAsync(key, after.ProfileId, flags: CommandFlags.DemandMaster)) ?? below - 1) + 1;

        // The member that ended the last page has left; equal scores are in byte order, so its place can be searched for.
        var high = await CountUpToAsync(key, after.JoinedAtMs);
        while (below < high)
        {
            var middle = below + ((high - below) / 2);
            var element = await redis.AskAsync(db => db.SortedSetRangeByRankAsync(key, middle, middle, flags: CommandFlags.DemandMaster));
            if (element.Length == 0 || CompareBytes((string)element[0]!, after.ProfileId) > 0) high = middle;
            else below = middle + 1;
        }
        return below;
    }

    private Task<long> CountUpToAsync(RedisKey key, long joinedAtMs) =>
        redis.AskAsync(db => db.SortedSetLengthAsync(key, double.NegativeInfinity, joinedAtMs, flags: CommandFlags.DemandMaster));

    private RedisKey KeyOf(int partition) => Keys.Members(Keys.Partition(workspace, partition), segment, revision);

    private static int CompareBytes(string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b));
}
