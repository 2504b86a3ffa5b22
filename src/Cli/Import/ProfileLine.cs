using System.Text.Json;
using Segmentation.Cli.Reading;

namespace Segmentation.Cli.Import;

/// <summary>A line of a profile file: <c>{"id":"…","properties":{…},"consent":{…},"suppressed":{…}}</c>, at least one of the three.</summary>
/// <param name="Line">The 1-based line.</param>
/// <param name="Source">The line as it stands in the file.</param>
/// <param name="Id">Empty when there is a problem.</param>
/// <param name="Body">What the server wants: those of the three that are there.</param>
/// <param name="Problem">Why the line is no profile, without the customer's data; null when it is one.</param>
internal sealed record ProfileLine(long Line, ReadOnlyMemory<byte> Source, string Id, ReadOnlyMemory<byte> Body, string? Problem)
{
    private static readonly (string Field, string Example)[] _parts =
        [("properties", "{\"country\":\"DE\"}"), ("consent", "{\"email\":\"subscribed\"}"), ("suppressed", "{\"email\":true}")];

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
            var parts = new List<string>();
            foreach ((string field, string example) in _parts)
            {
                if (!profile.TryGetProperty(field, out JsonElement part))
                    continue;
                if (part.ValueKind != JsonValueKind.Object)
                    return $"{field}: an object is required, such as {example}";
                parts.Add($"\"{field}\":{part.GetRawText()}");
            }
            if (parts.Count == 0)
                return "properties: an object is required, such as {\"country\":\"DE\"}; or give consent or suppressed";
            id = idValue.GetString()!;
            body = System.Text.Encoding.UTF8.GetBytes($"{{{string.Join(',', parts)}}}");
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
