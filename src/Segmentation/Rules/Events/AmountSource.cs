namespace Segmentation;

/// <summary>What of an event is aggregated: its value, or a property.</summary>
public readonly record struct AmountSource
{
    /// <summary>The word for the event's own value; a property of that name cannot be aggregated.</summary>
    public const string ValueName = "value";

    private AmountSource(string propertyName) => PropertyName = propertyName;

    /// <summary>The event's own value. What is left of it counts: partial refunds lower it.</summary>
    public static AmountSource Value => default;

    /// <summary>The property; null for the event's own value. Refunds do not lower a property, they can only take back the whole event.</summary>
    public string? PropertyName { get; }

    /// <summary>Reads <c>value</c> or the name of a property.</summary>
    public static AmountSource Of(string of)
    {
        ArgumentException.ThrowIfNullOrEmpty(of);
        return of == ValueName ? Value : new AmountSource(of);
    }

    /// <summary>The amount that is left at the instant; null when there is none or the whole occurrence is taken back.</summary>
    internal decimal? AmountAt(OccurrenceHistory history, int index, long instantMs)
    {
        if (PropertyName is null)
            return history.ValueLeftAt(index, instantMs);
        if (history.IsTakenBackAt(index, instantMs) || !history.PropertiesAt(index).TryGetValue(PropertyName, out var property))
            return null;
        return property.Kind == PropertyKind.Number ? property.Number : null;
    }

    /// <summary>What it holds at the instant, of whatever kind; false when there is nothing or the whole occurrence is taken back.</summary>
    internal bool TryValueAt(OccurrenceHistory history, int index, long instantMs, out PropertyValue value)
    {
        value = default;
        if (PropertyName is not null)
            return !history.IsTakenBackAt(index, instantMs) && history.PropertiesAt(index).TryGetValue(PropertyName, out value);
        var left = history.ValueLeftAt(index, instantMs);
        value = left ?? 0m;
        return left is not null;
    }

    public override string ToString() => PropertyName ?? ValueName;
}
