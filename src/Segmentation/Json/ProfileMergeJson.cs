using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Segmentation;

/// <summary>Reads <c>{"into":"…"}</c>; other fields are ignored. Messages name the place and the cure, never a value.</summary>
public static class ProfileMergeJson
{
    private const string Shape = "The body must be a JSON object such as {\"into\":\"c-42\"}.";

    /// <param name="json">UTF-8, with or without a byte order mark.</param>
    /// <param name="into">The id of the profile that another one is merged into.</param>
    /// <param name="error">What is wrong with it.</param>
    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out string? into, [NotNullWhen(false)] out string? error)
    {
        into = null;
        if (json.StartsWith("\uFEFF"u8))
            json = json[3..];
        var reader = new Utf8JsonReader(json);
        try
        {
            error = Read(ref reader, ref into);
        }
        catch (JsonException e)
        {
            // The reader's own message may quote what it stumbled over, so only its position is told.
            error = $"The body is not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}. Nothing of it was accepted.";
        }

        if (error is not null)
            into = null;
        return into is not null;
    }

    private static string? Read(ref Utf8JsonReader reader, ref string? into)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return Shape;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isInto = reader.ValueTextEquals("into"u8);
            reader.Read();
            if (!isInto)
            {
                reader.Skip();
                continue;
            }

            if (into is not null)
                return "into is there twice; keep one.";
            if (reader.TokenType != JsonTokenType.String || !JsonText.TryRead(ref reader, name: false, out into))
                return "into: is not a text; " + Shape;
            if (into.Length is 0 or > EventJson.MaxIdLength || JsonText.HasControlCharacter(into))
                return $"into: the profile id must have 1 to {EventJson.MaxIdLength} characters and no control characters.";
        }

        // Nothing may follow the object: reading on makes the reader say so.
        reader.Read();
        return into is null ? Shape : null;
    }
}
