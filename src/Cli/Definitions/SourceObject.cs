using System.Text.Json;

namespace Segmentation.Cli.Definitions;

/// <summary>
/// One JSON object of a foreign definition. It knows where it stands and which of its fields were read, so that none is passed over:
/// <see cref="Close"/> reports what is left. Null counts as absent. Everything here throws <see cref="NotCarriedOverException"/> when a
/// field is
/// not of the kind that is asked for.
/// </summary>
internal sealed class SourceObject
{
    private readonly JsonElement _json;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly List<SourceObject> _children = [];

    private SourceObject(JsonElement json, string path) => (_json, Path) = (json, path);

    public string Path { get; }

    public static SourceObject Of(JsonElement json, string path) =>
        json.ValueKind == JsonValueKind.Object ? new SourceObject(json, path) : throw NotOfKind(path, "an object", json);

    public string At(string field) => $"{Path}.{field}";

    /// <summary>Whether the field is there; this alone does not count as reading it.</summary>
    public bool Has(string field) => _json.TryGetProperty(field, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    public string Text(string field) => TextOrNull(field) ?? throw Missing(field);

    public string? TextOrNull(string field) =>
        Find(field, "text", static json => json.ValueKind == JsonValueKind.String) is { } json ? TextOf(json, At(field)) : null;

    public bool Flag(string field) => FlagOrNull(field) ?? throw Missing(field);

    public bool? FlagOrNull(string field) =>
        Find(field, "true or false", static json => json.ValueKind is JsonValueKind.True or JsonValueKind.False)?.GetBoolean();

    /// <summary>A number that an API server keeps as it is: at most 15 significant digits, at most 10¹² away from 0.</summary>
    public decimal Number(string field)
    {
        JsonElement json = Find(field, "a number", static json => json.ValueKind == JsonValueKind.Number) ?? throw Missing(field);
        if (json.TryGetDecimal(out decimal number) && Math.Abs(number) <= EventJson.MaxValue && (decimal)(double)number == number)
            return number;
        throw new NotCarriedOverException(
            At(field), "this number", "has more than 15 significant digits, or is more than 10¹² away from 0", "round it");
    }

    public int Whole(string field)
    {
        JsonElement json = Find(field, "a whole number", static json => json.ValueKind == JsonValueKind.Number) ?? throw Missing(field);
        return json.TryGetInt32(out int whole) ? whole : throw NotOfKind(At(field), "a whole number", json);
    }

    public SourceObject Object(string field) => ObjectOrNull(field) ?? throw Missing(field);

    public SourceObject? ObjectOrNull(string field) =>
        Find(field, "an object", static json => json.ValueKind == JsonValueKind.Object) is { } json ? Child(json, At(field)) : null;

    /// <summary>The objects of a list; none when the field is absent.</summary>
    public IReadOnlyList<SourceObject> Objects(string field) =>
        [.. Elements(field).Select(element => Child(element.Json, element.Path))];

    /// <summary>The texts of a list of texts; numbers are taken as they are written.</summary>
    public IReadOnlyList<string> Texts(string field) => Has(field)
        ? [.. Elements(field).Select(element => element.Json.ValueKind switch
        {
            JsonValueKind.String => TextOf(element.Json, element.Path),
            JsonValueKind.Number => element.Json.GetRawText(),
            _ => throw NotOfKind(element.Path, "text", element.Json),
        })]
        : throw Missing(field);

    /// <summary>The elements of a list, each with its path; none when the field is absent.</summary>
    public IEnumerable<(JsonElement Json, string Path)> Elements(string field)
    {
        JsonElement? list = Find(field, "a list", static json => json.ValueKind == JsonValueKind.Array);
        return list is { } json ? json.EnumerateArray().Select((element, i) => (element, $"{At(field)}[{i}]")) : [];
    }

    /// <summary>The raw field, counted as read; null when it is absent.</summary>
    public JsonElement? Raw(string field) => Find(field, "", static _ => true);

    /// <summary>Counts fields as read that say nothing of who belongs to a segment.</summary>
    public void Ignore(params ReadOnlySpan<string> fields) => _read.UnionWith(fields.ToArray());

    /// <summary>The fields that say something and that nobody has read.</summary>
    public IReadOnlyList<string> Unread() =>
        [.. _json.EnumerateObject().Where(field => !IsEmpty(field.Value) && !_read.Contains(field.Name)).Select(field => field.Name)];

    /// <summary>Throws when a field of this object, or of one that was read from it, was not read.</summary>
    public void Close()
    {
        if (Unread() is [var first, ..] unread)
        {
            string what = unread.Count == 1 ? $"field {first}" : $"fields {string.Join(", ", unread)}";
            throw new NotCarriedOverException(At(first), what, "not known here, and may change what the rest means");
        }
        foreach (SourceObject child in _children)
            child.Close();
    }

    /// <summary>For a field that cannot be carried over.</summary>
    public NotCarriedOverException Lost(string field, string what, string why, string todo = NotCarriedOverException.ByHand) =>
        new(At(field), what, why, todo);

    /// <summary>For a text that is none of those that the importer knows.</summary>
    public NotCarriedOverException NotKnown(string field, string value, string why = "not known to the importer") =>
        new(At(field), $"{field} \"{value}\"", why);

    private SourceObject Child(JsonElement json, string path)
    {
        SourceObject child = Of(json, path);
        _children.Add(child);
        return child;
    }

    private JsonElement? Find(string field, string kind, Func<JsonElement, bool> isOfKind)
    {
        _read.Add(field);
        if (!Has(field))
            return null;
        JsonElement value = _json.GetProperty(field);
        return isOfKind(value) ? value : throw NotOfKind(At(field), kind, value);
    }

    private static bool IsEmpty(JsonElement json) =>
        json.ValueKind == JsonValueKind.Null || (json.ValueKind == JsonValueKind.Array && json.GetArrayLength() == 0);

    // JSON can escape halves of surrogate pairs, which are no text.
    private static string TextOf(JsonElement json, string path)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new NotCarriedOverException(path, "this text", "has half of a surrogate pair in it", "mend the text");
        }
    }

    private NotCarriedOverException Missing(string field) => new(At(field), $"field {field}", "missing");

    private static NotCarriedOverException NotOfKind(string path, string kind, JsonElement json) =>
        new(path, "this", $"{json.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            JsonValueKind.String => "text",
            JsonValueKind.Number => "a number",
            JsonValueKind.Null => "null",
            _ => "true or false",
        }}, not {kind}");
}
