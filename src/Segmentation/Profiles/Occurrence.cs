namespace Segmentation;

/// <summary>
/// One event as remembered for one profile: a view into its <see cref="OccurrenceHistory"/>, valid until the profile's next
/// <see cref="Profile.Add"/>.
/// </summary>
public readonly record struct Occurrence
{
    internal Occurrence(OccurrenceHistory history, int index)
    {
        History = history;
        Index = index;
    }

    /// <summary>The event name.</summary>
    public string Name => History.Name;

    /// <summary>Milliseconds since the Unix epoch, UTC.</summary>
    public long TimeMs => History.TimeAt(Index);

    public string Id => History.IdAt(Index);

    /// <summary>The value as reported, before any refund; null when the event carried none.</summary>
    public decimal? Value => History.ValueAt(Index);

    public PropertyBag Properties => History.PropertiesAt(Index);

    /// <summary>The id of the event that this one takes back; null when it is no refund.</summary>
    public string? Refunds => History.LinkAt(Index);

    /// <summary>What later events took back of this one, in order of time.</summary>
    public IReadOnlyList<Refund> RefundsReceived => History.LedgerAt(Index)?.Refunds ?? [];

    /// <summary>The earliest instant, inclusive, from which the whole occurrence counts no more; <see cref="long.MaxValue"/> for never.</summary>
    public long TakenBackAtMs => History.LedgerAt(Index)?.TakenBackAtMs ?? long.MaxValue;

    /// <summary>The value that is left at the instant, its refunds included; null when there is none or all of it is taken back.</summary>
    public decimal? ValueLeftAt(long instantMs) => History.ValueLeftAt(Index, instantMs);

    internal OccurrenceHistory History { get; }

    internal int Index { get; }
}
