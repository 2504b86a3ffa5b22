namespace Kubernetes.Client;

/// <summary>One call to the API server.</summary>
/// <param name="Path">Relative to the server's address, with the query, without a leading slash.</param>
public sealed record ApiRequest(HttpMethod Method, string Path)
{
    public ReadOnlyMemory<byte>? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>The longest one try may take (for a watch: until the headers have come); null means the client's default.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How often the request is sent at most when the server says to come back later, 1 to 10.</summary>
    public int MaxTries { get; init; } = 10;

    public override string ToString() => $"{Method} {Path}";
}
