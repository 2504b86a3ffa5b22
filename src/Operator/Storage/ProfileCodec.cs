using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Segmentation.Operator.Storage;

/// <summary>How the history of a profile's properties and the facts stated of it are written.</summary>
internal static class ProfileCodec
{
    public static string EncodeHistory(PropertyHistory history)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true })) PropertyHistoryJson.Write(writer, history);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static PropertyHistory DecodeHistory(string json) => PropertyHistoryJson.Read(Encoding.UTF8.GetBytes(json));

    /// <summary>Adds <c>"facts":[{"name":…,"value":…,"since":…}]</c> to the object; nothing when there is none.</summary>
    public static void WriteFacts(Utf8JsonWriter writer, IReadOnlyList<FactStatement> facts)
    {
        if (facts.Count == 0) return;
        writer.WriteStartArray("facts");
        foreach (var fact in facts)
        {
            writer.WriteStartObject();
            writer.WriteString("name", fact.Name);
            if (fact.Value is { Kind: PropertyKind.Boolean } flag) writer.WriteBoolean("value", flag.Boolean);
            else if (fact.Value is { } text) writer.WriteString("value", text.Text);
            if (fact.SinceMs is { } sinceMs) writer.WriteNumber("since", sinceMs);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    /// <summary>Reads what <see cref="WriteFacts"/> added.</summary>
    public static IReadOnlyList<FactStatement> ReadFacts(JsonElement change) =>
        change.TryGetProperty("facts", out var facts) ? [.. facts.EnumerateArray().Select(ReadFact)] : [];

    private static FactStatement ReadFact(JsonElement fact)
    {
        PropertyValue? value = !fact.TryGetProperty("value", out var given) ? null
            : given.ValueKind == JsonValueKind.String ? given.GetString()!
            : given.GetBoolean();
        return new FactStatement(fact.GetProperty("name").GetString()!, value, fact.TryGetProperty("since", out var since) ? since.GetInt64() : null);
    }
}
