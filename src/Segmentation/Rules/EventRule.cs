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
    private readonly CountBounds countBounds;

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
        countBounds = CountBounds.Of(comparison);
    }

    public string EventName { get; }

    public IReadOnlyList<PropertyPredicate> Where => where;

    public Aggregate Aggregate { get; }

    /// <summary>The amount that is aggregated; without meaning for the count.</summary>
    public AmountSource Of { get; }

    public Comparison Comparison { get; }

    public long? WithinMs { get; }

    public override Verdict Evaluate(Evaluation e)
    {
        var history = e.Profile.History(EventName);
        if (history is null)
            return new Verdict(default(WindowTally).Holds(this), Verdict.Never, this);
        return Aggregate == Aggregate.Count && history.LatestEffectMs <= e.InstantMs
            ? EvaluateSettledCount(history, e.InstantMs)
            : WindowWalk.Evaluate(this, history, e);
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

    /// <summary>
    /// With nothing still to come, the count can only fall, one by one from the oldest. So its whole future is in two occurrences: as long
    /// as the k-th newest one is in the window, the count is at least k.
    /// </summary>
    private Verdict EvaluateSettledCount(OccurrenceHistory history, long instantMs)
    {
        var oldest = WithinMs is { } within ? history.CountUpTo(instantMs - within) : 0;
        var least = KthNewest(history, oldest, countBounds.Least, history.Count, 0, instantMs);
        var tooMany = countBounds.TooMany is { } bound && least >= 0
            ? KthNewest(history, oldest, bound, least < history.Count ? least : history.Count, Math.Max(countBounds.Least, 0), instantMs)
            : -1;
        var inside = least >= 0 && tooMany < 0;
        return new Verdict(inside != countBounds.Negated, NextCountChange(history, least, tooMany), this);
    }

    private long NextCountChange(OccurrenceHistory history, int least, int tooMany)
    {
        if (least < 0)
            return Verdict.Never;
        var fallsBelow = least == history.Count ? Verdict.Never : LeavesAt(history.TimeAt(least));
        if (tooMany < 0)
            return fallsBelow;
        var fallsInside = tooMany == history.Count ? Verdict.Never : LeavesAt(history.TimeAt(tooMany));
        return fallsInside == fallsBelow ? Verdict.Never : fallsInside;
    }

    // The index of the k-th newest occurrence that counts; Count when k is zero or less and so always reached; -1 when there are fewer.
    // The search goes on below the index before, down from which it already found some.
    private int KthNewest(OccurrenceHistory history, int oldest, long k, int before, long found, long instantMs)
    {
        if (k <= found)
            return before;
        if (where.Length == 0 && !history.HasRefunds)
            return before - (k - found) >= oldest ? (int)(before - (k - found)) : -1;
        for (var i = before - 1; i >= oldest; i--)
        {
            if (!history.IsTakenBackAt(i, instantMs) && Selects(history, i) && ++found == k)
                return i;
        }

        return -1;
    }

    internal override void CollectDependencies(RuleDependencies.Collector into)
    {
        var properties = where.Select(static predicate => predicate.Name);
        if (Aggregate != Aggregate.Count && Of.PropertyName is { } amount)
            properties = properties.Append(amount);
        into.AddEvent(EventName, properties, inWindow: WithinMs is not null);
    }
}
