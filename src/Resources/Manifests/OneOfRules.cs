using System.Reflection;

namespace Segmentation.Resources.Manifests;

/// <summary>Writes <see cref="OneOfAttribute"/> into a schema.</summary>
internal static class OneOfRules
{
    // Words that CEL keeps for itself; a field of that name is written between double underscores.
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
        "namespace", "return", "var", "void", "while",
    };

    /// <summary>
    /// Adds the rule over the fields that exist here. <paramref name="compact"/> says it as a number of fields, as far as that can: in the
    /// many copies of the deepest level the CEL texts would not fit into a CRD that kubectl can apply, nor into the server's cost budget. The
    /// compiler says all of it again.
    /// </summary>
    public static Schema Apply(Type type, Schema schema, bool compact)
    {
        foreach (var oneOf in type.GetCustomAttributes<OneOfAttribute>().Reverse())
            schema = Apply(oneOf, schema, compact);
        return schema;
    }

    /// <summary><c>a, b or c</c>.</summary>
    public static string Listed(IReadOnlyList<string> names) =>
        names.Count < 2 ? string.Concat(names) : string.Join(", ", names.Take(names.Count - 1)) + " or " + names[^1];

    private static Schema Apply(OneOfAttribute oneOf, Schema schema, bool compact)
    {
        var fields = oneOf.Fields.Where(schema.Properties!.ContainsKey).ToList();
        if (fields.Count == 0)
            return schema;
        var others = schema.Properties!.Where(property => !fields.Contains(property.Key)).ToList();
        var alwaysGiven = others.Count(other => schema.Required.Contains(other.Key) || other.Value.Default is not null);
        if (compact && !oneOf.Optional && schema.TooDeepFields.Count == 0)
            return schema with { SizeMinimum = alwaysGiven + 1, SizeMaximum = others.Count + 1 };
        return schema with { Rules = [Rule(oneOf, fields, schema), .. schema.Rules] };
    }

    private static SchemaRule Rule(OneOfAttribute oneOf, List<string> fields, Schema schema)
    {
        if (fields.Count == 1)
            return new SchemaRule($"has(self.{Escaped(fields[0])})", $"give a {oneOf.Noun}: {fields[0]}");
        var given = "[" + string.Join(',', fields.Select(field => $"has(self.{Escaped(field)})")) + "]";
        var deepest = schema.TooDeepFields.Count == 0 ? "" : $" (groups nest at most {schema.NestingLevels} deep)";
        return new SchemaRule(
            given + (oneOf.Optional ? ".filter(x,x).size()<2" : ".exists_one(x,x)"),
            $"give {(oneOf.Optional ? "at most" : "exactly")} one {oneOf.Noun}: {Listed(fields)}{deepest}");
    }

    private static string Escaped(string field) => Reserved.Contains(field) ? $"__{field}__" : field;
}
