using System.Text.Json;

namespace Segmentation.Cli.Definitions;

/// <summary>Reads the JSON of foreign systems.</summary>
internal static class SourceJson
{
    // Of two fields with one name, one would be passed over.
    private static readonly JsonDocumentOptions _options = new() { AllowDuplicateProperties = false };

    /// <exception cref="CliException">It is not JSON, or has the same field twice in one object.</exception>
    public static JsonDocument Read(Stream stream, string name)
    {
        try
        {
            return JsonDocument.Parse(stream, _options);
        }
        catch (JsonException failure)
        {
            // The reader's own message may quote what it stumbled over.
            string place = failure.LineNumber is { } line ? $" at line {line + 1}, byte {failure.BytePositionInLine + 1}" : ", or has a field twice";
            throw CliException.BadInput($"{name} is not JSON{place}", "save the whole answer of the API, and nothing else");
        }
    }
}
