using System.Reflection;
using System.Text.Json.Nodes;
using Kubernetes.Model;

namespace Segmentation.Resources.Manifests;

/// <summary>Writes the CustomResourceDefinitions of the three kinds from their C# types.</summary>
public static class ManifestWriter
{
    internal const string Header =
        "# Generated from the C# types; a test compares. To change it, change the types and run the tests with UPDATE_MANIFESTS=1.\n";

    /// <summary>The kinds of the group.</summary>
    public static IReadOnlyList<Type> Kinds { get; } = [typeof(Segment), typeof(RfmPolicy), typeof(AudienceSync)];

    /// <summary>File name and content of each CRD, as they stand in <c>config/crd</c>.</summary>
    public static IReadOnlyDictionary<string, string> WriteCrds() =>
        Kinds.ToDictionary(kind => FileName(Entity(kind)), WriteCrd, StringComparer.Ordinal);

    /// <summary>The CRD of one kind as YAML.</summary>
    public static string WriteCrd(Type kind) => Header + YamlText.Write(Crd(kind));

    internal static JsonObject Crd(Type kind)
    {
        var entity = Entity(kind);
        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = $"{entity.PluralName}.{entity.Group}" },
            ["spec"] = new JsonObject
            {
                ["group"] = entity.Group,
                ["names"] = Names(kind, entity),
                ["scope"] = "Namespaced",
                ["versions"] = new JsonArray(Version(kind, entity)),
            },
        };
    }

    private static JsonObject Names(Type kind, KubernetesEntityAttribute entity) => new()
    {
        ["categories"] = Strings(kind.GetCustomAttribute<KubernetesEntityCategoriesAttribute>()?.Categories ?? []),
        ["kind"] = entity.Kind,
        ["listKind"] = entity.Kind + "List",
        ["plural"] = entity.PluralName,
        ["shortNames"] = Strings(kind.GetCustomAttribute<KubernetesEntityShortNamesAttribute>()?.ShortNames ?? []),
        ["singular"] = entity.Kind.ToLowerInvariant(),
    };

    private static JsonObject Version(Type kind, KubernetesEntityAttribute entity) => new()
    {
        ["name"] = entity.ApiVersion,
        ["served"] = true,
        ["storage"] = true,
        ["subresources"] = new JsonObject { ["status"] = new JsonObject() },
        ["additionalPrinterColumns"] = new JsonArray([.. Columns(kind).OrderBy(column => column.Order).Select(Column)]),
        ["schema"] = new JsonObject { ["openAPIV3Schema"] = SchemaJson.Write(SchemaBuilder.ForEntity(kind)) },
    };

    private static IEnumerable<GenericAdditionalPrinterColumnAttribute> Columns(Type kind) =>
        kind.GetCustomAttributes<GenericAdditionalPrinterColumnAttribute>();

    private static JsonObject Column(GenericAdditionalPrinterColumnAttribute column)
    {
        var json = new JsonObject { ["name"] = column.Name, ["type"] = column.Type, ["jsonPath"] = column.JsonPath };
        if (column.Description is not null)
            json["description"] = column.Description;
        if (column.Priority != 0)
            json["priority"] = column.Priority;
        return json;
    }

    internal static KubernetesEntityAttribute Entity(Type kind) =>
        kind.GetCustomAttribute<KubernetesEntityAttribute>()
        ?? throw new ArgumentException($"{kind.Name} has no [KubernetesEntity], so its group and plural name are unknown.", nameof(kind));

    private static string FileName(KubernetesEntityAttribute entity) => $"{entity.Group}_{entity.PluralName}.yaml";

    internal static JsonArray Strings(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
