using System.Text.Json.Serialization;

namespace Kubernetes.Model;

/// <summary>Anything that the API server stores: a type, a kind and metadata.</summary>
public interface IKubernetesObject
{
    string? ApiVersion { get; set; }

    string? Kind { get; set; }

    ObjectMeta Metadata { get; set; }
}

/// <summary>An object with a declared state.</summary>
public interface ISpec<TSpec>
{
    TSpec Spec { get; set; }
}

/// <summary>An object with an observed state, written through the <c>/status</c> subresource.</summary>
public interface IStatus<TStatus>
{
    TStatus Status { get; set; }
}

/// <summary>A custom resource without a status.</summary>
public abstract class CustomKubernetesEntity<TSpec> : IKubernetesObject, ISpec<TSpec>
    where TSpec : new()
{
    [JsonPropertyOrder(-3)]
    public string? ApiVersion { get; set; }

    [JsonPropertyOrder(-2)]
    public string? Kind { get; set; }

    [JsonPropertyOrder(-1)]
    public ObjectMeta Metadata { get; set; } = new();

    public TSpec Spec { get; set; } = new();
}

/// <summary>A custom resource with a spec and a status.</summary>
public abstract class CustomKubernetesEntity<TSpec, TStatus> : CustomKubernetesEntity<TSpec>, IStatus<TStatus>
    where TSpec : new()
    where TStatus : new()
{
    public TStatus Status { get; set; } = new();
}
