namespace Segmentation.Resources;

/// <summary>Turns the test of a property into the engine's.</summary>
internal static class PropertyCompiler
{
    /// <summary>The operators that time alone does not change, by their names in a spec.</summary>
    public static readonly string[] Names =
    [
        "eq", "ne", "in", "notIn", "gt", "gte", "lt", "lte", "between", "contains", "startsWith", "endsWith", "matches",
        "notContains", "notStartsWith", "notEndsWith", "notMatches", "containsAny", "containsAll", "containsNone", "length", "exists", "before",
        "after", "month",
    ];

    /// <summary>The names of the operators that are given.</summary>
    public static IEnumerable<string> Given(PropertyOperators spec) => Operators(spec).Select(one => one.Name);

    public static OnMissing OnMissingOf(PropertyOperators spec) =>
        spec.OnMissing == OnMissingProperty.Include ? OnMissing.Include : OnMissing.Exclude;

    /// <summary>The test of an event's property; null after reporting a problem.</summary>
    public static PropertyPredicate? Compile(WhereSpec spec, string path, SegmentScope scope) =>
        Compile(spec.Property, spec, [.. Given(spec)], Names, path, scope);

    /// <summary>Null after reporting a problem.</summary>
    /// <param name="name">The property.</param>
    /// <param name="spec">Exactly one operator.</param>
    /// <param name="given">The names of the operators that are given.</param>
    /// <param name="names">Those that exist here, for the message when there is none.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="scope">The segment.</param>
    public static PropertyPredicate? Compile(
        string name, PropertyOperators spec, IReadOnlyList<string> given, IReadOnlyList<string> names, string path, SegmentScope scope)
    {
        var problems = scope.Problems;
        if (!ComparisonCompiler.ExactlyOne(given, names, "operator", path, problems))
            return null;
        if (spec is { Exists: not null, OnMissing: OnMissingProperty.Include })
        {
            problems.Invalid(path + ".onMissing", "has no meaning beside exists, which asks for absence itself; leave onMissing out");
            return null;
        }

        var one = Operators(spec).First();
        path = $"{path}.{one.Name}";
        return one.Operator == PropertyOperator.Length
            ? Length(name, spec, path, problems)
            : PropertyOperandCompiler.Compile(one, path, scope) is { } operands && name.Length > 0
            ? Predicate(name, one.Operator, operands, OnMissingOf(spec), path, scope)
            : null;
    }

    private static PropertyPredicate? Length(string name, PropertyOperators spec, string path, ProblemList problems) =>
        ComparisonCompiler.Compile(spec.Length!, path, problems) is { } length && name.Length > 0
            ? new PropertyPredicate(name, length, OnMissingOf(spec))
            : null;

    private static PropertyPredicate? Predicate(
        string name, PropertyOperator op, IReadOnlyList<PropertyValue> operands, OnMissing onMissing, string path, SegmentScope scope)
    {
        try
        {
            return new PropertyPredicate(name, op, operands, onMissing, scope.Calendar);
        }
        catch (ArgumentException e) when (op is PropertyOperator.Matches or PropertyOperator.NotMatches)
        {
            // Only the regular expression parser itself can say whether an expression parses; its message ends with the parameter's name.
            var message = e.Message.Split(" (Parameter '", 2)[0];
            scope.Problems.Add(ProblemReasons.InvalidRegularExpression, path, message);
            return null;
        }
    }

    // eq and ne become in and notIn, because one operand as written may be read in more than one way.
    private static IEnumerable<GivenOperator> Operators(PropertyOperators spec)
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
        if (spec.NotContains is { } notContains)
            yield return new("notContains", PropertyOperator.NotContains, Texts: [notContains]);
        if (spec.NotStartsWith is { } notStartsWith)
            yield return new("notStartsWith", PropertyOperator.NotStartsWith, Texts: [notStartsWith]);
        if (spec.NotEndsWith is { } notEndsWith)
            yield return new("notEndsWith", PropertyOperator.NotEndsWith, Texts: [notEndsWith]);
        if (spec.NotMatches is { } notMatches)
            yield return new("notMatches", PropertyOperator.NotMatches, Texts: [notMatches]);
        if (spec.ContainsAny is { } any)
            yield return new("containsAny", PropertyOperator.ContainsAny, Texts: any);
        if (spec.ContainsAll is { } all)
            yield return new("containsAll", PropertyOperator.ContainsAll, Texts: all);
        if (spec.ContainsNone is { } none)
            yield return new("containsNone", PropertyOperator.ContainsNone, Texts: none);
        if (spec.Length is not null)
            yield return new("length", PropertyOperator.Length);
        if (spec.Exists is { } exists)
            yield return new("exists", PropertyOperator.Exists, Flag: exists);
        if (spec.Before is { } before)
            yield return new("before", PropertyOperator.Before, Texts: [before]);
        if (spec.After is { } after)
            yield return new("after", PropertyOperator.After, Texts: [after]);
        if (spec.Month is { } month)
            yield return new("month", PropertyOperator.Month, Numbers: [month]);
    }
}

/// <summary>An operator as it stands in a spec.</summary>
/// <param name="Name">Its key there.</param>
/// <param name="Operator">The engine's.</param>
/// <param name="Texts">Its operands, if those are texts or lists of them.</param>
/// <param name="Numbers">Its operands, if those are numbers.</param>
/// <param name="Flag">Its operand, if that is a boolean.</param>
internal sealed record GivenOperator(
    string Name, PropertyOperator Operator, IReadOnlyList<string>? Texts = null, IReadOnlyList<decimal>? Numbers = null, bool? Flag = null);
