namespace Segmentation.Resources;

/// <summary>Reads the operands of the tests of a property.</summary>
internal static class PropertyOperandCompiler
{
    /// <summary>As the engine wants them; null after reporting a problem.</summary>
    public static IReadOnlyList<PropertyValue>? Compile(GivenOperator one, string path, SegmentScope scope)
    {
        if (one.Flag is { } flag)
            return [PropertyValue.Of(flag)];
        if (one.Numbers is { } numbers)
            return AreNumbers(one.Operator, numbers, path, scope.Problems) ? [.. numbers.Select(number => PropertyValue.Of(number))] : null;
        if (one.Operator is PropertyOperator.Before or PropertyOperator.After)
            return DateCompiler.Compile(one.Texts![0], path, scope) is { } dateMs ? [PropertyValue.Of((decimal)dateMs)] : null;
        if (!AreTexts(one.Operator, one.Texts!, path, scope.Problems))
            return null;
        return one.Operator is PropertyOperator.In or PropertyOperator.NotIn
            ? [.. one.Texts!.SelectMany(OperandReadings.Of)]
            : [.. one.Texts!.Select(text => PropertyValue.Of(text))];
    }

    private static bool AreNumbers(PropertyOperator op, IReadOnlyList<decimal> numbers, string path, ProblemList problems)
    {
        if (op == PropertyOperator.Between)
            return ComparisonCompiler.Between(numbers, path, problems);
        if (op != PropertyOperator.Month)
            return problems.Number(numbers[0], path);
        if (numbers[0] is >= 1 and <= 12)
            return true;
        problems.Invalid(path, $"takes a month, 1 to 12; {numbers[0]} is none");
        return false;
    }

    private static bool AreTexts(PropertyOperator op, IReadOnlyList<string> texts, string path, ProblemList problems)
    {
        var longest = op is PropertyOperator.Matches or PropertyOperator.NotMatches ? PropertyPredicate.MaxPatternLength : ScalarValue.LengthMax;
        var isPart = op is not (PropertyOperator.In or PropertyOperator.NotIn or PropertyOperator.ContainsAny or PropertyOperator.ContainsAll
            or PropertyOperator.ContainsNone);
        if (texts.Count is 0 or > PropertyOperators.OperandsMax)
            problems.Invalid(path, $"takes 1 to {PropertyOperators.OperandsMax} values; there are {texts.Count}");
        else if (texts.Any(text => text.Length > longest))
            problems.Invalid(path, $"takes at most {longest} characters");
        else if (isPart && texts[0].Length == 0)
            problems.Invalid(path, "is empty; write what to look for, or use exists: true to ask whether there is a value at all");
        else
            return true;
        return false;
    }
}
