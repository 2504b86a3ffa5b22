using System.Text;
using Segmentation.Operator.Storage;
using StackExchange.Redis;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>Everything that Redis holds of a workspace, but the logs, as text: equal texts are equal states.</summary>
internal static class Dump
{
    public static async Task<string> OfAsync(DataPlane plane)
    {
        var keys = new List<string>();
        for (var p = 0; p < plane.PartitionCount; p++) keys.AddRange(await KeysAsync(plane.Redis.Database, Keys.Partition(plane.Name, p)));
        var text = new StringBuilder();
        foreach (var key in keys.Where(k => !k.EndsWith(":log", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            text.Append(key).Append(" = ").Append(await ValueAsync(plane.Redis.Database, key)).Append('\n');
        return text.ToString();
    }

    // The fields of a large hash are in no order that two servers share.
    private static async Task<string> ValueAsync(IDatabase database, string key) => await database.KeyTypeAsync(key) == RedisType.Hash
        ? string.Join(", ", (await database.HashGetAllAsync(key)).Select(field => $"{field.Name}: {field.Value}").Order(StringComparer.Ordinal))
        : Convert.ToHexString(await database.KeyDumpAsync(key));

    /// <summary>
    /// The keys that begin with a text that holds a whole hash tag. KEYS itself is not redirected to where a slot has moved: it is asked again where a
    /// partition's owner hash is there and not among them.
    /// </summary>
    public static async Task<string[]> KeysAsync(IDatabase database, string prefix)
    {
        while (true)
        {
            var isThere = await database.KeyExistsAsync(Keys.Owner(prefix));
            var keys = Array.ConvertAll((RedisValue[])(await database.ExecuteAsync("KEYS", (RedisKey)(prefix + "*")))!, key => (string)key!);
            if (keys.Length > 0 || !isThere) return keys;
        }
    }
}
