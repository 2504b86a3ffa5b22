using System.Globalization;
using System.Text.Json.Nodes;

namespace Kubernetes.Tests.Server;

/// <summary>Applies the three kinds of patch that the runtime sends.</summary>
internal static class FakePatches
{
    /// <summary>False when the patch does not hold for this object.</summary>
    public static bool Apply(string contentType, JsonObject target, JsonNode patch)
    {
        switch (contentType)
        {
            case "application/json-patch+json":
                return Json(target, patch.AsArray());
            case "application/merge-patch+json":
                Merge(target, patch.AsObject());
                return true;
            case "application/apply-patch+yaml" when patch["metadata"]!["resourceVersion"] is { } version && !JsonNode.DeepEquals(version, target["metadata"]!["resourceVersion"]):
                return false;
            case "application/apply-patch+yaml":
                target["status"] = patch["status"]?.DeepClone();
                return true;
            default:
                throw new InvalidOperationException($"No server takes a patch of type {contentType}.");
        }
    }

    /// <summary>RFC 7386.</summary>
    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
                target.Remove(name);
            else if (value is JsonObject child && target[name] is JsonObject existing)
                Merge(existing, child);
            else
                target[name] = value.DeepClone();
        }
    }

    /// <summary>RFC 6902 with test, add and remove. False when a test does not hold.</summary>
    private static bool Json(JsonObject target, JsonArray operations)
    {
        foreach (var operation in operations)
        {
            var path = operation!["path"]!.GetValue<string>().TrimStart('/').Split('/');
            JsonNode parent = target;
            foreach (var step in path[..^1])
                parent = parent is JsonArray list ? list[int.Parse(step, CultureInfo.InvariantCulture)]! : parent[step]!;
            var last = path[^1];
            switch (operation["op"]!.GetValue<string>())
            {
                case "test" when !JsonNode.DeepEquals(Child(parent, last), operation["value"]):
                    return false;
                case "add" when parent is JsonArray list && last == "-":
                    list.Add(operation["value"]!.DeepClone());
                    break;
                case "add":
                    parent[last] = operation["value"]!.DeepClone();
                    break;
                case "remove" when parent is JsonArray list:
                    list.RemoveAt(int.Parse(last, CultureInfo.InvariantCulture));
                    break;
                case "remove":
                    parent.AsObject().Remove(last);
                    break;
            }
        }

        return true;
    }

    private static JsonNode? Child(JsonNode parent, string name)
    {
        if (parent is not JsonArray list)
            return parent[name];
        var index = int.Parse(name, CultureInfo.InvariantCulture);
        return index < list.Count ? list[index] : null;
    }
}
