using System.Text.Json.Serialization;
using Kubernetes.Client.Configuration;
using Kubernetes.Model;

namespace Kubernetes.Client;

/// <summary>How Kubernetes' own kinds are read and written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(V1Lease))]
[JsonSerializable(typeof(V1Secret))]
[JsonSerializable(typeof(EventsV1Event))]
public sealed partial class KubernetesJson : JsonSerializerContext;

/// <summary>How the protocol around the kinds is read and written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = JsonDepth.Max)]
[JsonSerializable(typeof(ApiStatus))]
[JsonSerializable(typeof(PartialObject))]
[JsonSerializable(typeof(ListMeta))]
[JsonSerializable(typeof(ExecCredentialResponse))]
[JsonSerializable(typeof(ExecCredentialRequest))]
internal sealed partial class ProtocolJson : JsonSerializerContext;

/// <summary>Any object's metadata: enough for bookmarks and for objects whose rest cannot be read.</summary>
internal sealed class PartialObject
{
    public ObjectMeta? Metadata { get; set; }
}

/// <summary><c>metav1.ListMeta</c>.</summary>
internal sealed class ListMeta
{
    public string? ResourceVersion { get; set; }

    public string? Continue { get; set; }
}
