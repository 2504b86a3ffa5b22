using System.Text.Json;

namespace Segmentation.Cli.Definitions.Klaviyo;

/// <summary>
/// Finds the segments in what a person saved: an answer of Klaviyo's API with one segment or a page of them, a list of such segments, one
/// segment, or a
/// definition alone.
/// </summary>
internal static class KlaviyoFile
{
    /// <exception cref="CliException">Nothing in it looks like a segment.</exception>
    public static IReadOnlyList<KlaviyoSegment> Segments(JsonElement root, List<Finding> findings)
    {
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("errors", out _))
            throw CliException.BadInput("the file holds an error that the API answered, no segment", "ask the API again");
        (JsonElement Json, string Path)[] found = root.ValueKind switch
        {
            JsonValueKind.Array => Elements(root, "$"),
            JsonValueKind.Object when root.TryGetProperty("data", out JsonElement data) =>
                data.ValueKind == JsonValueKind.Array ? Elements(data, "$.data") : [(data, "$.data")],
            _ => [(root, "$")],
        };
        if (found.Length == 0)
            throw CliException.BadInput(
                "there is no segment in the file", "save what GET /api/segments/{id} answers, with the field definition");
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("data", out _))
            CheckEnvelope(SourceObject.Of(root, "$"), findings);
        return [.. found.Select(one => KlaviyoSegment.Read(one.Json, one.Path))];
    }

    private static (JsonElement Json, string Path)[] Elements(JsonElement list, string path) =>
        [.. list.EnumerateArray().Select((json, i) => (json, $"{path}[{i}]"))];

    private static void CheckEnvelope(SourceObject root, List<Finding> findings)
    {
        root.Ignore("data", "included", "meta");
        if (root.Raw("links") is { ValueKind: JsonValueKind.Object } links
            && links.TryGetProperty("next", out JsonElement next) && next.ValueKind != JsonValueKind.Null)
        {
            findings.Add(new Finding(
                FindingKind.Lost, "$.links.next", "the pages after this one", "not in the file", "save them, too, and import each"));
        }
        foreach (string field in root.Unread())
            findings.Add(new Finding(FindingKind.Check, root.At(field), $"field {field}", "not known here", "see whether it matters"));
    }
}
