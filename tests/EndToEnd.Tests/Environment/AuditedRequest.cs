using System.Text.Json;

namespace EndToEnd.Tests;

/// <summary>One request of the operator as the API server's audit log has it.</summary>
/// <param name="Right">What it needs, as <c>VERB RESOURCE.GROUP</c>, with the subresource after the resource.</param>
/// <param name="IsForbidden">Whether the account lacked that right. Other refusals, such as of new objects in a namespace that is going, are none of it.</param>
public sealed record AuditedRequest(string Right, string Path, int Code, bool IsForbidden)
{
    /// <summary>Null for a line that is not complete yet, and for requests that are about no resource.</summary>
    public static AuditedRequest? Parse(string line)
    {
        if (!line.EndsWith('}')) return null;
        using var document = JsonDocument.Parse(line);
        var entry = document.RootElement;
        if (!entry.TryGetProperty("objectRef", out var about)) return null;
        var decision = entry.TryGetProperty("annotations", out var annotations) ? Text(annotations, "authorization.k8s.io/decision") : "";
        return new AuditedRequest(
            RightTo(Text(entry, "verb"), Text(about, "apiGroup"), Text(about, "resource"), Text(about, "subresource")),
            Text(entry, "requestURI"), entry.GetProperty("responseStatus").GetProperty("code").GetInt32(), decision == "forbid");
    }

    public static string RightTo(string verb, string group, string resource, string subresource = "") =>
        $"{verb} {resource}{(subresource.Length > 0 ? "/" + subresource : "")}{(group.Length > 0 ? "." + group : "")}";

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString()! : "";
}
