using System.Text.Json;
using System.Text.Json.Serialization;

namespace Segmentation.Operator.Http;

/// <summary>Properties as a plain JSON object.</summary>
internal sealed class PropertyBagConverter : JsonConverter<PropertyBag>
{
    public override PropertyBag Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => PropertyBag.ReadJson(ref reader);

    public override void Write(Utf8JsonWriter writer, PropertyBag value, JsonSerializerOptions options) => value.WriteTo(writer);
}
