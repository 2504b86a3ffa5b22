namespace Segmentation.Resources;

/// <summary>Turns the test of a property into the engine's.</summary>
internal static class PropertyCompiler
{
    private static readonly string[] Names =
        ["eq", "ne", "in", "notIn", "gt", "gte", "lt", "lte", "between", "contains", "startsWith", "endsWith", "matches", "exists"];

    /// <summary>Null after reporting a problem.</summary>
    public static PropertyPredicate? Compile(string name, PropertyOperators spec, string path, ProblemList problems)
    {
        var given = Given(spec).ToList();
        if (!ComparisonCompiler.ExactlyOne([.. given.Select(one => one.Name)], Names, "operator", path, problems))
            return null;
        if (spec is { Exists: not null, OnMissing: OnMissingProperty.Include })
        {
            problems.Invalid(path + ".onMissing", "has no meaning beside exists, which asks for absence itself; leave onMissing out");
            return null;
        }

        var one = given[0];
        path = $"{path}.{one.Name}";
        if (Operands(one, path, problems) is not { } operands || name.Length == 0)
            return null;
        var onMissing = spec.OnMissing == OnMissingProperty.Include ? OnMissing.Include : OnMissing.Exclude;
        return one.Operator == PropertyOperator.Matches
            ? Matching(name, operands, onMissing, path, problems)
            : new PropertyPredicate(name, one.Operator, operands, onMissing);
    }

    private static PropertyPredicate? Matching(string name, List<PropertyValue> operands, OnMissing onMissing, string path, ProblemList problems)
    {
        try
        {
            return new PropertyPredicate(name, PropertyOperator.Matches, operands, onMissing);
        }
        catch (ArgumentException e)
        {
            // Only the regular expression parser itself can say whether an expression parses; its message ends with the parameter's name.
            var message = e.Message.Split(" (Parameter '", 2)[0];
            problems.Add(ProblemReasons.InvalidRegularExpression, path, message);
            return null;
        }
    }

    private static List<PropertyValue>? Operands(GivenOperator one, string path, ProblemList problems)
    {
        if (one.Flag is { } flag)
            return [PropertyValue.Of(flag)];
        if (one.Numbers is { } numbers)
            return AreNumbers(one.Operator, numbers, path, problems) ? [.. numbers.Select(number => PropertyValue.Of(number))] : null;
        if (!AreTexts(one.Operator, one.Texts!, path, problems))
            return null;
        return one.Operator is PropertyOperator.In or PropertyOperator.NotIn
            ? [.. one.Texts!.SelectMany(OperandReadings.Of)]
            : [PropertyValue.Of(one.Texts![0])];
    }

    private static bool AreNumbers(PropertyOperator op, IReadOnlyList<decimal> numbers, string path, ProblemList problems) =>
        op == PropertyOperator.Between ? ComparisonCompiler.Between(numbers, path, problems) : problems.Number(numbers[0], path);

    private static bool AreTexts(PropertyOperator op, IReadOnlyList<string> texts, string path, ProblemList problems)
    {
        var longest = op == PropertyOperator.Matches ? PropertyPredicate.MaxPatternLength : ScalarValue.LengthMax;
        var canBeEmpty = op is PropertyOperator.In or PropertyOperator.NotIn;
        if (texts.Count is 0 or > PropertyOperators.OperandsMax)
            problems.Invalid(path, $"takes 1 to {PropertyOperators.OperandsMax} values; there are {texts.Count}");
        else if (texts.Any(text => text.Length > longest))
            problems.Invalid(path, $"takes at most {longest} characters");
        else if (!canBeEmpty && texts[0].Length == 0)
            problems.Invalid(path, "is empty; write what to look for, or use exists: true to ask whether there is a value at all");
        else
            return true;
        return false;
    }

    // eq and ne become in and notIn, because one operand as written may be read in more than one way.
    private static IEnumerable<GivenOperator> Given(PropertyOperators spec)
    {
        if (spec.Eq is { } eq)
            yield return new("eq", PropertyOperator.In, Texts: [eq.Text]);
        if (spec.Ne is { } ne)
            yield return new("ne", PropertyOperator.NotIn, Texts: [ne.Text]);
        if (spec.In is { } oneOf)
            yield return new("in", PropertyOperator.In, Texts: [.. oneOf.Select(operand => operand.Text)]);
        if (spec.NotIn is { } noneOf)
            yield return new("notIn", PropertyOperator.NotIn, Texts: [.. noneOf.Select(operand => operand.Text)]);
        if (spec.Gt is { } gt)
            yield return new("gt", PropertyOperator.Gt, Numbers: [gt]);
        if (spec.Gte is { } gte)
            yield return new("gte", PropertyOperator.Gte, Numbers: [gte]);
        if (spec.Lt is { } lt)
            yield return new("lt", PropertyOperator.Lt, Numbers: [lt]);
        if (spec.Lte is { } lte)
            yield return new("lte", PropertyOperator.Lte, Numbers: [lte]);
        if (spec.Between is { } between)
            yield return new("between", PropertyOperator.Between, Numbers: between);
        if (spec.Contains is { } contains)
            yield return new("contains", PropertyOperator.Contains, Texts: [contains]);
        if (spec.StartsWith is { } startsWith)
            yield return new("startsWith", PropertyOperator.StartsWith, Texts: [startsWith]);
        if (spec.EndsWith is { } endsWith)
            yield return new("endsWith", PropertyOperator.EndsWith, Texts: [endsWith]);
        if (spec.Matches is { } matches)
            yield return new("matches", PropertyOperator.Matches, Texts: [matches]);
        if (spec.Exists is { } exists)
            yield return new("exists", PropertyOperator.Exists, Flag: exists);
    }

    private sealed record GivenOperator(
        string Name, PropertyOperator Operator, IReadOnlyList<string>? Texts = null, IReadOnlyList<decimal>? Numbers = null, bool? Flag = null);
}
