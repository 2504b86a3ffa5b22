namespace Segmentation.Operator.Partitions;

/// <summary>The names of the three RFM sorted sets of a policy revision.</summary>
internal static class RfmDimensions
{
    public const string Recency = "recency";
    public const string Frequency = "frequency";
    public const string Monetary = "monetary";

    public static readonly IReadOnlyList<string> All = [Recency, Frequency, Monetary];

    /// <summary>The tiers that a policy's profiles may be filed under, whichever preset it had.</summary>
    public static readonly IReadOnlyList<string> TierNames = [.. RfmTiers.Classic.Names.Union(RfmTiers.Lifecycle.Names)];
}
