using StackExchange.Redis;

namespace Segmentation.Operator.Storage;

/// <summary>
/// Writes to hashes that several replicas might write, each only over what it has seen. By a script and not by a transaction, of which the client would
/// send parts to different nodes while the hash moves between them.
/// </summary>
internal static class SeenHash
{
    private static readonly Script Write = new("hash-write", ScriptKeys.One);

    /// <summary>Sets and removes fields, all at once, if one field of the hash is still what the writer has seen.</summary>
    /// <param name="redis">Where.</param>
    /// <param name="key">The hash.</param>
    /// <param name="field">The field that every write changes.</param>
    /// <param name="seen">Its value as seen; empty for a field that was not there.</param>
    /// <param name="set">The fields to set.</param>
    /// <param name="removed">The fields to remove.</param>
    /// <returns>False when it is something else by now; nothing was written then.</returns>
    /// <exception cref="StoreUnavailableException">Whether it was written is not known.</exception>
    public static async Task<bool> WriteAsync(
        RedisConnection redis, RedisKey key, RedisValue field, RedisValue seen, IReadOnlyCollection<HashEntry> set, IReadOnlyCollection<RedisValue> removed)
    {
        RedisValue[] arguments = [field, seen, set.Count, .. set.SelectMany(entry => new[] { entry.Name, entry.Value }), .. removed];
        return (int)await redis.AskAsync(db => Write.RunAsync(db, key, arguments)) == 1;
    }
}
