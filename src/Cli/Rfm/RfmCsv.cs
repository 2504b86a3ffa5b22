using System.Globalization;

namespace Segmentation.Cli.Rfm;

/// <summary>The matrix as CSV, a line per combination of digits.</summary>
internal static class RfmCsv
{
    public static void Write(TextWriter output, RfmReport report)
    {
        output.WriteLine("recency,frequency,tier,profiles,profile_percent,revenue,revenue_percent");
        foreach (RfmShare cell in report.Cells)
        {
            // Tiers' names are letters, digits and hyphens: nothing needs quotes.
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{cell.Recency},{cell.Frequency},{cell.Tier},{cell.Profiles},{cell.ProfilePercent},{cell.Revenue},{cell.RevenuePercent}"));
        }
    }
}
