using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Segmentation.Resources.Manifests;

namespace Segmentation.Resources;

/// <summary>What an API server would refuse about one value, in words that say how to mend it.</summary>
internal static class SchemaCheck
{
    /// <summary>Such as <c>a number</c> or <c>one of member or notMember</c>.</summary>
    public static string Expected(Schema schema) => schema.Type switch
    {
        null => "text or a whole number",
        "string" when schema.Enum.Count > 0 => $"one of {OneOfRules.Listed(schema.Enum)}",
        "string" => "text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        _ => schema.Properties is null ? "fields" : $"fields ({OneOfRules.Listed([.. schema.Properties.Keys])})",
    };

    /// <summary>Null when the scalar is fine.</summary>
    public static string? Scalar(Schema schema, JsonNode value, string written)
    {
        var kind = value.GetValueKind();
        var fits = schema.Type switch
        {
            null => kind == JsonValueKind.String || (kind == JsonValueKind.Number && IsWhole(value)),
            "string" => kind == JsonValueKind.String,
            "integer" => kind == JsonValueKind.Number && IsWhole(value),
            "number" => kind == JsonValueKind.Number,
            "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
            _ => false,
        };
        if (!fits)
            return $"expected {Expected(schema)}, found {Cut(written)}{QuoteHint(schema, kind, written)}";
        return kind switch
        {
            JsonValueKind.Number when schema.Type is not null => Number(schema, value),
            JsonValueKind.String => Text(schema, written),
            _ => null,
        };
    }

    /// <summary>Null when the size is fine.</summary>
    public static string? Size(Schema schema, int size, string unit)
    {
        if (size > schema.SizeMaximum)
            return $"has {size} {unit}; at most {schema.SizeMaximum} are allowed";
        var verb = schema.SizeMinimum == 1 ? "is" : "are";
        return size < schema.SizeMinimum ? $"has {size} {unit}; at least {schema.SizeMinimum} {verb} needed" : null;
    }

    public static string UnknownField(string name, Schema schema)
    {
        if (schema.TooDeepFields.Contains(name))
            return TooDeep(schema.NestingLevels);
        return NearestName.Of(name, schema.Properties!.Keys) is { } nearest
            ? $"unknown field; did you mean {nearest}?"
            : $"unknown field; known are {string.Join(", ", schema.Properties.Keys)}";
    }

    /// <summary>What is said of a group inside as many groups as may nest.</summary>
    public static string TooDeep(int levels) =>
        $"groups nest at most {levels} deep; move this group into a Segment of its own and refer to it with segment: {{name: …}}";

    private static string? Number(Schema schema, JsonNode value)
    {
        if (!decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return "is too large a number";
        if (schema.Format == "int32" && number is < int.MinValue or > int.MaxValue)
            return "is too large a number";
        if (number < schema.Minimum)
            return $"must be at least {schema.Minimum}, not {number}";
        return number > schema.Maximum ? $"must be at most {schema.Maximum}, not {number}" : null;
    }

    private static string? Text(Schema schema, string text)
    {
        if (schema.Enum.Count > 0 && !schema.Enum.Contains(text))
            return $"expected {Expected(schema)}, found {Cut(text)}{NearestName.Hint(text, schema.Enum)}";
        if (Size(schema, CodePoints(text), "characters") is { } problem)
            return problem;
        if (schema.Pattern == DurationText.Pattern)
            return DurationText.TryParse(text, out _, out var error) ? null : error;
        return schema.Pattern is null || Regex.IsMatch(text, schema.Pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)
            ? null
            : $"does not match {schema.Pattern}";
    }

    private static string QuoteHint(Schema schema, JsonValueKind kind, string written)
    {
        var isBare = kind is JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number;
        if (isBare && schema.Enum.Count == 0 && schema.Type is null or "string")
            return $"; write \"{Cut(written)}\"";
        var isQuotedNumber = kind == JsonValueKind.String && CoreSchema.Resolve(written)?.GetValueKind() == JsonValueKind.Number;
        return isQuotedNumber && schema.Type is "integer" or "number" ? "; write it without quotes" : "";
    }

    private static bool IsWhole(JsonNode value) =>
        long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    private static int CodePoints(string text) => text.Length - text.Count(char.IsLowSurrogate);

    private static string Cut(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
