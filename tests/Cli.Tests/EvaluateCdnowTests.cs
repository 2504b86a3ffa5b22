using System.Text.Json;
using Segmentation.Cli.Tests.Support;

namespace Segmentation.Cli.Tests;

/// <summary>69,659 real purchases: the counts were worked out elsewhere, from the meaning of the rules.</summary>
public sealed class EvaluateCdnowTests
{
    [CdnowTheory]
    [InlineData("1997-07-01T00:00:00Z")]
    [InlineData("1998-01-01T00:00:00Z")]
    [InlineData("1998-07-01T00:00:00Z")]
    public async Task Every_segment_has_the_members_that_the_published_counts_say(string asOf)
    {
        using JsonDocument truth = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(SharedData.Cdnow!, "truth.json")));
        Dictionary<string, int> expected = truth.RootElement.GetProperty("counts").GetProperty(asOf).EnumerateObject()
            .Where(count => count.Name[1] == ':')
            .ToDictionary(count => $"cdnow-{count.Name[0]}", count => count.Value.GetInt32());

        CliRun run = await CliRun.OfAsync(
            "evaluate", "-f", Path.Combine(AppContext.BaseDirectory, "cdnow-segments.yaml"),
            "--events", Path.Combine(SharedData.Cdnow!, "CDNOW_master.txt"),
            "--as-of", asOf, "-o", "json", "--ids",
            "--delimiter", "whitespace", "--id-from-row", "cdnow-", "--event", "placed_order",
            "--profile", "customer_id", "--time", "date", "--time-format", "yyyyMMdd", "--value", "dollar_value");

        run.Code.ShouldBe(0, run.Error);
        JsonElement[] segments = [.. run.Json.EnumerateArray()];
        segments.ToDictionary(one => one.GetProperty("segment").GetString()!, one => one.GetProperty("members").GetInt32()).ShouldBe(expected, ignoreOrder: true);
        segments.ShouldAllBe(one => one.GetProperty("asOf").GetString() == asOf);
        foreach (JsonElement one in segments)
        {
            string[] ids = [.. one.GetProperty("ids").EnumerateArray().Select(id => id.GetString()!)];
            ids.Length.ShouldBe(one.GetProperty("members").GetInt32());
            ids.ShouldBe(ids.Distinct().Order(StringComparer.Ordinal));
        }
    }
}
