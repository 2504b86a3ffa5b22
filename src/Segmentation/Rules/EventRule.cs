namespace Segmentation;

/// <summary>
/// Compares an aggregate of the profile's occurrences of one event. Those count that lie in the window (t − within, t], at or before t
/// without a window, satisfy every predicate, and are not wholly taken back at t. For every aggregate but the count, those without the
/// amount do not take part. <see cref="Verdict.NextChangeMs"/> is exact.
/// </summary>
public sealed class EventRule : Rule
{
    /// <summary>The longest window: 100 years of 365 days.</summary>
    public const long MaxWithinMs = 36_500L * 86_400_000;

    private readonly PropertyPredicate[] where;

    /// <param name="eventName">The event.</param>
    /// <param name="where">Tests of the event's own properties; all must hold.</param>
    /// <param name="aggregate">What is compared.</param>
    /// <param name="of">The amount, unless the aggregate is the count: <c>value</c> or the name of a property.</param>
    /// <param name="comparison">The comparison.</param>
    /// <param name="withinMs">The length of the window in milliseconds, 1 to <see cref="MaxWithinMs"/>; null for no window.</param>
    public EventRule(
        string eventName, IReadOnlyList<PropertyPredicate> where, Aggregate aggregate, string? of, Comparison comparison, long? withinMs)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        ArgumentNullException.ThrowIfNull(where);
        if (withinMs is < 1 or > MaxWithinMs)
            throw new ArgumentOutOfRangeException(nameof(withinMs), $"A window must have 1 to {MaxWithinMs} ms.");
        EventName = eventName;
        this.where = [.. where];
        Aggregate = aggregate;
        Of = AmountSource.Of(of ?? AmountSource.ValueName);
        Comparison = comparison;
        WithinMs = withinMs;
        CountBounds = CountBounds.Of(comparison);
    }

    public string EventName { get; }

    public IReadOnlyList<PropertyPredicate> Where => where;

    public Aggregate Aggregate { get; }

    /// <summary>The amount that is aggregated; without meaning for the count.</summary>
    public AmountSource Of { get; }

    public Comparison Comparison { get; }

    public long? WithinMs { get; }

    internal CountBounds CountBounds { get; }

    public override Verdict Evaluate(Evaluation e)
    {
        var history = e.Profile.History(EventName);
        if (history is null)
            return new Verdict(default(WindowTally).Holds(this), Verdict.Never, this);
        if (SettledWindow.CanAnswer(this, history, e.InstantMs))
            return new SettledWindow(this, history, e.InstantMs).Evaluate();
        return WindowWalk.Evaluate(this, history, e);
    }

    /// <summary>Whether the occurrence satisfies the predicates; this never changes.</summary>
    internal bool Selects(OccurrenceHistory history, int index)
    {
        foreach (var predicate in where)
        {
            if (!predicate.Holds(history.PropertiesAt(index)))
                return false;
        }

        return true;
    }

    /// <summary>When an occurrence of the time leaves the window, inclusive.</summary>
    internal long LeavesAt(long timeMs) => WithinMs is { } within ? timeMs + within : Verdict.Never;

    internal override void CollectDependencies(RuleDependencies.Collector into)
    {
        var properties = where.Select(static predicate => predicate.Name);
        if (Aggregate != Aggregate.Count && Of.PropertyName is { } amount)
            properties = properties.Append(amount);
        into.AddEvent(EventName, properties, inWindow: WithinMs is not null);
    }
}
