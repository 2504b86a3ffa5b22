using System.Text.Json.Serialization;

namespace Segmentation.Resources;

/// <summary>
/// An operand as a person writes it: text or a whole number. <c>5</c> and <c>"5"</c> are the same operand; fractions and booleans are
/// written in quotes (<c>"12.5"</c>, <c>"true"</c>), because a CRD schema can only say "integer or string".
/// </summary>
/// <param name="Text">What stands in the YAML, without quotes.</param>
[JsonConverter(typeof(ScalarValueJsonConverter))]
public readonly record struct ScalarValue(string Text)
{
    /// <summary>The longest text, in characters; the longest that a property's value can be.</summary>
    public const int LengthMax = 1024;

    public override string ToString() => Text;

    public static implicit operator ScalarValue(string text) => new(text);

    public static ScalarValue FromString(string text) => new(text);
}
