using System.Text.Json.Serialization;

namespace Kubernetes.Model;

/// <summary><c>events.k8s.io/v1 Event</c>: something that happened to an object, for <c>kubectl describe</c>.</summary>
[KubernetesEntity(Group = "events.k8s.io", ApiVersion = "v1", Kind = "Event", PluralName = "events")]
public sealed class EventsV1Event : IKubernetesObject
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public ObjectMeta Metadata { get; set; } = new();

    [JsonConverter(typeof(KubernetesMicroTimeConverter))]
    public DateTimeOffset? EventTime { get; set; }

    public EventSeries? Series { get; set; }

    public string? ReportingController { get; set; }

    public string? ReportingInstance { get; set; }

    /// <summary>What was being done, at most 128 characters; required by the API server.</summary>
    public string? Action { get; set; }

    /// <summary>CamelCase, at most 128 characters.</summary>
    public string? Reason { get; set; }

    public ObjectReference? Regarding { get; set; }

    /// <summary>A sentence for people, at most 1 KiB.</summary>
    public string? Note { get; set; }

    /// <summary><c>Normal</c> or <c>Warning</c>.</summary>
    public string? Type { get; set; }
}

/// <summary>The repetitions of one event, from the second on.</summary>
public sealed class EventSeries
{
    /// <summary>How often it happened, the first time included.</summary>
    public int Count { get; set; }

    [JsonConverter(typeof(KubernetesMicroTimeConverter))]
    public DateTimeOffset LastObservedTime { get; set; }
}

/// <summary>Names one object.</summary>
public sealed class ObjectReference
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public string? Namespace { get; set; }

    public string? Name { get; set; }

    public string? Uid { get; set; }

    public string? ResourceVersion { get; set; }
}
