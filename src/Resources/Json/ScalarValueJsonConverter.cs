using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Segmentation.Resources;

/// <summary>Reads a string or an integer; writes a string, so that equal operands give equal JSON.</summary>
public sealed class ScalarValueJsonConverter : JsonConverter<ScalarValue>
{
    public override ScalarValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => new ScalarValue(reader.GetString()!),
        JsonTokenType.Number when reader.TryGetInt64(out var whole) => new ScalarValue(whole.ToString(CultureInfo.InvariantCulture)),
        _ => throw new JsonException("expected text or a whole number; write fractions and booleans in quotes, such as \"12.5\" or \"true\""),
    };

    public override void Write(Utf8JsonWriter writer, ScalarValue value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
}
