namespace Kubernetes.Client;

/// <summary>One page of a collection.</summary>
/// <param name="ResourceVersion">The version of the whole collection: where a watch continues.</param>
/// <param name="Continue">The token of the next page; null on the last one.</param>
/// <param name="Undecodable">Objects that are there but cannot be read as <typeparamref name="T"/>.</param>
public sealed record EntityList<T>(
    IReadOnlyList<T> Items, string? ResourceVersion, string? Continue, IReadOnlyList<UndecodableObject> Undecodable);

/// <summary>An object that the server stores but that does not fit the type, such as one from before its schema was tightened.</summary>
public sealed record UndecodableObject(string? Namespace, string Name, string? ResourceVersion, string Error);

/// <summary>Which part of a collection to list.</summary>
public sealed record ListOptions
{
    /// <summary>Objects per page; null leaves it to the server.</summary>
    public int? Limit { get; init; }

    public string? Continue { get; init; }

    /// <summary>Null asks for the newest state; "0" takes whatever the server has at hand.</summary>
    public string? ResourceVersion { get; init; }

    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    internal string ToQuery()
    {
        var query = new QueryString();
        query.Add("limit", Limit?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        query.Add("continue", Continue);
        // The version is part of a continue token; sending both is an error.
        query.Add("resourceVersion", Continue is null ? ResourceVersion : null);
        query.Add("labelSelector", LabelSelector);
        query.Add("fieldSelector", FieldSelector);
        return query.ToString();
    }
}
