using Segmentation.Resources;

namespace Segmentation.Cli.Definitions.Klaviyo;

/// <summary>
/// Reads Klaviyo's filters on the value of a property, dates aside. There as here a missing property satisfies none of them, the negative
/// ones included.
/// </summary>
internal static class ValueFilter
{
    /// <summary>
    /// Sets the operator that the filter asks for. True when the filter asks for the opposite of it; then <c>onMissing</c> is set so that
    /// the opposite does
    /// not hold for a missing property.
    /// </summary>
    public static bool Read(SourceObject filter, PropertyOperators target)
    {
        string type = filter.Text("type");
        string op = filter.Text("operator");
        bool isOpposite = (type, op) switch
        {
            ("string", _) => Text(filter, op, target),
            ("numeric", _) => Number(filter, target),
            ("boolean", "equals") => Be(() => target.Eq = filter.Flag("value") ? "true" : "false"),
            ("existence", "is-set") => Be(() => target.Exists = true),
            ("existence", "not-set") => Be(() => target.Exists = false),
            ("list", _) => List(filter, op, target),
            ("boolean" or "existence", _) => throw filter.NotKnown("operator", op),
            _ => throw filter.NotKnown("type", type),
        };
        if (isOpposite)
            target.OnMissing = OnMissingProperty.Include;
        return isOpposite;
    }

    private static bool Text(SourceObject filter, string op, PropertyOperators target) => op switch
    {
        "equals" => Be(() => target.Eq = Whole(filter)),
        "not-equals" => Be(() => target.Ne = Whole(filter)),
        "in" => Be(() => target.In = Operands(filter)),
        "not-in" => Be(() => target.NotIn = Operands(filter)),
        "contains" => Be(() => target.Contains = Part(filter)),
        "not-contains" => Be(() => target.NotContains = Part(filter)),
        "starts-with" => Be(() => target.StartsWith = Part(filter)),
        "not-starts-with" => Be(() => target.NotStartsWith = Part(filter)),
        "ends-with" => Be(() => target.EndsWith = Part(filter)),
        "not-ends-with" => Be(() => target.NotEndsWith = Part(filter)),
        "regex" => Be(() => target.Matches = Pattern(filter)),
        "nregex" => Be(() => target.NotMatches = Pattern(filter)),
        "phone-country-code-in" or "phone-country-code-not-in" => throw filter.Lost(
            "operator", $"operator {op}", "telephone numbers are plain text here", "keep the country of the number in a property, and test that"),
        _ => throw filter.NotKnown("operator", op),
    };

    private static bool Number(SourceObject filter, PropertyOperators target)
    {
        ComparisonSpec comparison = NumberFilter.Read(filter, new ComparisonSpec());
        target.Eq = comparison.Eq is { } eq ? (ScalarValue?)Written(eq) : null;
        target.Ne = comparison.Ne is { } ne ? (ScalarValue?)Written(ne) : null;
        (target.Gt, target.Gte, target.Lt, target.Lte) = (comparison.Gt, comparison.Gte, comparison.Lt, comparison.Lte);
        target.Between = comparison.Between;
        return false;
    }

    private static bool List(SourceObject filter, string op, PropertyOperators target) => op switch
    {
        "contains" => Be(() => target.ContainsAny = [Element(filter)]),
        "not-contains" => Be(() => target.ContainsNone = [Element(filter)]),
        "contains-any" => Be(() => target.ContainsAny = Elements(filter)),
        "not-contains-any" => Be(() => target.ContainsNone = Elements(filter)),
        "contains-all" => Be(() => target.ContainsAll = Elements(filter)),
        "not-contains-all" when Elements(filter).Count == 1 => Be(() => target.ContainsNone = Elements(filter)),
        "not-contains-all" => NotBe(() => target.ContainsAll = Elements(filter)),
        "length-equals" => Be(() => target.Length = new ComparisonSpec { Eq = filter.Whole("value") }),
        "length-greater-than" => Be(() => target.Length = new ComparisonSpec { Gt = filter.Whole("value") }),
        "length-greater-than-or-equal" => Be(() => target.Length = new ComparisonSpec { Gte = filter.Whole("value") }),
        "length-less-than" => Be(() => target.Length = new ComparisonSpec { Lt = filter.Whole("value") }),
        "length-less-than-or-equal" => Be(() => target.Length = new ComparisonSpec { Lte = filter.Whole("value") }),
        "contains-substring" or "not-contains-substring" => throw filter.Lost(
            "operator", $"operator {op}", "of a list, only whole elements can be asked for", "name the elements, or send what you need as a property of its own"),
        _ => throw filter.NotKnown("operator", op),
    };

    private static bool Be(Action set)
    {
        set();
        return false;
    }

    private static bool NotBe(Action set)
    {
        set();
        return true;
    }

    private static string Written(decimal number) => number.ToString("0.############################");

    private static ScalarValue Whole(SourceObject filter) => Fitting(filter, filter.Text("value"), ScalarValue.LengthMax);

    private static string Part(SourceObject filter)
    {
        string text = Fitting(filter, filter.Text("value"), ScalarValue.LengthMax);
        return text.Length > 0 ? text : throw filter.Lost("value", "the empty text", "in every text", "ask with is-set instead");
    }

    private static string Pattern(SourceObject filter)
    {
        string pattern = Fitting(filter, filter.Text("value"), PropertyPredicate.MaxPatternLength);
        try
        {
            _ = new PropertyPredicate("any", PropertyOperator.Matches, [PropertyValue.Of(pattern)]);
            return pattern;
        }
        catch (ArgumentException)
        {
            throw filter.Lost(
                "value", "this regular expression", "cannot be used here: no look-around, no back-references", "write it without them");
        }
    }

    private static string Element(SourceObject filter)
    {
        string element = filter.Raw("value") is { ValueKind: System.Text.Json.JsonValueKind.Number } number ? number.GetRawText() : filter.Text("value");
        return Fitting(filter, element, ScalarValue.LengthMax);
    }

    private static List<string> Elements(SourceObject filter)
    {
        IReadOnlyList<string> texts = filter.Texts("value");
        return texts.Count is > 0 and <= PropertyOperators.OperandsMax
            ? [.. texts.Select(text => Fitting(filter, text, ScalarValue.LengthMax))]
            : throw filter.Lost(
                "value", $"{texts.Count} values", $"not 1 to {PropertyOperators.OperandsMax}, as a condition takes", "split them over several conditions");
    }

    private static List<ScalarValue> Operands(SourceObject filter) => Elements(filter).ConvertAll(text => new ScalarValue(text));

    private static string Fitting(SourceObject filter, string text, int lengthMax) => text.Length <= lengthMax
        ? text
        : throw filter.Lost("value", "this text", $"longer than {lengthMax} characters", "shorten it");
}
