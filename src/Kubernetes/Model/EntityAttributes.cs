namespace Kubernetes.Model;

/// <summary>Names the group, version and kind that a class stands for.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class KubernetesEntityAttribute : Attribute
{
    public string Group { get; set; } = "";

    public string ApiVersion { get; set; } = "v1";

    public string Kind { get; set; } = "";

    public string PluralName { get; set; } = "";
}

/// <summary>Short names for kubectl.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class KubernetesEntityShortNamesAttribute(params string[] shortNames) : Attribute
{
    public IReadOnlyList<string> ShortNames { get; } = shortNames;
}

/// <summary>Categories, such as the one behind <c>kubectl get segmentation</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class KubernetesEntityCategoriesAttribute(params string[] categories) : Attribute
{
    public IReadOnlyList<string> Categories { get; } = categories;
}

/// <summary>A column of <c>kubectl get</c>, in the order of the attributes' <see cref="Order"/>.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class GenericAdditionalPrinterColumnAttribute(string jsonPath, string name, string type) : Attribute
{
    public string JsonPath { get; } = jsonPath;

    public string Name { get; } = name;

    /// <summary><c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c> or <c>date</c>.</summary>
    public string Type { get; } = type;

    public string? Description { get; set; }

    /// <summary>0 is always shown; 1 and up only with <c>-o wide</c>.</summary>
    public int Priority { get; set; }

    public int Order { get; set; }
}

/// <summary>The rights that a controller needs on a kind; the ClusterRole is generated from these.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class EntityRbacAttribute(params Type[] entities) : Attribute
{
    public IReadOnlyList<Type> Entities { get; } = entities;

    public RbacVerb Verbs { get; set; }

    /// <summary>Verbs on the <c>/status</c> subresource.</summary>
    public RbacVerb StatusVerbs { get; set; }

    /// <summary>True: only in the namespace that the program runs in, so that a Role suffices.</summary>
    public bool OwnNamespaceOnly { get; set; }
}

[Flags]
public enum RbacVerb
{
    None = 0,
    Get = 1,
    List = 2,
    Watch = 4,
    Create = 8,
    Update = 16,
    Patch = 32,
    Delete = 64,
}
