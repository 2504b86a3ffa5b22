using System.Text.Json.Nodes;

namespace Segmentation.Resources.Manifests;

/// <summary>A schema as <c>openAPIV3Schema</c>.</summary>
internal static class SchemaJson
{
    public static JsonObject Write(Schema schema)
    {
        var json = new JsonObject();
        Put(json, "description", schema.Description);
        Put(json, "type", schema.Type);
        Put(json, "format", schema.Format);
        if (schema.IsIntegerOrString)
            json["x-kubernetes-int-or-string"] = true;
        if (schema.IsOpen)
            json["x-kubernetes-preserve-unknown-fields"] = true;
        Put(json, "default", schema.Default?.DeepClone());
        if (schema.Enum.Count > 0)
            json["enum"] = Strings(schema.Enum);
        Put(json, "pattern", schema.Pattern);
        Put(json, "max" + SizeOf(schema), schema.SizeMaximum);
        Put(json, "min" + SizeOf(schema), schema.SizeMinimum);
        Put(json, "minimum", schema.Minimum);
        Put(json, "maximum", schema.Maximum);
        PutList(json, schema);
        PutObject(json, schema);
        if (schema.Rules.Count > 0 && !schema.IsOpen)
        {
            json["x-kubernetes-validations"] = new JsonArray(
                [.. schema.Rules.Select(rule => new JsonObject { ["rule"] = rule.Rule, ["message"] = rule.Message })]);
        }

        return json;
    }

    private static string SizeOf(Schema schema) => schema.Type switch
    {
        "array" => "Items",
        "object" => "Properties",
        _ => "Length",
    };

    private static void PutList(JsonObject json, Schema schema)
    {
        if (schema.Items is null)
            return;
        json["items"] = Write(schema.Items);
        if (schema.ListMapKeys.Count == 0)
            return;
        json["x-kubernetes-list-map-keys"] = Strings(schema.ListMapKeys);
        json["x-kubernetes-list-type"] = "map";
    }

    private static void PutObject(JsonObject json, Schema schema)
    {
        if (schema.Properties is not { Count: > 0 } || schema.IsOpen)
            return;
        var properties = new JsonObject();
        foreach (var (name, property) in schema.Properties)
            properties[name] = Write(property);
        json["properties"] = properties;
        if (schema.Required.Count > 0)
            json["required"] = Strings(schema.Required);
    }

    private static JsonArray Strings(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    private static void Put(JsonObject json, string name, JsonNode? value)
    {
        if (value is not null)
            json[name] = value;
    }
}
