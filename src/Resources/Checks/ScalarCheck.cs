using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Segmentation.Resources.Manifests;

namespace Segmentation.Resources;

/// <summary>What an API server would refuse about one value.</summary>
internal static class ScalarCheck
{
    // The patterns that conditions use, in words.
    private static readonly Dictionary<string, string> Cures = new(StringComparer.Ordinal)
    {
        [TimeframeSpec.DatePattern] = DateCompiler.HowToWrite,
        [TimeframeSpec.CalendarPattern] = CalendarPhrase.HowToWrite,
        [RegularConditionSpec.PeriodPattern] = "is no period; write a duration such as 30d, or day, week, month, quarter or year",
        [ConsentConditionSpec.ChannelPattern] = "is no channel; write lower-case letters, digits, - and _, such as email or sms",
        [NearSpec.DistancePattern] = NearSpec.HowToWriteDistance,
    };

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
    public static string? Problem(Schema schema, JsonValue value)
    {
        var kind = value.GetValueKind();
        var written = kind == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
        var fits = schema.Type switch
        {
            null => kind == JsonValueKind.String || (kind == JsonValueKind.Number && IsWhole(written)),
            "string" => kind == JsonValueKind.String,
            "integer" => kind == JsonValueKind.Number && IsWhole(written),
            "number" => kind == JsonValueKind.Number,
            "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
            _ => false,
        };
        if (!fits)
            return $"expected {Expected(schema)}, found {Cut(written)}{QuoteHint(schema, kind, written)}";
        return kind switch
        {
            JsonValueKind.Number when schema.Type is not null => Number(schema, written),
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

    private static string? Number(Schema schema, string written)
    {
        if (!decimal.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
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
        if (schema.Pattern == DurationText.Pattern && !DurationText.TryParse(text, out _, out var error))
            return error;
        var matches = schema.Pattern is null || Regex.IsMatch(text, schema.Pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        if (!matches && Cures.TryGetValue(schema.Pattern!, out var cure))
            return $"\"{Cut(text)}\" {cure}";
        return Size(schema, CodePoints(text), "characters") ?? (matches ? null : $"does not match {schema.Pattern}");
    }

    private static string QuoteHint(Schema schema, JsonValueKind kind, string written)
    {
        var isBare = kind is JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number;
        if (isBare && schema.Enum.Count == 0 && schema.Type is null or "string")
            return $"; write \"{Cut(written)}\"";
        var isQuotedNumber = kind == JsonValueKind.String && CoreSchema.Resolve(written)?.GetValueKind() == JsonValueKind.Number;
        return isQuotedNumber && schema.Type is "integer" or "number" ? "; write it without quotes" : "";
    }

    private static bool IsWhole(string written) => long.TryParse(written, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    private static int CodePoints(string text) => text.Length - text.Count(char.IsLowSurrogate);

    private static string Cut(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
