namespace Kubernetes.Model;

/// <summary>Whether objects of a kind live in a namespace or in the cluster as a whole.</summary>
public enum EntityScope
{
    Namespaced = 0,
    Cluster = 1,
}

/// <summary>Says where objects of a kind live; namespaced when the attribute is absent.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class EntityScopeAttribute(EntityScope scope) : Attribute
{
    public EntityScope Scope { get; } = scope;
}
