using System.Globalization;
using StackExchange.Redis;

namespace Segmentation.Operator.Storage;

/// <summary>A profile as read from the store.</summary>
/// <param name="Profile">Properties, occurrences, tiers, and when it entered the watched segments.</param>
/// <param name="DueMs">Its due time, or <see cref="Verdict.Never"/>.</param>
/// <param name="Tiers">Per RFM policy the tier, since when, and the tier before.</param>
/// <param name="Exists">False for an id never seen, or merged into another.</param>
internal sealed record StoredProfile(Profile Profile, long DueMs, IReadOnlyDictionary<string, StoredTier> Tiers, bool Exists)
{
    private const string TierPrefix = "tier:";
    private const string LeftPrefix = "left:";

    /// <summary>The one field of a profile that was merged into another: into which.</summary>
    public const string IntoField = "into";

    /// <summary>Before the id of a profile that was merged into this one.</summary>
    public const string FromPrefix = "from:";

    /// <summary>The profile that this one was merged into; null for none. Nothing else is held of it then.</summary>
    public string? MergedInto { get; init; }

    /// <summary>The ids of the profiles that were merged into this one, over others, too.</summary>
    public IReadOnlyList<string> MergedFrom { get; init; } = [];

    private static readonly Dictionary<string, StoredTier> NoTiers = [];

    /// <summary>One of which nothing is known.</summary>
    public static StoredProfile Unknown(string profileId, OccurrenceMemory? memory = null) => new(new Profile(profileId, memory), Verdict.Never, NoTiers, Exists: false);

    /// <summary>Reads what <c>load.lua</c> returns of one profile, its events into the given memory.</summary>
    public static StoredProfile Parse(string profileId, RedisResult[] entry, IReadOnlyList<WatchedSegment> watched, OccurrenceMemory? memory = null)
    {
        if (IsNothing(entry)) return Unknown(profileId, memory);
        var fields = PartitionStore.Pairs((RedisValue[])entry[0]!);
        var due = entry[1].IsNull ? Verdict.Never : (long)double.Parse((string)entry[1]!, CultureInfo.InvariantCulture);
        var tiers = ReadTiers(fields);
        var profile = new Profile(profileId, memory) { Memberships = ReadStays((RedisValue[])entry[2]!, watched), Tiers = History(fields, tiers) };
        if (fields.TryGetValue("props", out var properties)) profile.Properties = OccurrenceCodec.DecodeProperties(properties);
        if (fields.TryGetValue("changes", out var changes)) profile.PropertyHistory = ProfileCodec.DecodeHistory(changes);
        for (var i = 3; i + 1 < entry.Length; i += 2)
        {
            var name = Keys.UnescapeEventName((string)entry[i]!);
            var occurrences = (RedisValue[])entry[i + 1]!;
            for (var j = 0; j + 1 < occurrences.Length; j += 2)
                profile.Add(OccurrenceCodec.Decode((string)occurrences[j]!, name, profileId, (long)(double)occurrences[j + 1]));
        }
        var into = fields.GetValueOrDefault(IntoField);
        return new StoredProfile(profile, due, tiers, fields.Count > 0 && into is null)
        {
            MergedInto = into,
            MergedFrom = [.. fields.Keys.Where(field => field.StartsWith(FromPrefix, StringComparison.Ordinal)).Select(field => field[FromPrefix.Length..])],
        };
    }

    // As of most that come for the first time.
    private static bool IsNothing(RedisResult[] entry) =>
        ((RedisResult[])entry[0]!).Length == 0 && entry[1].IsNull && Array.TrueForAll((RedisResult[])entry[2]!, instant => instant.IsNull);

    // Two for each watched segment: joined-at, and the latest entering of one that has left since.
    private static MembershipHistory? ReadStays(RedisValue[] instants, IReadOnlyList<WatchedSegment> watched)
    {
        MembershipHistory? history = null;
        for (var i = 0; i < watched.Count; i++)
        {
            var (joined, entered) = ((double?)instants[2 * i], (double?)instants[(2 * i) + 1]);
            if ((joined ?? entered) is { } atMs) (history ??= new()).Set(watched[i].Name, new Stay((long)atMs, joined is not null, joined is null ? null : (long?)entered));
        }
        return history;
    }

    private static Dictionary<string, StoredTier> ReadTiers(IReadOnlyDictionary<string, string> fields)
    {
        var tiers = new Dictionary<string, StoredTier>();
        foreach (var (field, value) in fields)
        {
            if (!field.StartsWith(TierPrefix, StringComparison.Ordinal)) continue;
            var parts = value.Split('\n');
            tiers[field[TierPrefix.Length..]] = new StoredTier(parts[0], long.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]);
        }
        return tiers;
    }

    // The tier before the present one was left when the present one was entered; those before it have fields of their own.
    private static TierHistory? History(IReadOnlyDictionary<string, string> fields, Dictionary<string, StoredTier> tiers)
    {
        if (tiers.Count == 0) return null;
        var history = new TierHistory();
        foreach (var (policy, stored) in tiers)
        {
            if (stored.Tier.Length > 0) history.Enter(policy, stored.Tier, stored.SinceMs);
        }
        foreach (var (field, value) in fields)
        {
            // No name of an object has a colon in it.
            if (field.StartsWith(LeftPrefix, StringComparison.Ordinal) && field[LeftPrefix.Length..].Split(':', 2) is [var policy, var tier])
                history.SetLeft(policy, tier, long.Parse(value, CultureInfo.InvariantCulture));
        }
        foreach (var (policy, stored) in tiers)
        {
            if (stored.Previous.Length > 0) history.SetLeft(policy, stored.Previous, stored.SinceMs);
        }
        return history;
    }
}

/// <summary>A profile's place in an RFM policy; an empty name means no tier.</summary>
internal readonly record struct StoredTier(string Tier, long SinceMs, string Previous);
