using System.Text.Json;
using System.Text.Json.Nodes;
using Segmentation.Resources;

namespace Segmentation.Cli.Definitions;

/// <summary>A Segment as a person would write it: without a status, and without the fields whose default says the same.</summary>
internal static class SegmentJson
{
    private static readonly string[] _negative =
        ["ne", "notIn", "notContains", "notStartsWith", "notEndsWith", "notMatches", "containsNone"];

    public static JsonNode Of(Segment segment)
    {
        var metadata = new JsonObject { ["name"] = segment.Metadata.Name };
        if (segment.Metadata.Namespace is { } namespaceName)
            metadata["namespace"] = namespaceName;
        JsonNode spec = JsonSerializer.SerializeToNode(segment.Spec, ResourcesJson.Default.SegmentSpec)!;
        spec.AsObject().Remove("suspend");
        WithoutDefaults(spec["match"]);
        return new JsonObject { ["apiVersion"] = segment.ApiVersion, ["kind"] = segment.Kind, ["metadata"] = metadata, ["spec"] = spec };
    }

    // Of operators that say what a property is not, somebody may expect the opposite; there the default is written out.
    private static void WithoutDefaults(JsonNode? node)
    {
        if (node is JsonObject map)
        {
            if (!_negative.Any(map.ContainsKey) && map["onMissing"] is JsonValue onMissing && onMissing.GetValue<string>() == "exclude")
                map.Remove("onMissing");
            foreach ((_, JsonNode? child) in map)
                WithoutDefaults(child);
        }
        else if (node is JsonArray list)
        {
            foreach (JsonNode? child in list)
                WithoutDefaults(child);
        }
    }
}
