using System.Globalization;

namespace Segmentation.Operator.Partitions;

/// <summary>The names of the RFM sorted sets of a policy revision.</summary>
internal static class RfmDimensions
{
    public const string Recency = "recency";
    public const string Frequency = "frequency";
    public const string Monetary = "monetary";

    /// <summary>What the purchases come to; only where monetary value is something else.</summary>
    public const string Spent = "spent";

    public static readonly IReadOnlyList<string> All = [Recency, Frequency, Monetary, Spent];

    /// <summary>The amount that a score stands for: the nearest double to a decimal, whose shortest text is that decimal again, up to 15 digits.</summary>
    public static decimal Amount(double score) => decimal.Parse(score.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);
}
