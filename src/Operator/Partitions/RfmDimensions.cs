namespace Segmentation.Operator.Partitions;

/// <summary>The names of the three RFM sorted sets of a policy.</summary>
internal static class RfmDimensions
{
    public const string Recency = "recency";
    public const string Frequency = "frequency";
    public const string Monetary = "monetary";

    public static readonly IReadOnlyList<string> All = [Recency, Frequency, Monetary];
}
