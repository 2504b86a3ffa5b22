using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Segmentation.Operator.Storage;

/// <summary>
/// How an occurrence is written as a member of its sorted set: <c>id</c>, then, separated by tabs and cut after the last that is there,
/// the value, the id it refunds, and the properties as JSON. The time is the score, so it is not repeated.
/// </summary>
internal static class OccurrenceCodec
{
    private const byte Separator = (byte)'\t';

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _json;

    public static byte[] Encode(CustomerEvent e)
    {
        var buffer = Cleared();
        Write(buffer, e.Id);
        var hasProperties = e.Properties is { Count: > 0 };
        if (!hasProperties && e.Refunds is null && e.Value is null) return buffer.WrittenSpan.ToArray();

        buffer.Write([Separator]);
        if (e.Value is { } value)
        {
            value.TryFormat(buffer.GetSpan(32), out var written, default, CultureInfo.InvariantCulture);
            buffer.Advance(written);
        }
        if (e.Refunds is not null || hasProperties) buffer.Write([Separator]);
        if (e.Refunds is not null) Write(buffer, e.Refunds);
        if (hasProperties)
        {
            buffer.Write([Separator]);
            Write(buffer, e.Properties!);
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="FormatException">The member was not written by <see cref="Encode"/>.</exception>
    public static CustomerEvent Decode(string member, string name, string profileId, long occurredAtMs)
    {
        var parts = member.Split('\t', 4);
        decimal? value = parts.Length > 1 && parts[1].Length > 0
            ? decimal.Parse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture)
            : null;
        var refunds = parts.Length > 2 && parts[2].Length > 0 ? parts[2] : null;
        var properties = parts.Length > 3 ? DecodeProperties(parts[3]) : null;
        return new CustomerEvent(parts[0], name, profileId, occurredAtMs, value, properties, refunds);
    }

    public static string EncodeProperties(PropertyBag properties)
    {
        var buffer = Cleared();
        Write(buffer, properties);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Of an occurrence, or of a profile with its facts.</summary>
    public static PropertyBag DecodeProperties(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        return PropertyBag.ReadJson(ref reader, PropertyBag.MaxCountWithFacts);
    }

    private static ArrayBufferWriter<byte> Cleared()
    {
        _buffer ??= new ArrayBufferWriter<byte>(1024);
        _buffer.ResetWrittenCount();
        return _buffer;
    }

    private static void Write(ArrayBufferWriter<byte> buffer, string text) => buffer.Advance(Encoding.UTF8.GetBytes(text, buffer.GetSpan(text.Length * 3)));

    private static void Write(ArrayBufferWriter<byte> buffer, PropertyBag properties)
    {
        _json ??= new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        _json.Reset(buffer);
        properties.WriteTo(_json);
        _json.Flush();
    }
}
