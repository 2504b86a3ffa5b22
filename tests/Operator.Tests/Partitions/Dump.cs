using System.Text;
using StackExchange.Redis;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>Everything that Redis holds of a workspace, but the logs, as text: equal texts are equal states.</summary>
internal static class Dump
{
    public static async Task<string> OfAsync(DataPlane plane)
    {
        var keys = (RedisValue[])(await plane.Redis.Database.ExecuteAsync("KEYS", "{" + plane.Name + "/*"))!;
        var text = new StringBuilder();
        foreach (var key in keys.Select(k => (string)k!).Where(k => !k.EndsWith(":log", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            text.Append(key).Append(" = ").Append(Convert.ToHexString(await plane.Redis.Database.KeyDumpAsync(key))).Append('\n');
        return text.ToString();
    }
}
