namespace Segmentation;

/// <summary>
/// Holds when the profile has satisfied the predicate without a break for at least so long: at every instant from t − for to t. What is
/// known of former values is in <see cref="Profile.PropertyHistory"/>. <see cref="Verdict.NextChangeMs"/> is exact.
/// </summary>
public sealed class HeldPropertyRule : Rule
{
    /// <param name="predicate">The test.</param>
    /// <param name="forMs">How long; 1 to <see cref="Timeframe.MaxMs"/> milliseconds.</param>
    public HeldPropertyRule(PropertyPredicate predicate, long forMs)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(forMs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(forMs, Timeframe.MaxMs);
        Predicate = predicate;
        ForMs = forMs;
    }

    public PropertyPredicate Predicate { get; }

    public long ForMs { get; }

    public override Verdict Evaluate(Evaluation e) => HeldTime.Answer(this, e, Predicate, ForMs, withinMs: null);

    public override string Key => "property";

    public override string ToString() => $"{Predicate} for {DurationWords.Of(ForMs)}";

    private protected override string Finding(Evaluation e)
    {
        var value = e.Profile.Properties.TryGetValue(Predicate.Name, out var present) ? $"{Predicate.Name} is {present}" : $"{Predicate.Name} is missing";
        return $"{value}; {HeldTime.Words(e, Predicate)}";
    }

    internal override void CollectDependencies(RuleDependencies.Collector into)
    {
        into.AddProfileProperty(Predicate.Name);
        into.AddTime();
    }
}
