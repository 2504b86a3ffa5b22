using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Segmentation.Resources.Manifests;

namespace Segmentation.Resources;

/// <summary>
/// Reads a Segment's match, which the server does not check to the bottom: what does not fit the schema becomes problems with their places
/// instead of an error that would take the whole object, or the list it came in, with it. It is written back as it was read.
/// </summary>
public sealed class MatchJsonConverter : JsonConverter<ConditionSpec>
{
    private static readonly Lazy<Schema> Match =
        new(() => SchemaBuilder.ForEntity(typeof(Segment)).Properties!["spec"].Properties!["match"]);

    public override ConditionSpec Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var json = JsonElement.ParseValue(ref reader);
        var problems = new ProblemList();
        var node = Node(json);
        new SchemaCheck(problems.Add).Check(node, Match.Value, "spec.match");
        if (problems.Count > 0)
            return new ConditionSpec { Unreadable = new UnreadableCondition(json, problems.ToList()) };
        JsonNulls.Remove(node);
        return node.Deserialize(Typed(options))!;
    }

    public override void Write(Utf8JsonWriter writer, ConditionSpec value, JsonSerializerOptions options)
    {
        if (value.Unreadable is { } unreadable)
            unreadable.Json.WriteTo(writer);
        else
            JsonSerializer.Serialize(writer, value, Typed(options));
    }

    private static JsonNode? Node(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(json),
        JsonValueKind.Array => JsonArray.Create(json),
        _ => JsonValue.Create(json),
    };

    private static JsonTypeInfo<ConditionSpec> Typed(JsonSerializerOptions options) =>
        (JsonTypeInfo<ConditionSpec>)options.GetTypeInfo(typeof(ConditionSpec));
}
