namespace Kubernetes.Model;

/// <summary>The part of <c>metav1.ObjectMeta</c> that controllers read. Never written back whole: changes go out as patches.</summary>
public sealed class ObjectMeta
{
    public string Name { get; set; } = "";

    public string? Namespace { get; set; }

    public string? Uid { get; set; }

    /// <summary>Opaque; compared for equality only.</summary>
    public string? ResourceVersion { get; set; }

    /// <summary>Counts changes of the spec, from 1; 0 when the server did not say.</summary>
    public long Generation { get; set; }

    public DateTimeOffset? CreationTimestamp { get; set; }

    /// <summary>When deletion was asked for; the object stays until its finalizers are gone.</summary>
    public DateTimeOffset? DeletionTimestamp { get; set; }

    public IDictionary<string, string>? Labels { get; set; }

    public IDictionary<string, string>? Annotations { get; set; }

    public IList<string>? Finalizers { get; set; }

    public IList<OwnerReference>? OwnerReferences { get; set; }
}

/// <summary><c>metav1.OwnerReference</c>.</summary>
public sealed class OwnerReference
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public string Name { get; set; } = "";

    public string Uid { get; set; } = "";

    public bool? Controller { get; set; }
}
