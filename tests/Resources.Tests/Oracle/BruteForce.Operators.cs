using System.Text.RegularExpressions;
using Segmentation.Resources;

namespace Resources.Tests.Oracle;

internal sealed partial class BruteForce
{
    // The operators that time alone does not change; a value of a kind that the operator does not speak of counts as missing.
    private bool Satisfies(string segment, object? value, PropertyOperators spec)
    {
        if (spec.Exists is { } exists)
            return exists == (value is not null);
        return Answer(segment, value, spec) ?? spec.OnMissing == OnMissingProperty.Include;
    }

    // Null for a value that is missing or of another kind.
    private bool? Answer(string segment, object? value, PropertyOperators spec)
    {
        if (spec.Eq is not null || spec.Ne is not null || spec.In is not null || spec.NotIn is not null)
            return Equality(value, spec);
        if (spec.Month is { } month)
            return DateOf(segment, value) is { } date ? CalendarOf(segment).Of(date).Month == month : null;
        if (spec.Before is { } before)
            return DateOf(segment, value) is { } date ? date < Date(segment, before) : null;
        if (spec.After is { } after)
            return DateOf(segment, value) is { } date ? date > Date(segment, after) : null;
        return value switch
        {
            decimal number => OfNumber(number, spec),
            string text => OfText(text, spec),
            string[] list => OfList(list, spec),
            _ => null,
        };
    }

    private static bool? Equality(object? value, PropertyOperators spec)
    {
        var operands = (spec.In ?? spec.NotIn ?? [(spec.Eq ?? spec.Ne)!.Value]).SelectMany(operand => Readings(operand.Text)).ToList();
        if (value is null || !operands.Exists(operand => operand.GetType() == value.GetType()))
            return null;
        return operands.Contains(value) == (spec.Eq is not null || spec.In is not null);
    }

    // An operand is the text that it is, and the number or boolean that the text reads as.
    private static IEnumerable<object> Readings(string operand)
    {
        yield return operand;
        if (Texts.Number(operand) is { } number)
            yield return number;
        if (operand is "true" or "false")
            yield return operand == "true";
    }

    private static bool? OfNumber(decimal number, PropertyOperators spec) =>
        spec.Gt is { } gt ? number > gt
        : spec.Gte is { } gte ? number >= gte
        : spec.Lt is { } lt ? number < lt
        : spec.Lte is { } lte ? number <= lte
        : spec.Between is { } range ? number >= range[0] && number <= range[1]
        : null;

    private static bool? OfText(string text, PropertyOperators spec) =>
        spec.Contains is { } part ? text.Contains(part, StringComparison.Ordinal)
        : spec.StartsWith is { } start ? text.StartsWith(start, StringComparison.Ordinal)
        : spec.EndsWith is { } end ? text.EndsWith(end, StringComparison.Ordinal)
        : spec.NotContains is { } notPart ? !text.Contains(notPart, StringComparison.Ordinal)
        : spec.NotStartsWith is { } notStart ? !text.StartsWith(notStart, StringComparison.Ordinal)
        : spec.NotEndsWith is { } notEnd ? !text.EndsWith(notEnd, StringComparison.Ordinal)
        : (spec.Matches ?? spec.NotMatches) is { } pattern
            ? Regex.IsMatch(text, pattern, RegexOptions.None, TimeSpan.FromSeconds(5)) == (spec.Matches is not null)
        : null;

    private static bool? OfList(string[] list, PropertyOperators spec) =>
        spec.Contains is { } element ? list.Contains(element)
        : spec.NotContains is { } notElement ? !list.Contains(notElement)
        : spec.ContainsAny is { } any ? any.Any(list.Contains)
        : spec.ContainsAll is { } all ? all.All(list.Contains)
        : spec.ContainsNone is { } none ? !none.Any(list.Contains)
        : spec.Length is { } length ? Compare(list.Length, length)
        : null;

    private static bool IsSame(object? a, object? b) => a is string[] x && b is string[] y ? x.SequenceEqual(y) : Equals(a, b);
}
