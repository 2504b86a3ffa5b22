using System.Text.Json.Serialization;

namespace Kubernetes.Model;

/// <summary><c>coordination.k8s.io/v1 Lease</c>.</summary>
[KubernetesEntity(Group = "coordination.k8s.io", ApiVersion = "v1", Kind = "Lease", PluralName = "leases")]
public sealed class V1Lease : IKubernetesObject
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public ObjectMeta Metadata { get; set; } = new();

    public V1LeaseSpec? Spec { get; set; }
}

/// <summary>Who holds a lease and until when, as its holder last wrote it.</summary>
public sealed record V1LeaseSpec
{
    /// <summary>Empty when the lease was given up.</summary>
    public string? HolderIdentity { get; init; }

    public int? LeaseDurationSeconds { get; init; }

    [JsonConverter(typeof(KubernetesMicroTimeConverter))]
    public DateTimeOffset? AcquireTime { get; init; }

    [JsonConverter(typeof(KubernetesMicroTimeConverter))]
    public DateTimeOffset? RenewTime { get; init; }

    public int? LeaseTransitions { get; init; }
}
