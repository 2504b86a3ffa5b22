using System.Text.Json;
using Segmentation.Resources;

namespace Segmentation.Cli.Rfm;

/// <summary>The report as JSON. Percentages are 0 to 100.</summary>
internal static class RfmJson
{
    public static void Write(Utf8JsonWriter json, RfmReport report)
    {
        json.WriteStartObject();
        json.WriteString("workspace", report.Workspace);
        json.WriteString("policy", report.Policy);
        json.WriteString("countedAt", report.Matrix.CountedAt.UtcDateTime);
        json.WriteNumber("scores", report.Matrix.Scores);
        json.WriteNumber("profiles", report.Matrix.Profiles);
        json.WriteNumber("revenue", report.Matrix.Revenue);
        WriteShares(json, "matrix", report.Cells, areCells: true);
        WriteShares(json, "tiers", report.Tiers, areCells: false);
        if (report.Status.LastScored is { } lastScored)
            json.WriteString("lastScored", lastScored.UtcDateTime);
        if (report.Status.NextRecompute is { } next)
            json.WriteString("nextRecompute", next.UtcDateTime);
        json.WriteNumber("rescored", report.Status.Rescored ?? 0);
        json.WriteNumber("moved", report.Status.Moved ?? 0);
        if (report.Status.Predictions is { } predictions)
        {
            json.WritePropertyName("predictions");
            JsonSerializer.Serialize(json, predictions, ResourcesJson.Default.RfmPredictionsStatus);
        }
        json.WriteEndObject();
    }

    private static void WriteShares(Utf8JsonWriter json, string name, IEnumerable<RfmShare> shares, bool areCells)
    {
        json.WriteStartArray(name);
        foreach (RfmShare share in shares)
        {
            json.WriteStartObject();
            if (areCells)
            {
                json.WriteNumber("recency", share.Recency);
                json.WriteNumber("frequency", share.Frequency);
            }
            if (share.Tier is not null)
                json.WriteString("tier", share.Tier);
            json.WriteNumber("profiles", share.Profiles);
            json.WriteNumber("profilePercent", share.ProfilePercent);
            json.WriteNumber("revenue", share.Revenue);
            if (share.RevenuePercent is { } percent)
                json.WriteNumber("revenuePercent", percent);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
