namespace Kubernetes.Model;

/// <summary><c>v1 Secret</c>, as far as an operator reads it.</summary>
[KubernetesEntity(ApiVersion = "v1", Kind = "Secret", PluralName = "secrets")]
public sealed class V1Secret : IKubernetesObject
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public ObjectMeta Metadata { get; set; } = new();

    public string? Type { get; set; }

    /// <summary>The values, decoded from base64.</summary>
    public IDictionary<string, byte[]>? Data { get; set; }
}
