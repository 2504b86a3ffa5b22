namespace Segmentation.Resources;

/// <summary>Turns the condition on an event into the engine's rule.</summary>
internal static class EventCompiler
{
    // What an event without an aggregate asks.
    private static readonly Comparison AtLeastOnce = Comparison.Gte(1);

    /// <summary>Null after reporting a problem.</summary>
    public static EventRule? Compile(EventConditionSpec spec, string path, ProblemList problems)
    {
        var before = problems.Count;
        problems.RequireText(spec.Name, path + ".name", "placed_order");
        var withinMs = Window(spec, path, problems);
        var (aggregate, comparison, of) = Aggregated(spec, path, problems);
        var where = Predicates(spec.Where, path + ".where", problems);
        return problems.Count == before ? new EventRule(spec.Name, where, aggregate, of, comparison, withinMs) : null;
    }

    private static long? Window(EventConditionSpec spec, string path, ProblemList problems)
    {
        if (spec.Ever == false)
            problems.Invalid(path + ".ever", "can only be true; write within, such as 30d, or leave both out for ever");
        if (spec.Within is null)
            return null;
        if (spec.Ever == true)
            problems.Invalid(path, "within and ever are given together; keep within for a window, or ever for all time");
        return problems.Duration(spec.Within, path + ".within");
    }

    private static (Aggregate Aggregate, Comparison Comparison, string? Of) Aggregated(EventConditionSpec spec, string path, ProblemList problems)
    {
        (string Name, Aggregate Aggregate, ComparisonSpec? Spec)[] all =
        [
            ("count", Aggregate.Count, spec.Count), ("sum", Aggregate.Sum, spec.Sum), ("avg", Aggregate.Average, spec.Avg),
            ("min", Aggregate.Minimum, spec.Min), ("max", Aggregate.Maximum, spec.Max),
        ];
        var given = all.Where(one => one.Spec is not null).ToList();
        if (given.Count > 1)
        {
            var names = string.Join(" and ", given.Select(one => one.Name));
            problems.Invalid(path, $"{names} are given together; keep one, and put the other into an event condition of its own");
        }

        if (given.Count != 1)
            return (Aggregate.Count, AtLeastOnce, null);
        var (name, aggregate, comparison) = given[0];
        var of = (comparison as AggregateSpec)?.Of;
        if (comparison is AggregateSpec)
            problems.RequireText(of, $"{path}.{name}.of", "value");
        return (aggregate, ComparisonCompiler.Compile(comparison!, $"{path}.{name}", problems) ?? AtLeastOnce, of);
    }

    private static List<PropertyPredicate> Predicates(IReadOnlyList<WhereSpec>? where, string path, ProblemList problems)
    {
        var predicates = new List<PropertyPredicate>();
        if (where is { Count: 0 or > EventConditionSpec.WhereItemsMax })
            problems.Invalid(path, $"takes 1 to {EventConditionSpec.WhereItemsMax} predicates; there are {where.Count}");
        for (var i = 0; i < (where?.Count ?? 0); i++)
        {
            var at = $"{path}[{i}]";
            problems.RequireText(where![i].Property, at + ".property", "channel");
            if (PropertyCompiler.Compile(where[i].Property, where[i], at, problems) is { } predicate)
                predicates.Add(predicate);
        }

        return predicates;
    }
}
