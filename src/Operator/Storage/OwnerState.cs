using System.Globalization;

namespace Segmentation.Operator.Storage;

/// <summary>What a partition's owner hash holds at takeover.</summary>
/// <param name="Epoch">Proof of ownership: higher than every earlier owner's.</param>
/// <param name="Sequence">Commits so far.</param>
/// <param name="Offset">The last log entry applied.</param>
/// <param name="ClockMs">The latest instant at which anything was evaluated.</param>
/// <param name="ActiveRevisions">Per segment the revision that serves in this partition.</param>
/// <param name="Passes">Per pass field how far it has got.</param>
/// <param name="Audiences">Per segment the AudienceSyncs (uids, separated by spaces) for which every later commit writes the outbox.</param>
/// <param name="Tiers">Per RFM policy the names of the tiers that profiles may be filed under, separated by spaces.</param>
/// <param name="Rescored">Per RFM policy how many profiles were evaluated for its present break points, and how many moved.</param>
/// <param name="Forgotten">Per event name the time before which some may have been forgotten, ms.</param>
internal sealed record OwnerState(
    long Epoch,
    long Sequence,
    string Offset,
    long ClockMs,
    IReadOnlyDictionary<string, string> ActiveRevisions,
    IReadOnlyDictionary<string, string> Passes,
    IReadOnlyDictionary<string, string> Audiences,
    IReadOnlyDictionary<string, string> Tiers,
    IReadOnlyDictionary<string, string> Rescored,
    IReadOnlyDictionary<string, string> Forgotten)
{
    public const string ActivePrefix = "active:";
    public const string PassPrefix = "pass:";
    public const string AudiencePrefix = "audience:";
    public const string TiersPrefix = "tiers:";
    public const string RescoredPrefix = "rescored:";
    public const string ForgottenPrefix = "forgotten:";

    public static OwnerState Parse(IReadOnlyDictionary<string, string> hash) => new(
        Number(hash, "epoch"),
        Number(hash, "seq"),
        hash.GetValueOrDefault("offset", "0-0"),
        Number(hash, "clock"),
        WithPrefix(hash, ActivePrefix),
        WithPrefix(hash, PassPrefix),
        WithPrefix(hash, AudiencePrefix),
        WithPrefix(hash, TiersPrefix),
        WithPrefix(hash, RescoredPrefix),
        WithPrefix(hash, ForgottenPrefix));

    private static long Number(IReadOnlyDictionary<string, string> hash, string field) =>
        hash.TryGetValue(field, out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : 0;

    private static Dictionary<string, string> WithPrefix(IReadOnlyDictionary<string, string> hash, string prefix) =>
        hash.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value);
}
