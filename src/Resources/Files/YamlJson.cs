using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Segmentation.Resources;

/// <summary>One object's YAML as JSON, with the line of every field and what kubectl would read otherwise.</summary>
internal sealed class YamlJson
{
    // Aliases can make a small text an endless tree.
    private const int DepthMax = 64;
    private const int NodesMax = 200_000;

    private readonly Dictionary<string, long> lines = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> objections = new(StringComparer.Ordinal);
    private int nodes;

    public YamlJson(YamlMappingNode root)
    {
        lines[""] = root.Start.Line;
        Json = (JsonObject)Map(root, "", 0);
    }

    public JsonObject Json { get; }

    /// <summary>Where the text nests too deeply or repeats too much to be read to its end; null for any sensible text.</summary>
    public string? Endless { get; private set; }

    /// <summary>Where each field stands, by its path; lines are counted from 1.</summary>
    public IReadOnlyDictionary<string, long> Lines => lines;

    /// <summary>The line of the field, or of what it is missing in.</summary>
    public long LineOf(string path)
    {
        while (!lines.ContainsKey(path))
            path = FieldPath.Parent(path);
        return lines[path];
    }

    /// <summary>That kubectl takes the scalar for something else than it says; null when both read the same.</summary>
    public string? Objection(string path) => objections.GetValueOrDefault(path);

    private JsonNode? Read(YamlNode node, string path, int depth)
    {
        if (depth > DepthMax || ++nodes > NodesMax)
            Endless ??= path;
        if (Endless is not null)
            return null;
        return node switch
        {
            YamlMappingNode map => Map(map, path, depth),
            YamlSequenceNode list => List(list, path, depth),
            YamlScalarNode scalar => Scalar(scalar, path),
            _ => null,
        };
    }

    private JsonObject Map(YamlMappingNode map, string path, int depth)
    {
        var json = new JsonObject();
        foreach (var (key, value) in map)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            var at = FieldPath.Field(path, name);
            lines.TryAdd(at, key.Start.Line);
            json[name] = Read(value, at, depth + 1);
        }

        return json;
    }

    private JsonArray List(YamlSequenceNode list, string path, int depth)
    {
        var json = new JsonArray();
        for (var i = 0; i < list.Children.Count; i++)
        {
            var at = FieldPath.Item(path, i);
            lines[at] = list.Children[i].Start.Line;
            json.Add(Read(list.Children[i], at, depth + 1));
        }

        return json;
    }

    private JsonNode? Scalar(YamlScalarNode scalar, string path)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style != ScalarStyle.Plain || scalar.Tag == "tag:yaml.org,2002:str")
            return JsonValue.Create(text);
        if (CoreSchema.ReadByKubectlAs(text) is { } otherwise)
            objections[path] = $"kubectl reads {text} as {otherwise}; write \"{text}\"";
        return CoreSchema.Resolve(text);
    }
}

/// <summary>Writes the tree back to text for the typed reader, digit by digit.</summary>
[JsonSerializable(typeof(JsonNode))]
internal sealed partial class YamlJsonText : JsonSerializerContext;
