using System.Text.Json;
using Kubernetes.Model;

namespace Kubernetes.Client;

/// <summary>Reads a list item by item, so that one object that does not fit costs only itself.</summary>
internal static class ListReader
{
    /// <exception cref="JsonException">The text is not a list.</exception>
    public static EntityList<T> Read<T>(ReadOnlyMemory<byte> utf8, EntityType<T> type)
        where T : class, IKubernetesObject
    {
        using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = JsonDepth.Max });
        var meta = document.RootElement.TryGetProperty("metadata", out var metadata)
            ? metadata.Deserialize(ProtocolJson.Default.ListMeta) ?? new ListMeta()
            : throw new JsonException($"A list of {type.Plural} must have metadata.");
        var items = new List<T>();
        var undecodable = new List<UndecodableObject>();
        if (document.RootElement.TryGetProperty("items", out var array) && array.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in array.EnumerateArray())
                Add(item, type, items, undecodable);
        }

        var next = string.IsNullOrEmpty(meta.Continue) ? null : meta.Continue;
        return new EntityList<T>(items, meta.ResourceVersion, next, undecodable);
    }

    private static void Add<T>(JsonElement item, EntityType<T> type, List<T> items, List<UndecodableObject> undecodable)
        where T : class, IKubernetesObject
    {
        try
        {
            items.Add(type.Complete(item.Deserialize(type.Json) ?? throw new JsonException("The object is null.")));
        }
        catch (Exception e) when (DecodeErrors.Are(e))
        {
            var metadata = item.Deserialize(ProtocolJson.Default.PartialObject)?.Metadata ?? new ObjectMeta();
            undecodable.Add(new(metadata.Namespace, metadata.Name, metadata.ResourceVersion, DecodeErrors.Describe(e)));
        }
    }
}
