using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Segmentation;

/// <summary>
/// The JSON form of an event, one object:
/// <c>{"id":"…","name":"placed_order","profileId":"…","occurredAt":"2011-06-01T12:34:56Z","value":12.34,"properties":{"country":"Germany"},"refunds":"…"}</c>.
/// <c>value</c>, <c>properties</c> and <c>refunds</c> may be absent or null. Unknown fields are ignored and counted.
/// </summary>
public static class EventJson
{
    /// <summary>The longest id of an event or a profile, in UTF-16 characters, inclusive. None may be empty.</summary>
    public const int MaxIdLength = 256;

    /// <summary>The longest event name, in UTF-16 characters, inclusive. It may not be empty.</summary>
    public const int MaxNameLength = 128;

    /// <summary>The largest magnitude of a value, inclusive.</summary>
    public const decimal MaxValue = 1e12m;

    /// <summary>1970-01-01T00:00:00Z, the earliest instant at which an event may have occurred, inclusive.</summary>
    public const long EarliestOccurredAtMs = 0;

    /// <summary>2200-12-31T23:59:59.999Z, the latest instant at which an event may have occurred, inclusive.</summary>
    public const long LatestOccurredAtMs = 7_289_654_399_999;

    /// <summary>Reads one event.</summary>
    /// <param name="utf8Object">The whole JSON object, with nothing but white space around it.</param>
    /// <param name="limits">What the event must keep to.</param>
    /// <param name="e">The event; null when the answer is false.</param>
    /// <param name="error">Why the event is refused; the default when the answer is true.</param>
    /// <param name="ignoredFields">How many fields of the object were unknown, as far as it was read.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> utf8Object, in EventLimits limits, [NotNullWhen(true)] out CustomerEvent? e, out EventError error, out int ignoredFields)
    {
        e = null;
        error = default;
        var reader = new Utf8JsonReader(utf8Object);
        var fields = default(EventFields);
        try
        {
            if (fields.TryRead(ref reader, limits))
                e = fields.ToEvent();
            else
                error = fields.Error;
        }
        catch (JsonException malformed)
        {
            // The reader's own message may quote what it stumbled over; the position is enough to find it.
            var line = malformed.LineNumber > 0 ? $"line {malformed.LineNumber + 1}, " : "";
            error = new("event", $"is not valid JSON at {line}byte {malformed.BytePositionInLine + 1}; send one complete JSON object");
        }

        ignoredFields = fields.Ignored;
        return e is not null;
    }

    /// <summary>Writes the event in the form that <see cref="TryRead"/> reads; what is absent is left out.</summary>
    public static void Write(Utf8JsonWriter writer, CustomerEvent e)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, e.Id);
        writer.WriteString("name"u8, e.Name);
        writer.WriteString("profileId"u8, e.ProfileId);
        writer.WriteString("occurredAt"u8, Rfc3339.Format(e.OccurredAtMs));
        if (e.Value is { } value)
            writer.WriteNumber("value"u8, value);
        if (e.Properties is { Count: > 0 } properties)
        {
            writer.WritePropertyName("properties"u8);
            properties.WriteTo(writer);
        }

        if (e.Refunds is { } refunds)
            writer.WriteString("refunds"u8, refunds);
        writer.WriteEndObject();
    }
}
