using System.Text.Json;

namespace Segmentation.Cli.Output;

/// <summary>Shows a JSON object to a person: scalars first as a list, then each object as a titled list and each list of objects as a table.</summary>
internal static class JsonAsText
{
    public static void Write(TextWriter output, JsonElement document)
    {
        if (document.ValueKind != JsonValueKind.Object)
        {
            output.WriteLine(Cell(document));
            return;
        }
        WriteFields(output, document, string.Empty);
    }

    private static void WriteFields(TextWriter output, JsonElement fields, string indent)
    {
        JsonProperty[] all = [.. fields.EnumerateObject()];
        JsonProperty[] simple = [.. all.Where(field => !IsNested(field.Value))];
        int width = simple.Select(field => field.Name.Length).DefaultIfEmpty().Max();
        foreach (JsonProperty field in simple)
            output.WriteLine($"{indent}{field.Name.PadRight(width)}   {Cell(field.Value)}".TrimEnd());
        foreach (JsonProperty field in all.Where(field => IsNested(field.Value)))
        {
            output.WriteLine($"{indent}{field.Name}:");
            if (field.Value.ValueKind == JsonValueKind.Object)
                WriteFields(output, field.Value, indent + "  ");
            else
                WriteRows(output, field.Value, indent + "  ");
        }
    }

    private static void WriteRows(TextWriter output, JsonElement rows, string indent)
    {
        string[] columns = [.. rows.EnumerateArray().SelectMany(row => row.EnumerateObject()).Select(field => field.Name).Distinct()];
        var table = new TextTable([.. columns.Select(Title)]);
        foreach (JsonElement row in rows.EnumerateArray())
            table.Add([.. columns.Select(column => row.TryGetProperty(column, out JsonElement value) ? Cell(value) : string.Empty)]);
        table.WriteTo(output, indent);
    }

    /// <summary>As kubectl writes titles: nextChange becomes NEXT-CHANGE.</summary>
    private static string Title(string name) =>
        string.Concat(name.Select(character => char.IsUpper(character) ? $"-{character}" : $"{char.ToUpperInvariant(character)}"));

    private static bool IsNested(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.GetPropertyCount() > 0,
        JsonValueKind.Array => value.GetArrayLength() > 0 && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object),
        _ => false,
    };

    private static string Cell(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => string.Empty,
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Cell)),
        _ => value.GetRawText(),
    };
}
