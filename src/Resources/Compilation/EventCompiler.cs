namespace Segmentation.Resources;

/// <summary>Turns the condition on an event into the engine's rule.</summary>
internal static class EventCompiler
{
    // What an event without an aggregate asks.
    private static readonly Comparison AtLeastOnce = Comparison.Gte(1);

    /// <summary>Null after reporting a problem.</summary>
    public static EventRule? Compile(EventConditionSpec spec, string path, SegmentScope scope)
    {
        var problems = scope.Problems;
        var before = problems.Count;
        var selection = SelectionCompiler.Compile(spec.Name, path + ".name", spec.Where, path + ".where", scope);
        var timeframe = TimeframeCompiler.Compile(spec, path, scope);
        var (aggregate, comparison, of) = Aggregated(spec, path, problems);
        return problems.Count == before ? new EventRule(selection!, aggregate, of, comparison, timeframe!) : null;
    }

    private static (Aggregate Aggregate, Comparison Comparison, string? Of) Aggregated(EventConditionSpec spec, string path, ProblemList problems)
    {
        (string Name, Aggregate Aggregate, ComparisonSpec? Spec)[] all =
        [
            ("count", Aggregate.Count, spec.Count), ("sum", Aggregate.Sum, spec.Sum), ("avg", Aggregate.Average, spec.Avg),
            ("min", Aggregate.Minimum, spec.Min), ("max", Aggregate.Maximum, spec.Max), ("distinct", Aggregate.Distinct, spec.Distinct),
            ("first", Aggregate.First, spec.First), ("last", Aggregate.Last, spec.Last),
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
        var of = comparison is DistinctSpec distinct ? distinct.Of : (comparison as AggregateSpec)?.Of;
        if (aggregate != Aggregate.Count)
            problems.RequireText(of, $"{path}.{name}.of", aggregate == Aggregate.Distinct ? "category" : "value");
        return (aggregate, ComparisonCompiler.Compile(comparison!, $"{path}.{name}", problems) ?? AtLeastOnce, of);
    }
}
