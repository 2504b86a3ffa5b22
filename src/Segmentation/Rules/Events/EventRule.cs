namespace Segmentation;

/// <summary>
/// Compares an aggregate of the profile's occurrences of one event. Those count that are selected, lie in the timeframe at t
/// and are not wholly taken back at t. For every aggregate but the count, those without the amount, or for the distinct values without
/// the property, do not take part. <see cref="Verdict.NextChangeMs"/> is exact.
/// </summary>
public sealed class EventRule : Rule
{
    /// <param name="selection">Which occurrences.</param>
    /// <param name="aggregate">What is compared.</param>
    /// <param name="of">What is aggregated, unless it is the count: <c>value</c> or the name of a property.</param>
    /// <param name="comparison">The comparison.</param>
    /// <param name="timeframe">Which time.</param>
    public EventRule(EventSelection selection, Aggregate aggregate, string? of, Comparison comparison, Timeframe timeframe)
    {
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(timeframe);
        Selection = selection;
        Aggregate = aggregate;
        Of = AmountSource.Of(of ?? AmountSource.ValueName);
        Comparison = comparison;
        Timeframe = timeframe;
        CountBounds = CountBounds.Of(comparison);
    }

    public EventSelection Selection { get; }

    public Aggregate Aggregate { get; }

    /// <summary>The amount that is aggregated; without meaning for the count.</summary>
    public AmountSource Of { get; }

    public Comparison Comparison { get; }

    public Timeframe Timeframe { get; }

    internal CountBounds CountBounds { get; }

    public override Verdict Evaluate(Evaluation e)
    {
        if (Timeframe.For(e) is not { } frame)
            return new Verdict(false, Verdict.Never, this);
        var history = e.Profile.History(Selection.EventName);
        if (history is null)
            return new Verdict(HoldsOfNone, Verdict.Never, this);
        if (SettledWindow.CanAnswer(this, frame, history, e.InstantMs))
            return new SettledWindow(this, frame, history, e).Evaluate();
        return Aggregate switch
        {
            Aggregate.Distinct => WindowWalk<DistinctTally>.Evaluate(new(this, history, e.ClearedValueCounts()), this, frame, history, e),
            Aggregate.First or Aggregate.Last => WindowWalk<EdgeTally>.Evaluate(new(this, history, e.ClearedIndices()), this, frame, history, e),
            _ => WindowWalk<AmountTally>.Evaluate(new(this, history), this, frame, history, e),
        };
    }

    // A number, sum or number of values of none is 0; of every other aggregate there is no value.
    private bool HoldsOfNone => Aggregate is Aggregate.Count or Aggregate.Sum or Aggregate.Distinct && Comparison.Holds(0);

    public override string Key => "event";

    public override string ToString()
    {
        var what = Aggregate == Aggregate.Count ? "count" : $"{Aggregate.ToString().ToLowerInvariant()} of {Of}";
        return $"{Selection}: {what} {Comparison}, {Timeframe}";
    }

    private protected override string Finding(Evaluation e) => EventFinding.Of(this, e);

    internal override void CollectDependencies(RuleDependencies.Collector into)
    {
        Selection.CollectDependencies(into, Timeframe.Moves, Timeframe.ReachMs, Aggregate == Aggregate.Count ? null : Of.PropertyName);
        Timeframe.CollectDependencies(into);
    }
}
