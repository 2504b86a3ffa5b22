using System.Text.Json;
using Kubernetes.Model;
using Segmentation.Resources.Manifests;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Segmentation.Resources;

/// <summary>
/// Reads Segments, RfmPolicies and AudienceSyncs from YAML (or JSON, which is YAML) with the strictness of an API server: unknown fields,
/// wrong types and broken bounds are errors with their line. What rules across fields say is left to the compilers. Objects of other
/// groups, such as Namespaces and Secrets that stand in the same file, are passed over.
/// </summary>
public static class ResourceFile
{
    private static readonly Dictionary<string, Kind> Kinds = new(StringComparer.Ordinal)
    {
        ["Segment"] = new(typeof(Segment), json => json.Deserialize(ResourcesJson.Default.Segment)!),
        ["RfmPolicy"] = new(typeof(RfmPolicy), json => json.Deserialize(ResourcesJson.Default.RfmPolicy)!),
        ["AudienceSync"] = new(typeof(AudienceSync), json => json.Deserialize(ResourcesJson.Default.AudienceSync)!),
    };

    /// <summary>Reads all documents of the text; a <c>kind: List</c> counts as its items.</summary>
    public static ResourceFileContent Read(string text)
    {
        var objects = new List<IKubernetesObject>();
        var lines = new List<IReadOnlyDictionary<string, long>>();
        var errors = new List<ResourceFileError>();
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text.TrimStart('\uFEFF')));
        }
        catch (YamlException e)
        {
            errors.Add(new ResourceFileError(e.Start.Line, "", $"is not YAML: {e.Message}"));
            return new ResourceFileContent(objects, lines, errors);
        }

        foreach (var document in stream.Documents)
            ReadDocument(document.RootNode, objects, lines, errors);
        return new ResourceFileContent(objects, lines, errors);
    }

    private static void ReadDocument(YamlNode root, List<IKubernetesObject> objects, List<IReadOnlyDictionary<string, long>> lines, List<ResourceFileError> errors)
    {
        if (root is YamlScalarNode { Value: null or "" })
            return;
        if (root is not YamlMappingNode map)
        {
            errors.Add(new ResourceFileError(root.Start.Line, "", "is no Kubernetes object; it needs apiVersion, kind, metadata and spec"));
            return;
        }

        var (apiVersion, kind) = (Text(map, "apiVersion"), Text(map, "kind"));
        if (kind == "List" && Child(map, "items") is YamlSequenceNode items)
        {
            foreach (var item in items)
                ReadDocument(item, objects, lines, errors);
        }
        else if (apiVersion is null || kind is null)
        {
            var missing = apiVersion is null ? "apiVersion" : "kind";
            errors.Add(new ResourceFileError(
                map.Start.Line, missing, $"is required, such as apiVersion: {SegmentationApi.GroupVersion} and kind: Segment"));
        }
        else if (apiVersion == SegmentationApi.GroupVersion && Kinds.TryGetValue(kind, out var known))
        {
            ReadObject(map, known, objects, lines, errors);
        }
        else if (apiVersion.Split('/')[0] == SegmentationApi.Group || Kinds.ContainsKey(kind))
        {
            var hint = Kinds.ContainsKey(kind) ? "" : NearestName.Hint(kind, Kinds.Keys);
            var kinds = $"{SegmentationApi.GroupVersion} has {string.Join(", ", Kinds.Keys)}";
            errors.Add(new ResourceFileError(map.Start.Line, "kind", $"there is no {kind} in {apiVersion}{hint}; {kinds}"));
        }
    }

    private static void ReadObject(YamlMappingNode map, Kind kind, List<IKubernetesObject> objects, List<IReadOnlyDictionary<string, long>> lines, List<ResourceFileError> errors)
    {
        var before = errors.Count;
        var metadata = Child(map, "metadata") as YamlMappingNode;
        if (metadata is null || string.IsNullOrEmpty(Text(metadata, "name")))
        {
            errors.Add(new ResourceFileError(
                (metadata ?? map).Start.Line, "metadata.name", "is required; it names the object within its namespace"));
        }

        var yaml = new YamlJson(map);
        if (yaml.Endless is { } path)
            errors.Add(new ResourceFileError(yaml.LineOf(path), path, "nests too deeply or repeats too much to be a resource"));
        else
            Check(yaml, kind.Schema, errors);
        if (errors.Count > before)
            return;
        JsonNulls.Remove(yaml.Json);
        using var document = JsonSerializer.SerializeToDocument(yaml.Json, YamlJsonText.Default.JsonNode);
        objects.Add(kind.Deserialize(document.RootElement));
        lines.Add(yaml.Lines);
    }

    private static void Check(YamlJson yaml, Schema schema, List<ResourceFileError> errors)
    {
        var check = new SchemaCheck(
            problem => errors.Add(new ResourceFileError(yaml.LineOf(problem.FieldPath), problem.FieldPath, problem.Message)), yaml.Objection);
        check.Check(yaml.Json, schema, "");
    }

    private static YamlNode? Child(YamlMappingNode map, string name) =>
        map.Children.TryGetValue(new YamlScalarNode(name), out var child) ? child : null;

    private static string? Text(YamlMappingNode map, string name) => (Child(map, name) as YamlScalarNode)?.Value;

    private sealed class Kind(Type type, Func<JsonElement, IKubernetesObject> deserialize)
    {
        // What a server says in the status is not for a person to mend.
        private readonly Lazy<Schema> schema = new(() => SchemaBuilder.ForEntity(type).With("status", new Schema { Type = "object" }));

        public Schema Schema => schema.Value;

        public IKubernetesObject Deserialize(JsonElement json) => deserialize(json);
    }
}
