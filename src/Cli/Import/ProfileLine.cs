using System.Text.Json;
using Segmentation.Cli.Reading;

namespace Segmentation.Cli.Import;

/// <summary>A line of a profile file: <c>{"id":"…","properties":{…}}</c>.</summary>
/// <param name="Line">The 1-based line.</param>
/// <param name="Source">The line as it stands in the file.</param>
/// <param name="Id">Empty when there is a problem.</param>
/// <param name="Body">What the server wants: <c>{"properties":{…}}</c>.</param>
/// <param name="Problem">Why the line is no profile, without the customer's data; null when it is one.</param>
internal sealed record ProfileLine(long Line, ReadOnlyMemory<byte> Source, string Id, ReadOnlyMemory<byte> Body, string? Problem)
{
    /// <summary>Copies and reads the line that the reader stands on.</summary>
    public static ProfileLine Of(LineReader lines)
    {
        byte[] source = lines.Bytes.ToArray();
        string? problem = lines.IsTooLong ? $"the line is longer than {LineReader.LongestLineBytes} bytes" : null;
        string id = string.Empty;
        ReadOnlyMemory<byte> body = default;
        problem ??= TryRead(source, out id, out body);
        return new ProfileLine(lines.Line, source, id, body, problem);
    }

    private static string? TryRead(byte[] source, out string id, out ReadOnlyMemory<byte> body)
    {
        id = string.Empty;
        body = default;
        try
        {
            using JsonDocument document = JsonDocument.Parse(source);
            JsonElement profile = document.RootElement;
            if (profile.ValueKind != JsonValueKind.Object)
                return "the line is not a JSON object";
            if (!profile.TryGetProperty("id", out JsonElement idValue) || idValue.ValueKind != JsonValueKind.String || idValue.GetString() is "")
                return "id: a non-empty text is required";
            if (idValue.GetString() is "." or "..")
                return "id: . and .. cannot stand in a URL; choose another id";
            if (!profile.TryGetProperty("properties", out JsonElement properties) || properties.ValueKind != JsonValueKind.Object)
                return "properties: an object is required, such as {\"country\":\"DE\"}";
            id = idValue.GetString()!;
            body = System.Text.Encoding.UTF8.GetBytes($"{{\"properties\":{properties.GetRawText()}}}");
            return null;
        }
        catch (JsonException failure)
        {
            return $"not JSON: column {failure.BytePositionInLine + 1}";
        }
        catch (InvalidOperationException)
        {
            return "not JSON: a text is not UTF-8";
        }
    }
}
