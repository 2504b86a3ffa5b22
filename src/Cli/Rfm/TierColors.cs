namespace Segmentation.Cli.Rfm;

/// <summary>A colour for each tier, light enough for black text.</summary>
internal static class TierColors
{
    public const string None = "#f4f4f4";

    private static readonly string[] _palette =
        ["#7bc67e", "#aedb84", "#e56b6f", "#ef8f5b", "#bdbdbd", "#d6c08d", "#f2d35b", "#8fc1e8", "#a9a3e0", "#6fd0c8", "#e3a3c8", "#c9e265"];

    /// <param name="report">Whose tiers take the colours in their order, again from the first one when there are more.</param>
    /// <param name="tier">Null for none.</param>
    /// <returns><c>#rrggbb</c>.</returns>
    public static string Of(RfmReport report, string? tier)
    {
        int index = report.Tiers.Select(share => share.Tier).ToList().IndexOf(tier);
        return tier is null || index < 0 ? None : _palette[index % _palette.Length];
    }
}
