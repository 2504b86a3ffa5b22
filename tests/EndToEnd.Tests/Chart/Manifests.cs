using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace EndToEnd.Tests.Chart;

/// <summary>Kubernetes objects by their kind, namespace and name, as <c>Role shop/reader</c>.</summary>
internal sealed class Manifests : Dictionary<string, JsonObject>
{
    private Manifests() : base(StringComparer.Ordinal)
    {
    }

    /// <summary>Documents of YAML; one that says the same object otherwise than an earlier one is refused.</summary>
    public static Manifests Read(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        var manifests = new Manifests();
        foreach (var manifest in stream.Documents.Select(document => Json(document.RootNode)).OfType<JsonObject>())
        {
            var key = Key(manifest);
            if (!manifests.TryAdd(key, manifest) && !JsonNode.DeepEquals(manifests[key], manifest)) throw new ArgumentException($"Two different manifests for {key}.", nameof(yaml));
        }

        return manifests;
    }

    /// <summary>The only one of its kind.</summary>
    public JsonObject Only(string kind) => Values.Single(manifest => manifest["kind"]!.GetValue<string>() == kind);

    /// <summary>One object after the other, as kubectl takes them.</summary>
    public string ToJson() => string.Join('\n', Values.Select(manifest => manifest.ToJsonString()));

    /// <summary>YAML's own meaning of a document without its style: quoted is text; plain may be a number, a boolean or nothing.</summary>
    public static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Select(field => KeyValuePair.Create(((YamlScalarNode)field.Key).Value!, Json(field.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => Plain(plain.Value!),
        YamlScalarNode quoted => JsonValue.Create(quoted.Value),
        _ => throw new ArgumentException($"Manifests have no {node.NodeType}.", nameof(node)),
    };

    private static JsonValue? Plain(string text)
    {
        if (text is "" or "null" or "~") return null;
        if (bool.TryParse(text, out var truth)) return JsonValue.Create(truth);
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : JsonValue.Create(text);
    }

    private static string Key(JsonObject manifest)
    {
        var metadata = manifest["metadata"]!.AsObject();
        return $"{manifest["kind"]} {(metadata["namespace"] is { } inside ? $"{inside}/" : "")}{metadata["name"]}";
    }
}
