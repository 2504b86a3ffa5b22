using System.Text.Json.Serialization;

namespace Kubernetes.Model;

/// <summary><c>metav1.Condition</c>: one aspect of an object's state, keyed by <see cref="Type"/>.</summary>
public sealed record Condition
{
    public required string Type { get; init; }

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public required string Status { get; init; }

    /// <summary>CamelCase, one word, for machines.</summary>
    public required string Reason { get; init; }

    /// <summary>A sentence for people.</summary>
    public required string Message { get; init; }

    /// <summary>The <c>metadata.generation</c> that this condition speaks of.</summary>
    public long ObservedGeneration { get; init; }

    /// <summary>When <see cref="Status"/> last changed; not moved by a new reason or message. Written in whole seconds.</summary>
    [JsonConverter(typeof(KubernetesTimeConverter))]
    public DateTimeOffset LastTransitionTime { get; init; }
}
