using System.Globalization;
using StackExchange.Redis;

namespace Segmentation.Operator.Storage;

/// <summary>What a partition holds of a profile, as <c>export.lua</c> returns it; its events and what outboxes tell of it apart.</summary>
/// <param name="Stored">Properties, their history and tiers; no occurrences.</param>
/// <param name="EventNames">The names of its events.</param>
/// <param name="Memberships">Of serving revisions and of those being built.</param>
/// <param name="Entered">When it had entered segments that it has left, where that is remembered.</param>
internal sealed record HeldProfile(
    StoredProfile Stored,
    IReadOnlyList<string> EventNames,
    IReadOnlyList<HeldMembership> Memberships,
    IReadOnlyList<(string Segment, long AtMs)> Entered,
    IReadOnlyList<HeldDimensions> Rfm)
{
    private const string LeftPrefix = "left:";

    /// <summary>When it left tiers, but the one before its present one.</summary>
    public required IReadOnlyList<(string Policy, string Tier, long AtMs)> LeftTiers { get; init; }

    public static HeldProfile Parse(string profileId, RedisResult[] reply)
    {
        var fields = PartitionStore.Pairs((RedisValue[])reply[0]!);
        var names = fields.TryGetValue("names", out var text) ? text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Keys.UnescapeEventName) : [];
        return new HeldProfile(
            StoredProfile.Parse(profileId, reply[..3], []),
            [.. names],
            [.. Rows(reply[3], 4).Select(r => new HeldMembership((string)r[0]!, (string)r[1]!, r[2] == "1", Instant(r[3])))],
            [.. Rows(reply[4], 2).Select(r => ((string)r[0]!, Instant(r[1])))],
            [.. Rows(reply[5], 5).Select(r => new HeldDimensions((string)r[0]!, (string)r[1]!, Instant(r[2]), Instant(r[3]), (string)r[4]!))])
        {
            LeftTiers = [.. fields.Where(f => f.Key.StartsWith(LeftPrefix, StringComparison.Ordinal)).Select(f => Left(f.Key.Split(':'), f.Value))],
        };
    }

    private static (string Policy, string Tier, long AtMs) Left(string[] field, string value) =>
        (field[1], field[2], long.Parse(value, CultureInfo.InvariantCulture));

    private static IEnumerable<RedisValue[]> Rows(RedisResult flat, int width) => ((RedisValue[])flat!).Chunk(width);

    private static long Instant(RedisValue score) => (long)double.Parse((string)score!, CultureInfo.InvariantCulture);
}

/// <param name="Serves">Whether the revision's members are the segment's members.</param>
internal sealed record HeldMembership(string Segment, string Revision, bool Serves, long JoinedAtMs);

/// <param name="Monetary">As Redis writes the score.</param>
internal sealed record HeldDimensions(string Policy, string Revision, long LastPurchaseMs, long Purchases, string Monetary);
