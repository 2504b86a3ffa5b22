using System.Collections;
using System.Reflection;
using Segmentation.Resources;

namespace Resources.Tests;

/// <summary>
/// The fields of the types that specs are made of, in words such as <c>TimeframeSpec.within</c> after the type that declares them, and
/// <c>ConsentConditionSpec.is=Never</c> for each word of a choice. Read from the types, so that a new field is among them by itself.
/// </summary>
internal static class SpecFields
{
    /// <summary>Every field of the type and of those that it is made of.</summary>
    public static IReadOnlyCollection<string> Of(Type spec)
    {
        var fields = new SortedSet<string>(StringComparer.Ordinal);
        Collect(spec, fields, []);
        return fields;
    }

    /// <summary>The fields of the spec that are not what they would be if they were left out, and each choice that was made.</summary>
    public static IEnumerable<string> SetIn(object spec)
    {
        var untouched = Activator.CreateInstance(spec.GetType())!;
        foreach (var field in Fields(spec.GetType()))
        {
            var value = field.GetValue(spec);
            if (value is Enum)
                yield return $"{Word(field)}={value}";
            if (value is null || Equals(value, field.GetValue(untouched)))
                continue;
            yield return Word(field);
            var parts = value is IEnumerable list and not string ? list.Cast<object>() : [value];
            foreach (var inner in parts.Where(part => IsSpec(part.GetType())).SelectMany(SetIn))
                yield return inner;
        }
    }

    private static void Collect(Type spec, SortedSet<string> fields, HashSet<Type> seen)
    {
        if (!seen.Add(spec))
            return;
        foreach (var field in Fields(spec))
        {
            var type = Nullable.GetUnderlyingType(field.PropertyType) ?? field.PropertyType;
            var part = type.IsGenericType ? type.GetGenericArguments()[0] : type;
            fields.Add(Word(field));
            if (type.IsEnum)
                fields.UnionWith(Enum.GetNames(type).Select(name => $"{Word(field)}={name}"));
            if (IsSpec(part))
                Collect(part, fields, seen);
        }
    }

    private static bool IsSpec(Type type) => type.Namespace == typeof(SegmentSpec).Namespace && type.Name.EndsWith("Spec", StringComparison.Ordinal);

    private static PropertyInfo[] Fields(Type spec) => spec.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static string Word(PropertyInfo field) => $"{field.DeclaringType!.Name}.{char.ToLowerInvariant(field.Name[0])}{field.Name[1..]}";
}
