using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Segmentation.Operator.Http;

/// <summary>The body of a property change: <c>{"properties":{…}}</c>; other fields are ignored.</summary>
/// <param name="Properties">Those with a value.</param>
/// <param name="Removed">Names whose value is null.</param>
internal sealed record ProfileBody(PropertyBag Properties, IReadOnlyList<string> Removed)
{
    private const string Shape = "The body must be a JSON object such as {\"properties\":{\"country\":\"DE\"}}.";

    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out ProfileBody? parsed, [NotNullWhen(false)] out string? error)
    {
        parsed = null;
        error = Shape;
        if (body.StartsWith("\uFEFF"u8)) body = body[3..];
        var reader = new Utf8JsonReader(body);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isProperties = reader.ValueTextEquals("properties"u8);
                reader.Read();
                if (!isProperties)
                {
                    reader.Skip();
                    continue;
                }
                if (reader.TokenType != JsonTokenType.StartObject) return false;
                if (parsed is not null)
                {
                    parsed = null;
                    error = "properties is there twice; keep one.";
                    return false;
                }
                parsed = ReadProperties(ref reader);
            }

            // Nothing may follow the object: reading on makes the reader say so.
            reader.Read();
        }
        catch (JsonException e)
        {
            parsed = null;

            // PropertyBag's messages name the property and the cure; the reader's own may quote what it stumbled over, so only its position is told.
            error = e.BytePositionInLine is null
                ? $"properties: {e.Message}."
                : $"The body is not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}. Nothing of it was accepted.";
            return false;
        }
        return parsed is not null;
    }

    private static ProfileBody ReadProperties(ref Utf8JsonReader reader)
    {
        var ahead = reader;
        var properties = PropertyBag.ReadJson(ref reader); // checks the names, so that they can be read as texts
        return new ProfileBody(properties, NullNames(ahead));
    }

    private static List<string> NullNames(Utf8JsonReader reader)
    {
        var names = new List<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null) names.Add(name);
            reader.Skip();
        }
        return names;
    }
}
