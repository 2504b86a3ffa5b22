using System.Text.Json;

namespace Segmentation;

/// <summary>
/// A <see cref="PropertyHistory"/> as JSON: <c>[[ms,{"country":"DE","plan":null}],…]</c>, by instant; for each the properties that changed
/// with the values that they had until then, null for missing.
/// </summary>
public static class PropertyHistoryJson
{
    public static void Write(Utf8JsonWriter writer, PropertyHistory history)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(history);
        writer.WriteStartArray();
        for (var i = 0; i < history.Changes.Count; i++)
        {
            var (atMs, name, before) = history.Changes[i];
            if (i == 0 || history.Changes[i - 1].AtMs != atMs)
            {
                writer.WriteStartArray();
                writer.WriteNumberValue(atMs);
                writer.WriteStartObject();
            }

            writer.WritePropertyName(name);
            if (before is { } value)
                PropertyBagJson.WriteValue(writer, value);
            else
                writer.WriteNullValue();
            if (i + 1 < history.Changes.Count && history.Changes[i + 1].AtMs == atMs)
                continue;
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote; anything else is a <see cref="JsonException"/>.</summary>
    public static PropertyHistory Read(ReadOnlySpan<byte> json)
    {
        var changes = new List<PropertyChange>();
        var reader = new Utf8JsonReader(json);
        Require(reader.Read() && reader.TokenType == JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
        {
            var atMs = 0L;
            Require(reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out atMs));
            Require(reader.Read() && reader.TokenType == JsonTokenType.StartObject);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (!JsonText.TryRead(ref reader, name: true, out var name))
                    throw new JsonException("A name in a property history is not Unicode text.");
                changes.Add(new PropertyChange(atMs, name, ReadValue(ref reader, name)));
            }

            Require(reader.Read() && reader.TokenType == JsonTokenType.EndArray);
        }

        Require(reader.TokenType == JsonTokenType.EndArray);
        changes.TrimExcess();
        return new PropertyHistory(changes);
    }

    private static PropertyValue? ReadValue(ref Utf8JsonReader reader, string name)
    {
        Require(reader.Read());
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        return PropertyBagJson.TryReadValue(ref reader, name, out var value, out var error) ? value : throw new JsonException(error);
    }

    private static void Require(bool isAsWritten)
    {
        if (!isAsWritten)
            throw new JsonException("A property history is not of the form [[ms,{\"name\":value}],…].");
    }
}
