namespace Kubernetes.Tests.Server;

/// <summary>A request's path, taken apart.</summary>
/// <param name="Collection">Group, version and plural, without the namespace.</param>
internal sealed record ApiPath(string Collection, string? Namespace, string? Name, string? Subresource)
{
    public string ObjectPath => $"{Collection}/{Namespace}/{Name}";

    public static ApiPath Parse(string path)
    {
        var parts = path.Trim('/').Split('/').ToList();
        var prefix = parts[0] == "api" ? 2 : 3;
        var group = string.Join('/', parts.Take(prefix));
        var rest = parts.Skip(prefix).ToList();
        string? @namespace = null;
        if (rest.Count > 2 && rest[0] == "namespaces")
        {
            @namespace = rest[1];
            rest = rest[2..];
        }

        return new ApiPath($"{group}/{rest[0]}", @namespace, rest.ElementAtOrDefault(1), rest.ElementAtOrDefault(2));
    }
}
