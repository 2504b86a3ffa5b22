using System.Text.Json.Nodes;

namespace Segmentation.Resources;

/// <summary>An explicit null is the same as leaving the field out, as on an API server.</summary>
internal static class JsonNulls
{
    /// <summary>Takes out every field of the tree that is null.</summary>
    public static void Remove(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
                Remove(item);
        }
        else if (node is JsonObject map)
        {
            foreach (var (name, value) in map.ToList())
            {
                if (value is null)
                    map.Remove(name);
                else
                    Remove(value);
            }
        }
    }
}
