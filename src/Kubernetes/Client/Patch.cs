using System.Text;
using System.Text.Json.Nodes;

namespace Kubernetes.Client;

/// <summary>A change to send: only what changes, never the whole object.</summary>
public sealed class Patch
{
    private Patch(string contentType, JsonNode body)
    {
        ContentType = contentType;
        Body = Encoding.UTF8.GetBytes(body.ToJsonString());
    }

    public string ContentType { get; }

    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>True when the patch is a server-side apply, which needs a field manager.</summary>
    internal bool IsApply => ContentType == "application/apply-patch+yaml";

    /// <summary>RFC 6902: operations applied in order, all or none.</summary>
    public static Patch Json(params IEnumerable<JsonPatchOperation> operations) =>
        new("application/json-patch+json", new JsonArray([.. operations.Select(operation => operation.ToJson())]));

    /// <summary>RFC 7386: the fields given replace; null removes.</summary>
    public static Patch Merge(JsonObject fields) => new("application/merge-patch+json", fields);

    /// <summary>Server-side apply: the fields that this field manager wants, whole.</summary>
    public static Patch Apply(JsonObject fields) => new("application/apply-patch+yaml", fields);
}

/// <summary>One operation of a JSON patch. Paths are JSON pointers.</summary>
public sealed record JsonPatchOperation(string Operation, string Path, JsonNode? Value = null)
{
    /// <summary>The patch fails as a whole when the value at the path is another one.</summary>
    public static JsonPatchOperation Test(string path, JsonNode? value) => new("test", path, value);

    public static JsonPatchOperation Add(string path, JsonNode? value) => new("add", path, value);

    public static JsonPatchOperation Remove(string path) => new("remove", path);

    internal JsonNode ToJson()
    {
        var json = new JsonObject { ["op"] = Operation, ["path"] = Path };
        if (Operation != "remove")
            json["value"] = Value?.DeepClone();
        return json;
    }
}
