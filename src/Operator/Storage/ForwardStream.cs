using Segmentation.Operator.Audiences;
using StackExchange.Redis;

namespace Segmentation.Operator.Storage;

/// <summary>
/// What a partition has for others: entries for their logs, written by its commits alone. One that is sent again is not appended again, for the owner
/// hash of the receiving partition tells up to where it has taken those of each other partition.
/// </summary>
internal sealed class ForwardStream(RedisConnection redis, string workspace, int partition)
{
    /// <summary>The first field of an entry: the profile that it is for.</summary>
    public const string ToField = "to";

    private readonly RedisKey _key = Keys.Forward(Keys.Partition(workspace, partition));

    /// <summary>The first entries that are there, in order.</summary>
    /// <exception cref="StoreUnavailableException">Redis did not answer.</exception>
    public async Task<IReadOnlyList<ForwardedEntry>> ReadAsync(int count)
    {
        var reply = (RedisResult[])(await redis.AskAsync(db => db.ExecuteAsync("XRANGE", [_key, "-", "+", "COUNT", count], CommandFlags.DemandMaster)))!;
        return Array.ConvertAll(reply, entry => Parse((RedisResult[])entry!));
    }

    /// <summary>Appends entries to the log of another partition, or of this one.</summary>
    /// <param name="to">The number of that partition.</param>
    /// <param name="entries">In order: the first ones that are there for it.</param>
    /// <exception cref="StoreUnavailableException">Whether they were appended is not known; sending them again is safe.</exception>
    public Task SendAsync(int to, IEnumerable<ForwardedEntry> entries)
    {
        RedisValue[] arguments = [partition, .. entries.SelectMany(e => (RedisValue[])[e.Id, e.Fields.Count, .. e.Fields])];
        return redis.AskAsync(db => Script.Receive.RunAsync(db, Keys.Owner(Keys.Partition(workspace, to)), arguments));
    }

    /// <summary>Deletes the entries up to an id (inclusive), all of which have been sent. As that stays true, it needs no proof of ownership.</summary>
    /// <exception cref="StoreUnavailableException">Whether they were deleted is not known.</exception>
    public Task TrimAsync(string id) =>
        redis.AskAsync(db => db.ExecuteAsync("XTRIM", [_key, "MINID", StreamId.Parse(id).Next().ToString()], CommandFlags.DemandMaster));

    private static ForwardedEntry Parse(RedisResult[] entry)
    {
        var fields = (RedisValue[])entry[1]!;
        return new ForwardedEntry((string)entry[0]!, (string)fields[1]!, fields[2..]);
    }
}

/// <summary>An entry for the log of a partition.</summary>
/// <param name="Id">In the stream.</param>
/// <param name="ProfileId">Whose partition it is for.</param>
/// <param name="Fields">Of the log: name, value, …</param>
internal sealed record ForwardedEntry(string Id, string ProfileId, IReadOnlyList<RedisValue> Fields);
