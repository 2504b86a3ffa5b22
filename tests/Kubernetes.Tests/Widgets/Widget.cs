using System.Text.Json.Serialization;
using Kubernetes.Model;

namespace Kubernetes.Tests.Widgets;

/// <summary>The kind that the tests work with.</summary>
[KubernetesEntity(Group = "test.example.com", ApiVersion = "v1", Kind = "Widget", PluralName = "widgets")]
public sealed class Widget : CustomKubernetesEntity<WidgetSpec, WidgetStatus>
{
    public static Widget Named(string @namespace, string name, int size = 1) =>
        new() { Metadata = new ObjectMeta { Namespace = @namespace, Name = name }, Spec = new WidgetSpec { Size = size } };
}

public sealed class WidgetSpec
{
    public int Size { get; set; }

    public decimal? Price { get; set; }
}

public sealed class WidgetStatus
{
    public long ObservedGeneration { get; set; } = -1;

    public int? ObservedSize { get; set; }

    public string? LastHandledReconcileAt { get; set; }

    public IList<Condition>? Conditions { get; set; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Widget))]
public sealed partial class WidgetJson : JsonSerializerContext;
