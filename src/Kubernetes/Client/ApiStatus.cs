namespace Kubernetes.Client;

/// <summary><c>metav1.Status</c>: how the API server explains a refusal, as a response or inside a watch.</summary>
public sealed record ApiStatus
{
    public string? Status { get; init; }

    public string? Message { get; init; }

    /// <summary>One CamelCase word for machines, such as <c>Expired</c> or <c>AlreadyExists</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>The HTTP status code; 0 when absent.</summary>
    public int Code { get; init; }

    public ApiStatusDetails? Details { get; init; }
}

/// <summary>What a refusal is about.</summary>
public sealed record ApiStatusDetails
{
    public string? Name { get; init; }

    public string? Group { get; init; }

    public string? Kind { get; init; }

    public IReadOnlyList<ApiStatusCause>? Causes { get; init; }

    public int? RetryAfterSeconds { get; init; }
}

/// <summary>One reason for a refusal; <see cref="Field"/> is a path such as <c>spec.match.all[1]</c>.</summary>
public sealed record ApiStatusCause
{
    public string? Reason { get; init; }

    public string? Message { get; init; }

    public string? Field { get; init; }
}
