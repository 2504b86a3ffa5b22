using Segmentation.Operator.Storage;
using StackExchange.Redis;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>Where a profile's partition holds anything of it; logs and outboxes, which tell what happened, apart.</summary>
internal static class Traces
{
    public static async Task<string[]> OfAsync(DataPlane plane, string id)
    {
        var prefix = Keys.Partition(plane.Name, PartitionHash.Of(id, plane.PartitionCount));
        var found = new List<string>();
        foreach (var key in await Dump.KeysAsync(plane.Redis.Database, prefix))
        {
            var type = await plane.Redis.Database.KeyTypeAsync(key);
            var holds = type switch
            {
                RedisType.SortedSet => IsNamedBy(key[prefix.Length..], id) || await plane.Redis.Database.SortedSetScoreAsync(key, id) is not null,
                RedisType.Hash => IsNamedBy(key[prefix.Length..], id) || await NamesAsync(plane, key, id),
                _ => false,
            };
            if (holds) found.Add(key);
        }
        return [.. found];
    }

    // No name of an event has a colon in its key, but ids may.
    private static bool IsNamedBy(string suffix, string id) =>
        suffix == "profile:" + id
        || (suffix.StartsWith($"events:{id}:", StringComparison.Ordinal) && !suffix[$"events:{id}:".Length..].Contains(':', StringComparison.Ordinal));

    // A pass notes, after its own id and a line break, the profile that it has come to.
    private static async Task<bool> NamesAsync(DataPlane plane, string key, string id) =>
        key.EndsWith("}:owner", StringComparison.Ordinal)
        && (await plane.Redis.Database.HashValuesAsync(key)).Any(value => ((string)value!).EndsWith("\n" + id, StringComparison.Ordinal));
}
