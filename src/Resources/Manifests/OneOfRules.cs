using System.Reflection;

namespace Segmentation.Resources.Manifests;

/// <summary>Writes <see cref="OneOfAttribute"/> into a schema.</summary>
internal static class OneOfRules
{
    // Longer lists are a wall of words in which nobody finds anything; the documentation has a table.
    private const int NamesShownMax = 12;

    // Words that CEL keeps for itself; a field of that name is written between double underscores.
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
        "namespace", "return", "var", "void", "while",
    };

    /// <summary>
    /// Adds one rule for each choice that the type and those that it inherits from offer, its own first, over the fields that exist here.
    /// Where an open object is nothing but a choice, the server counts its fields, as it can do no more.
    /// </summary>
    public static Schema Apply(Type type, Schema schema)
    {
        var rules = new List<SchemaRule>();
        foreach (var oneOf in type.GetCustomAttributes<OneOfAttribute>())
        {
            var fields = oneOf.Fields.Where(schema.Properties!.ContainsKey).ToList();
            if (fields.Count == 0)
                continue;
            rules.Add(Rule(oneOf, fields));
            if (schema.IsOpen && !oneOf.Optional && fields.Count == schema.Properties!.Count)
                schema = schema with { SizeMinimum = 1, SizeMaximum = 1 };
            schema = schema with { HasOperators = schema.HasOperators || oneOf.AreOperators };
        }

        return schema with { Rules = [.. rules, .. schema.Rules] };
    }

    /// <summary><c>a, b or c</c>; of very many the first, and where the others are.</summary>
    public static string Listed(IReadOnlyList<string> names, string conjunction = "or")
    {
        var shown = names.Count > NamesShownMax ? NamesShownMax - 2 : names.Count - 1;
        var last = names.Count > NamesShownMax ? $"{names.Count - shown} others (docs/conditions.md lists them)" : names[^1];
        return shown == 0 ? last : $"{string.Join(", ", names.Take(shown))} {conjunction} {last}";
    }

    private static SchemaRule Rule(OneOfAttribute oneOf, List<string> fields)
    {
        if (fields.Count == 1 && !oneOf.Optional)
            return new SchemaRule($"has(self.{Escaped(fields[0])})", $"give a {oneOf.Noun}: {fields[0]}");
        var given = "[" + string.Join(',', fields.Select(field => $"has(self.{Escaped(field)})")) + "]";
        return new SchemaRule(
            given + (oneOf.Optional ? ".filter(x,x).size()<2" : ".exists_one(x,x)"),
            $"give {(oneOf.Optional ? "at most" : "exactly")} one {oneOf.Noun}: {Listed(fields)}");
    }

    private static string Escaped(string field) => Reserved.Contains(field) ? $"__{field}__" : field;
}
