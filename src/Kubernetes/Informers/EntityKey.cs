using Kubernetes.Model;

namespace Kubernetes.Informers;

/// <summary>An object's place: its namespace (null in the cluster's scope) and name.</summary>
public readonly record struct EntityKey(string? Namespace, string Name)
{
    public static EntityKey Of(IKubernetesObject entity) => new(entity.Metadata.Namespace, entity.Metadata.Name);

    public override string ToString() => Namespace is null ? Name : $"{Namespace}/{Name}";
}
