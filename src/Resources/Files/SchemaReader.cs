using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Segmentation.Resources.Manifests;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Segmentation.Resources;

/// <summary>Turns the YAML of one object into JSON and reports where it departs from the schema.</summary>
internal sealed class SchemaReader(List<ResourceFileError> errors)
{
    // Aliases can make a small text an endless tree.
    private const int DepthMax = 64;
    private const int NodesMax = 200_000;

    private int nodes;

    /// <summary>Where each field that was read stands, by its path; lines are counted from 1.</summary>
    public Dictionary<string, long> Lines { get; } = new(StringComparer.Ordinal);

    /// <summary>The object as JSON, without its status; only to be used when no error was reported.</summary>
    public JsonNode? Read(YamlMappingNode root, Schema schema) => Read(root, schema with { Properties = WithoutStatus(schema) }, "", 0);

    private static Dictionary<string, Schema> WithoutStatus(Schema schema) =>
        new(schema.Properties!, StringComparer.Ordinal) { ["status"] = new Schema { Type = "object" } };

    private JsonNode? Read(YamlNode node, Schema? schema, string path, int depth)
    {
        if (depth > DepthMax || ++nodes > NodesMax)
        {
            if (nodes <= NodesMax + 1)
                Report(node, path, "nests too deeply or repeats too much to be a resource");
            nodes = NodesMax + 1;
            return null;
        }

        Lines[path] = node.Start.Line;
        return node switch
        {
            YamlMappingNode map => ReadMap(map, schema, path, depth),
            YamlSequenceNode list => ReadList(list, schema, path, depth),
            YamlScalarNode scalar => ReadScalar(scalar, schema, path),
            _ => null,
        };
    }

    private JsonObject? ReadMap(YamlMappingNode map, Schema? schema, string path, int depth)
    {
        if (schema is not null && schema.Type != "object")
        {
            Report(map, path, $"expected {SchemaCheck.Expected(schema)}, found fields");
            return null;
        }

        var json = new JsonObject();
        foreach (var (keyNode, valueNode) in map)
        {
            var name = (keyNode as YamlScalarNode)?.Value ?? "";
            var at = path.Length == 0 ? name : $"{path}.{name}";
            if (schema?.Properties is not { } known)
                json[name] = Read(valueNode, null, at, depth + 1);
            else if (known.TryGetValue(name, out var property))
                Put(json, name, Read(valueNode, property, at, depth + 1), valueNode);
            else
                Report(keyNode, at, SchemaCheck.UnknownField(name, schema));
        }

        foreach (var missing in schema?.Required.Where(required => !json.ContainsKey(required) && !Mentions(map, required)) ?? [])
            Report(map, path.Length == 0 ? missing : $"{path}.{missing}", "is required");
        return json;
    }

    // An explicit null is the same as leaving the field out, as on the server.
    private static void Put(JsonObject json, string name, JsonNode? value, YamlNode source)
    {
        if (value is not null || source is not YamlScalarNode)
            json[name] = value;
    }

    private static bool Mentions(YamlMappingNode map, string name) =>
        map.Children.TryGetValue(new YamlScalarNode(name), out var value) && !IsNull(value);

    private static bool IsNull(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain } scalar && CoreSchema.Resolve(scalar.Value ?? "") is null;

    private JsonArray? ReadList(YamlSequenceNode list, Schema? schema, string path, int depth)
    {
        if (schema is not null && schema.Type != "array")
        {
            Report(list, path, $"expected {SchemaCheck.Expected(schema)}, found a list");
            return null;
        }

        if (schema is not null && SchemaCheck.Size(schema, list.Children.Count, "items") is { } problem)
            Report(list, path, problem);
        var json = new JsonArray();
        for (var i = 0; i < list.Children.Count; i++)
        {
            var at = $"{path}[{i}]";
            var item = Read(list.Children[i], schema?.Items, at, depth + 1);
            if (schema?.Items is not null && IsNull(list.Children[i]))
                Report(list.Children[i], at, $"expected {SchemaCheck.Expected(schema.Items)}, found nothing");
            json.Add(item);
        }

        return json;
    }

    private JsonNode? ReadScalar(YamlScalarNode scalar, Schema? schema, string path)
    {
        var text = scalar.Value ?? "";
        var isPlain = scalar.Style == ScalarStyle.Plain && scalar.Tag != "tag:yaml.org,2002:str";
        var value = isPlain ? CoreSchema.Resolve(text) : JsonValue.Create(text);
        if (schema is null || value is null)
            return value;
        if (isPlain && CoreSchema.ReadByKubectlAs(text) is { } otherwise)
            Report(scalar, path, $"kubectl reads {text} as {otherwise}; write \"{text}\"");
        else if (SchemaCheck.Scalar(schema, value, text) is { } problem)
            Report(scalar, path, problem);
        return value;
    }

    private void Report(YamlNode node, string path, string message) => errors.Add(new ResourceFileError(node.Start.Line, path, message));
}

/// <summary>Writes the tree back to text for the typed reader, digit by digit.</summary>
[JsonSerializable(typeof(JsonNode))]
internal sealed partial class SchemaReaderJson : JsonSerializerContext;
