namespace Segmentation.Operator.Storage;

/// <summary>A profile as read from the store.</summary>
/// <param name="Profile">Properties and occurrences.</param>
/// <param name="DueMs">Its due time, or <see cref="Verdict.Never"/>.</param>
/// <param name="Tiers">Per RFM policy the tier, since when, and the tier before.</param>
/// <param name="Exists">False for an id never seen.</param>
internal sealed record StoredProfile(Profile Profile, long DueMs, IReadOnlyDictionary<string, StoredTier> Tiers, bool Exists);

/// <summary>A profile's place in an RFM policy; an empty name means no tier.</summary>
internal readonly record struct StoredTier(string Tier, long SinceMs, string Previous);
