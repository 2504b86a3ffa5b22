using System.Globalization;

namespace Segmentation.Resources;

/// <summary>What the operands of eq, ne, in and notIn can equal.</summary>
internal static class OperandReadings
{
    /// <summary>
    /// The text as written, and the number or boolean that it reads as: <c>eq: 5</c> and <c>eq: "5"</c> both find the number 5 and the text
    /// 5. A postal code such as 01067 is text alone, for no number is written so.
    /// </summary>
    public static IEnumerable<PropertyValue> Of(string operand)
    {
        yield return PropertyValue.Of(operand);
        if (operand is "true" or "false")
            yield return PropertyValue.Of(operand == "true");
        else if (AsNumber(operand) is { } number)
            yield return PropertyValue.Of(number);
    }

    private static decimal? AsNumber(string text)
    {
        var digits = text.AsSpan().TrimStart('-');
        if (digits.IsEmpty || text.Length - digits.Length > 1 || !char.IsAsciiDigit(digits[0]) || !char.IsAsciiDigit(digits[^1]))
            return null;
        if (digits.Length > 1 && digits[0] == '0' && digits[1] != '.')
            return null;
        const NumberStyles plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        return decimal.TryParse(text, plain, CultureInfo.InvariantCulture, out var number)
            && number is >= -PropertyValue.MaxNumber and <= PropertyValue.MaxNumber
            ? number
            : null;
    }
}
