using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Segmentation;

/// <summary>The JSON form of a <see cref="PropertyBag"/>. Messages name the property, never its value.</summary>
internal static class PropertyBagJson
{
    [ThreadStatic]
    private static Scratch? scratch;

    public static bool TryRead(
        ref Utf8JsonReader reader, [NotNullWhen(true)] out PropertyBag? bag, [NotNullWhen(false)] out string? error,
        int maxCount = PropertyBag.MaxCount)
    {
        bag = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            error = "is not an object; write it like {\"country\": \"Germany\"}";
            return false;
        }

        var found = scratch ??= new Scratch();
        found.Clear();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!TryReadProperty(ref reader, found, maxCount, out error))
                return false;
        }

        bag = found.ToBag();
        error = null;
        return true;
    }

    public static void Write(Utf8JsonWriter writer, PropertyBag bag)
    {
        writer.WriteStartObject();
        for (var i = 0; i < bag.Count; i++)
        {
            writer.WritePropertyName(bag.NameAt(i));
            WriteValue(writer, bag.ValueAt(i));
        }

        writer.WriteEndObject();
    }

    public static void WriteValue(Utf8JsonWriter writer, PropertyValue value)
    {
        switch (value.Kind)
        {
            case PropertyKind.Text:
                writer.WriteStringValue(value.Text);
                break;
            case PropertyKind.Number:
                writer.WriteNumberValue(JsonDecimal.Canonical(value.Number));
                break;
            case PropertyKind.Boolean:
                writer.WriteBooleanValue(value.Boolean);
                break;
            default:
                writer.WriteStartArray();
                foreach (var text in value.TextList)
                    writer.WriteStringValue(text);
                writer.WriteEndArray();
                break;
        }
    }

    private static bool TryReadProperty(ref Utf8JsonReader reader, Scratch found, int maxCount, [NotNullWhen(false)] out string? error)
    {
        if (!JsonText.TryRead(ref reader, name: true, out var name))
        {
            error = "has a name that is not Unicode text";
            return false;
        }

        if (name.Length is 0 or > PropertyBag.MaxNameLength || JsonText.HasControlCharacter(name))
        {
            error = $"has a name of {name.Length} characters or with control characters; a name has 1 to {PropertyBag.MaxNameLength} printable ones";
            return false;
        }

        reader.Read();
        PropertyValue? value = null;
        if (reader.TokenType != JsonTokenType.Null && !TryReadValue(ref reader, name, out value, out error))
            return false;
        return found.TryAdd(name, value, maxCount, out error);
    }

    /// <summary>Reads a value that is not null.</summary>
    public static bool TryReadValue(ref Utf8JsonReader reader, string name, out PropertyValue? value, [NotNullWhen(false)] out string? error)
    {
        value = null;
        error = null;
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                if (!TryReadText(ref reader, name, out var text, out error))
                    return false;
                value = PropertyValue.Of(text);
                return true;
            case JsonTokenType.Number:
                if (!JsonDecimal.TryRead(ref reader, out var number) || number is < -PropertyValue.MaxNumber or > PropertyValue.MaxNumber)
                {
                    error = $"{name} is a number outside ±1e19 or with more than 28 digits; write it as a text if it is not a quantity";
                    return false;
                }

                value = PropertyValue.Of(number);
                return true;
            case JsonTokenType.True or JsonTokenType.False:
                value = PropertyValue.Of(reader.GetBoolean());
                return true;
            case JsonTokenType.StartArray:
                return TryReadList(ref reader, name, out value, out error);
            default:
                error = $"{name} is an object; a property is a text, a number, true, false or a list of texts: flatten it, like \"{name}_city\"";
                return false;
        }
    }

    private static bool TryReadList(ref Utf8JsonReader reader, string name, out PropertyValue? value, [NotNullWhen(false)] out string? error)
    {
        var texts = new List<string>();
        value = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String)
            {
                error = $"{name} is a list with something else than texts in it; put every element in quotes";
                return false;
            }

            if (!TryReadText(ref reader, name, out var text, out error))
                return false;
            texts.Add(text);
            if (texts.Count > PropertyValue.MaxListLength)
            {
                error = $"{name} is a list of more than {PropertyValue.MaxListLength} elements; shorten it";
                return false;
            }
        }

        value = PropertyValue.OfOwned([.. texts]);
        error = null;
        return true;
    }

    private static bool TryReadText(
        ref Utf8JsonReader reader, string name, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? error)
    {
        error = null;
        if (!JsonText.TryRead(ref reader, name: false, out text))
            error = $"{name} is not Unicode text";
        else if (text.Length > PropertyValue.MaxTextLength)
            error = $"{name} has {text.Length} characters; at most {PropertyValue.MaxTextLength} are kept: shorten it";
        return error is null;
    }

    /// <summary>Collects properties in name order before their number is known.</summary>
    private sealed class Scratch
    {
        private readonly string[] names = new string[PropertyBag.MaxCountWithFacts];
        private readonly PropertyValue?[] values = new PropertyValue?[PropertyBag.MaxCountWithFacts];
        private readonly PropertyValue[] kept = new PropertyValue[PropertyBag.MaxCountWithFacts];
        private int count;
        private int absent;

        public void Clear()
        {
            count = 0;
            absent = 0;
        }

        // A null is remembered too, so that a name that comes twice is noticed.
        public bool TryAdd(string name, PropertyValue? value, int maxCount, [NotNullWhen(false)] out string? error)
        {
            var at = count;
            for (; at > 0; at--)
            {
                var order = string.CompareOrdinal(names[at - 1], name);
                if (order == 0)
                {
                    error = $"{name} is there twice; keep one";
                    return false;
                }

                if (order < 0)
                    break;
            }

            if (count == maxCount)
            {
                error = $"has more than {maxCount} properties; send only those that rules read";
                return false;
            }

            Array.Copy(names, at, names, at + 1, count - at);
            Array.Copy(values, at, values, at + 1, count - at);
            names[at] = name;
            values[at] = value;
            count++;
            absent += value is null ? 1 : 0;
            error = null;
            return true;
        }

        public PropertyBag ToBag()
        {
            if (count == absent)
                return PropertyBag.Empty;
            var next = 0;
            for (var i = 0; i < count; i++)
            {
                if (values[i] is not { } value)
                    continue;
                names[next] = names[i];
                kept[next++] = value;
            }

            return SharedBags.Get(names.AsSpan(0, next), kept.AsSpan(0, next));
        }
    }
}
