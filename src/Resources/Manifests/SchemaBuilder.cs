using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Kubernetes.Model;

namespace Segmentation.Resources.Manifests;

/// <summary>Derives a structural schema from a C# type and its attributes.</summary>
internal sealed class SchemaBuilder
{
    // Deeper copies of a nested type go without descriptions: kubectl apply keeps the whole CRD in an annotation of at most 256 KiB.
    private const int DescribedLevels = 1;

    private readonly Dictionary<Type, int> levels = [];

    // A nested type looks the same wherever it stands on one level; without sharing, each level would triple the tree.
    private readonly Dictionary<(Type Type, int Level), Schema> nested = [];

    /// <summary>The schema of a whole object: apiVersion, kind, metadata, spec and status.</summary>
    public static Schema ForEntity(Type entity)
    {
        var builder = new SchemaBuilder();
        var spec = builder.ForObject(entity.GetProperty("Spec")!.PropertyType);
        var properties = new SortedDictionary<string, Schema>(StringComparer.Ordinal)
        {
            ["apiVersion"] = new() { Type = "string" },
            ["kind"] = new() { Type = "string" },
            ["metadata"] = new() { Type = "object" },
            ["spec"] = spec,
        };
        if (entity.GetProperty("Status")?.PropertyType is { } statusType)
            properties["status"] = WithOwnDefaults(builder.ForObject(statusType));
        return new Schema
        {
            Type = "object",
            Description = entity.GetCustomAttribute<DescriptionAttribute>()?.Description,
            Properties = properties,
            Required = ["spec"],
        };
    }

    // A default inside an absent object does nothing: status must appear with its observedGeneration as soon as the object does.
    private static Schema WithOwnDefaults(Schema status) =>
        OwnDefaults(status) is { Count: > 0 } defaults ? status with { Default = defaults } : status;

    // The server checks CEL rules on a default as it is written, so that of an object spells out the defaults of its fields.
    private static JsonNode? Default(PropertyInfo property, Schema schema)
    {
        if (property.GetCustomAttribute<DefaultAttribute>() is not { } attribute)
            return null;
        var json = JsonNode.Parse(attribute.Json);
        return json is JsonObject { Count: 0 } ? OwnDefaults(schema) : json;
    }

    private static JsonObject OwnDefaults(Schema schema)
    {
        var defaults = new JsonObject();
        foreach (var (name, property) in schema.Properties!)
        {
            if (property.Default is { } value)
                defaults[name] = value.DeepClone();
        }

        return defaults;
    }

    private Schema ForObject(Type type)
    {
        if (type == typeof(Condition))
            return ConditionSchema.Value;
        var nesting = type.GetCustomAttribute<NestingLevelsAttribute>();
        var level = levels.GetValueOrDefault(type);
        if (nesting is null)
            return ForObject(type, null, level);
        if (!nested.TryGetValue((type, level), out var schema))
            nested.Add((type, level), schema = ForObject(type, nesting, level));
        return schema;
    }

    private Schema ForObject(Type type, NestingLevelsAttribute? nesting, int level)
    {
        var properties = new SortedDictionary<string, Schema>(StringComparer.Ordinal);
        var required = new List<string>();
        var tooDeep = new List<string>();
        levels[type] = level + 1;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (!property.CanWrite || property.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.Always })
                continue;
            var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            if (nesting is not null && level == nesting.Levels && ElementType(property.PropertyType) == type)
            {
                tooDeep.Add(name);
                continue;
            }

            properties[name] = ForProperty(property);
            if (property.GetCustomAttribute<RequiredAttribute>() is not null)
                required.Add(name);
        }

        levels[type] = level;
        required.Sort(StringComparer.Ordinal);
        var schema = new Schema
        {
            Type = "object",
            Description = Described(type),
            Properties = properties,
            Required = required,
            Rules = [.. RulesOf(type)],
            TooDeepFields = tooDeep,
            NestingLevels = nesting?.Levels ?? 0,
            IsOpen = nesting is not null && level >= nesting.ServerLevels,
        };
        return OneOfRules.Apply(type, schema);
    }

    private Schema ForProperty(PropertyInfo property)
    {
        var schema = ForType(property.PropertyType);
        var length = property.GetCustomAttribute<LengthAttribute>();
        var items = property.GetCustomAttribute<ItemsAttribute>();
        var itemLength = property.GetCustomAttribute<ItemLengthAttribute>();
        if (itemLength is not null)
        {
            var item = schema.Items! with { SizeMaximum = itemLength.Maximum, SizeMinimum = Positive(itemLength.Minimum) };
            schema = schema with { Items = item };
        }

        return schema with
        {
            Description = Described(property) ?? schema.Description,
            Default = Default(property, schema),
            Pattern = property.GetCustomAttribute<PatternAttribute>()?.Pattern,
            SizeMaximum = length?.Maximum ?? items?.Maximum,
            SizeMinimum = Positive(length?.Minimum ?? items?.Minimum),
            Minimum = (decimal?)property.GetCustomAttribute<RangeMinimumAttribute>()?.Minimum ?? schema.Minimum,
            Maximum = (decimal?)property.GetCustomAttribute<RangeMaximumAttribute>()?.Maximum ?? schema.Maximum,
            ListMapKeys = property.GetCustomAttribute<ListMapKeysAttribute>()?.Keys ?? [],
            Rules = [.. schema.Rules, .. RulesOf(property)],
        };
    }

    private Schema ForType(Type declared)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (ElementType(type) is { } element)
            return new Schema { Type = "array", Items = ForType(element) };
        if (type.IsEnum)
            return new Schema { Type = "string", Enum = EnumNames(type) };
        if (type == typeof(ScalarValue))
            return new Schema();
        if (type == typeof(DateTimeOffset))
            return new Schema { Type = "string", Format = "date-time" };
        return Type.GetTypeCode(type) switch
        {
            TypeCode.String => new Schema { Type = "string" },
            TypeCode.Boolean => new Schema { Type = "boolean" },
            TypeCode.Int32 => new Schema { Type = "integer", Format = "int32" },
            TypeCode.Int64 => new Schema { Type = "integer", Format = "int64" },
            TypeCode.Decimal => new Schema { Type = "number" },
            TypeCode.Object when type.IsClass => ForObject(type),
            _ => throw new NotSupportedException($"{type} has no place in a CRD schema."),
        };
    }

    private string? Described(MemberInfo member) =>
        levels.Values.All(level => level <= DescribedLevels) ? member.GetCustomAttribute<DescriptionAttribute>()?.Description : null;

    private static IEnumerable<SchemaRule> RulesOf(MemberInfo member) =>
        member.GetCustomAttributes<ValidationRuleAttribute>().Select(rule => new SchemaRule(rule.Rule, rule.Message));

    private static Type? ElementType(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() is var list && (list == typeof(IReadOnlyList<>) || list == typeof(IList<>))
            ? type.GetGenericArguments()[0]
            : null;

    private static List<string> EnumNames(Type type) =>
        [
            .. type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? field.Name),
        ];

    private static long? Positive(long? size) => size > 0 ? size : null;
}
