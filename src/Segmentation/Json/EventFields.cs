using System.Text.Json;

namespace Segmentation;

/// <summary>The fields of one event while its JSON object is read.</summary>
internal struct EventFields
{
    private string? id;
    private string? name;
    private string? profileId;
    private long? occurredAtMs;
    private decimal? value;
    private PropertyBag? properties;
    private string? refunds;
    private Field seen;

    [Flags]
    private enum Field
    {
        Unknown = 0,
        Id = 1,
        Name = 2,
        ProfileId = 4,
        OccurredAt = 8,
        Value = 16,
        Properties = 32,
        Refunds = 64,
    }

    public int Ignored { get; private set; }

    public EventError Error { get; private set; }

    /// <summary>False sets <see cref="Error"/>. Throws <see cref="JsonException"/> on malformed JSON.</summary>
    public bool TryRead(ref Utf8JsonReader reader, in EventLimits limits)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return Fail("event", "is not a JSON object; write it like {\"id\": …, \"name\": …, \"profileId\": …, \"occurredAt\": …}");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!TryReadField(ref reader, limits))
                return false;
        }

        // Nothing may follow the object: reading on makes the reader say so.
        reader.Read();
        return IsComplete();
    }

    public readonly CustomerEvent ToEvent() => new(id!, name!, profileId!, occurredAtMs!.Value, value, properties, refunds);

    private bool TryReadField(ref Utf8JsonReader reader, in EventLimits limits)
    {
        var field = FieldOf(ref reader);
        if (field == Field.Unknown)
        {
            Ignored++;
            reader.Skip();
            return true;
        }

        if (seen.HasFlag(field))
            return Fail(NameOf(field), "is there twice; keep one");
        seen |= field;
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return true;
        return field switch
        {
            Field.Id => TryReadText(ref reader, "id", EventJson.MaxIdLength, false, out id),
            Field.Name => TryReadText(ref reader, "name", EventJson.MaxNameLength, true, out name),
            Field.ProfileId => TryReadText(ref reader, "profileId", EventJson.MaxIdLength, false, out profileId),
            Field.Refunds => TryReadText(ref reader, "refunds", EventJson.MaxIdLength, false, out refunds),
            Field.OccurredAt => TryReadTime(ref reader, limits),
            Field.Value => TryReadValue(ref reader),
            _ => TryReadProperties(ref reader),
        };
    }

    private bool IsComplete()
    {
        if (id is null)
            return Fail("id", "is missing; give every event an id that is unique in the workspace");
        if (name is null)
            return Fail("name", "is missing; say what happened, like \"placed_order\"");
        if (profileId is null)
            return Fail("profileId", "is missing; say who did it");
        if (occurredAtMs is null)
            return Fail("occurredAt", "is missing; write it like 2026-01-31T09:30:00Z");
        return refunds != id || Fail("refunds", "is the event's own id; give the id of the event that is taken back");
    }

    private bool TryReadText(ref Utf8JsonReader reader, string field, int longest, bool repeats, out string? text)
    {
        text = null;
        if (reader.TokenType != JsonTokenType.String)
            return Fail(field, "is not a text; put it in quotes");
        if (!JsonText.TryRead(ref reader, repeats, out text))
            return Fail(field, "is not Unicode text; send UTF-8");
        if (text.Length == 0)
            return Fail(field, $"is empty; it must have 1 to {longest} characters");
        if (text.Length > longest)
            return Fail(field, $"has {text.Length} characters; at most {longest} are allowed");
        return !JsonText.HasControlCharacter(text) || Fail(field, "has a control character, such as a line break; remove it");
    }

    private bool TryReadTime(ref Utf8JsonReader reader, in EventLimits limits)
    {
        const string cure = "write it like 2026-01-31T09:30:00Z";
        if (reader.TokenType != JsonTokenType.String)
            return Fail("occurredAt", $"{JsonText.Echo(Raw(ref reader))} is not a text; {cure}");
        if (reader.ValueIsEscaped || !Rfc3339.TryParse(reader.ValueSpan, out var ms))
            return Fail("occurredAt", $"\"{JsonText.Echo(reader.ValueSpan)}\" is not RFC 3339; {cure}");
        if (ms is < EventJson.EarliestOccurredAtMs or > EventJson.LatestOccurredAtMs)
            return Fail("occurredAt", $"\"{JsonText.Echo(reader.ValueSpan)}\" lies outside the years 1970 to 2200; check the producer's clock and format");
        if (ms > limits.LatestOccurredAtMs)
        {
            return Fail("occurredAt", $"\"{JsonText.Echo(reader.ValueSpan)}\" lies in the future; the latest accepted now is " +
                $"{Rfc3339.Format(limits.LatestOccurredAtMs)}: check the producer's clock and time zone");
        }

        occurredAtMs = ms;
        return true;
    }

    private bool TryReadValue(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.Number)
            return Fail("value", "is not a number; write it without quotes and with a decimal point, like 12.34");
        if (!JsonDecimal.TryRead(ref reader, out var number))
            return Fail("value", $"{JsonText.Echo(reader.ValueSpan)} has more than 28 digits; round it");
        if (number is < -EventJson.MaxValue or > EventJson.MaxValue)
            return Fail("value", $"{JsonText.Echo(reader.ValueSpan)} lies outside ±1000000000000; check its unit");
        value = number;
        return true;
    }

    private bool TryReadProperties(ref Utf8JsonReader reader)
    {
        if (!PropertyBagJson.TryRead(ref reader, out var bag, out var error))
            return Fail("properties", error);
        properties = bag.Count == 0 ? null : bag;
        return true;
    }

    private bool Fail(string field, string message)
    {
        Error = new EventError(field, message);
        return false;
    }

    private static ReadOnlySpan<byte> Raw(ref Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? "it"u8 : reader.ValueSpan;

    private static Field FieldOf(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("id"u8))
            return Field.Id;
        if (reader.ValueTextEquals("name"u8))
            return Field.Name;
        if (reader.ValueTextEquals("profileId"u8))
            return Field.ProfileId;
        if (reader.ValueTextEquals("occurredAt"u8))
            return Field.OccurredAt;
        if (reader.ValueTextEquals("value"u8))
            return Field.Value;
        if (reader.ValueTextEquals("properties"u8))
            return Field.Properties;
        return reader.ValueTextEquals("refunds"u8) ? Field.Refunds : Field.Unknown;
    }

    private static string NameOf(Field field) => field switch
    {
        Field.Id => "id",
        Field.Name => "name",
        Field.ProfileId => "profileId",
        Field.OccurredAt => "occurredAt",
        Field.Value => "value",
        Field.Properties => "properties",
        _ => "refunds",
    };
}
