using System.Text.Json;
using Segmentation.Cli.Reading;

namespace Segmentation.Cli.Definitions.Klaviyo;

/// <summary>Names that a file gives to Klaviyo's ids: what the API answers for metrics, lists or segments, or an object of ids and names.</summary>
internal sealed class KlaviyoNames
{
    public static readonly KlaviyoNames None = new();

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    private KlaviyoNames()
    {
    }

    /// <summary>Null for an id that the file does not have.</summary>
    public string? Find(string id) => _names.GetValueOrDefault(id);

    /// <summary>The other ids that have the same name, in ordinal order.</summary>
    public IReadOnlyList<string> SharedWith(string id) =>
        [.. _names.Where(name => name.Key != id && name.Value == _names[id]).Select(name => name.Key).Order(StringComparer.Ordinal)];

    /// <param name="path">The file; null for none.</param>
    /// <param name="option">The option that named it, for errors.</param>
    /// <param name="asGiven">Checks a name that a person chose; null refuses it.</param>
    /// <param name="asInKlaviyo">Makes a name of one that the API answered; null when none can be made, and then the id is passed over.</param>
    /// <exception cref="CliException">The file cannot be read, or is not of one of these forms.</exception>
    public static KlaviyoNames Read(string? path, string option, Func<string, string?> asGiven, Func<string, string?> asInKlaviyo)
    {
        if (path is null)
            return None;
        using FileStream stream = InputFile.Open(path);
        using JsonDocument document = SourceJson.Read(stream, path);
        var names = new KlaviyoNames();
        JsonElement root = document.RootElement;
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("data", out JsonElement data) && data.ValueKind == JsonValueKind.Array)
            root = data;
        if (root.ValueKind == JsonValueKind.Array)
            names.AddAnswered(root, asInKlaviyo);
        else if (root.ValueKind == JsonValueKind.Object)
            names.AddChosen(root, $"{option} {path}", asGiven);
        if (names._names.Count == 0)
            throw CliException.BadInput(
                $"{option} {path} holds no names", "give what the API answered, or an object such as {\"Y6nRLr\": \"newsletter\"}");
        return names;
    }

    private void AddAnswered(JsonElement list, Func<string, string?> asInKlaviyo)
    {
        foreach (JsonElement element in list.EnumerateArray())
        {
            if (element.ValueKind == JsonValueKind.Object && TextIn(element, "id") is { } id
                && element.TryGetProperty("attributes", out JsonElement attributes) && attributes.ValueKind == JsonValueKind.Object
                && TextIn(attributes, "name") is { } title && asInKlaviyo(title) is { } name)
                _names[id] = name;
        }
    }

    private void AddChosen(JsonElement map, string file, Func<string, string?> asGiven)
    {
        foreach (JsonProperty field in map.EnumerateObject())
        {
            if (field.Value.ValueKind != JsonValueKind.String || asGiven(field.Value.GetString()!) is not { } name)
                throw CliException.BadInput($"{file}: the name of {field.Name} cannot be used here");
            _names[field.Name] = name;
        }
    }

    private static string? TextIn(JsonElement json, string field) =>
        json.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
