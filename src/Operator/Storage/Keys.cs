using System.Globalization;
using System.Text;
using StackExchange.Redis;

namespace Segmentation.Operator.Storage;

/// <summary>
/// The names of everything in Redis. All keys of a partition carry the hash tag <c>{workspace/partition}</c>, so they live in one cluster slot
/// and one script can change them together. docs/data-model.md lists them with what they hold.
/// </summary>
internal static class Keys
{
    public static string Partition(string workspace, int partition) =>
        string.Create(CultureInfo.InvariantCulture, $"{{{workspace}/{partition}}}:");

    /// <summary>A key beside another one, in its slot, that is never written; see <see cref="ScriptKeys.OfPartition"/>.</summary>
    public static RedisKey Never(RedisKey key) => (string?)key + ":never";

    public static RedisKey Owner(string prefix) => prefix + "owner";

    public static RedisKey Log(string prefix) => prefix + "log";

    public static RedisKey Forward(string prefix) => prefix + "forward";

    public static RedisKey Profiles(string prefix) => prefix + "profiles";

    public static RedisKey Profile(string prefix, string profileId) => prefix + "profile:" + profileId;

    public static RedisKey Events(string prefix, string profileId, string eventName) => prefix + "events:" + profileId + ":" + EscapeEventName(eventName);

    /// <summary>What of <see cref="Events"/> follows <c>events:</c>.</summary>
    public static byte[] EventsSuffix(string profileId, string eventName)
    {
        var escaped = EscapeEventName(eventName);
        var suffix = new byte[Encoding.UTF8.GetByteCount(profileId) + 1 + Encoding.UTF8.GetByteCount(escaped)];
        var length = Encoding.UTF8.GetBytes(profileId, suffix);
        suffix[length++] = (byte)':';
        Encoding.UTF8.GetBytes(escaped, suffix.AsSpan(length));
        return suffix;
    }

    public static RedisKey Due(string prefix) => prefix + "due";

    public static RedisKey Flow(string prefix) => prefix + "flow";

    public static RedisKey Members(string prefix, string segment, string revision) => prefix + MembersSuffix(segment, revision);

    public static string MembersSuffix(string segment, string revision) => $"members:{segment}@{revision}";

    public static RedisKey Outbox(string prefix, string segment) => prefix + "outbox:" + segment;

    public static RedisKey Rfm(string prefix, string policy, string revision, string dimension) => prefix + RfmSuffix(policy, revision, dimension);

    public static string RfmSuffix(string policy, string revision, string dimension) => $"rfm:{policy}@{revision}:{dimension}";

    public static RedisKey Tier(string prefix, string policy, string tier) => prefix + TierSuffix(policy, tier);

    public static string TierSuffix(string policy, string tier) => $"tiers:{policy}:{tier}";

    /// <summary>What the workspace's segments and policies are: one hash, read by every replica.</summary>
    public static RedisKey Catalog(string workspace) => $"{{{workspace}}}:catalog";

    /// <summary>What each replica reports of its share: one hash, a field for each replica that does not lead.</summary>
    public static RedisKey Replicas(string workspace) => $"{{{workspace}}}:replicas";

    /// <summary>How far an AudienceSync has got, by its uid: a new object of the same name starts anew.</summary>
    public static RedisKey Sync(string workspace, string uid) => $"{{{workspace}}}:sync:{uid}";

    /// <summary>
    /// The event name is the last part of its key and must not contain the separator, or two profiles could share a key.
    /// </summary>
    public static string EscapeEventName(string eventName) =>
        eventName.AsSpan().IndexOfAny(':', '%') < 0
            ? eventName
            : eventName.Replace("%", "%25", StringComparison.Ordinal).Replace(":", "%3A", StringComparison.Ordinal);

    public static string UnescapeEventName(string escaped) =>
        escaped.Contains('%', StringComparison.Ordinal)
            ? escaped.Replace("%3A", ":", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal)
            : escaped;
}
