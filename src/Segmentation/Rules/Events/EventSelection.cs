namespace Segmentation;

/// <summary>Which occurrences a condition speaks of: those of one event name that satisfy every predicate. Immutable.</summary>
public sealed class EventSelection
{
    private readonly PropertyPredicate[] where;

    /// <param name="eventName">The event.</param>
    /// <param name="where">Tests of the event's own properties; all must hold.</param>
    public EventSelection(string eventName, IReadOnlyList<PropertyPredicate> where)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        ArgumentNullException.ThrowIfNull(where);
        EventName = eventName;
        this.where = [.. where];
    }

    public string EventName { get; }

    public IReadOnlyList<PropertyPredicate> Where => where;

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

    /// <summary>Whether the occurrence is selected and not wholly taken back at the instant.</summary>
    internal bool Counts(OccurrenceHistory history, int index, long instantMs) =>
        !history.IsTakenBackAt(index, instantMs) && Selects(history, index);

    internal void CollectDependencies(RuleDependencies.Collector into, bool inWindow, long reachMs, string? amountProperty = null)
    {
        var properties = where.Select(static predicate => predicate.Name);
        into.AddEvent(EventName, amountProperty is null ? properties : properties.Append(amountProperty), inWindow, reachMs);
    }

    /// <summary>Such as <c>placed_order where channel ne marketplace</c>.</summary>
    public override string ToString() =>
        where.Length == 0 ? EventName : $"{EventName} where {string.Join(" and ", where.Select(static predicate => predicate.ToString()))}";
}
