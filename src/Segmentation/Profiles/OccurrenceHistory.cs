using System.Collections;

namespace Segmentation;

/// <summary>
/// All occurrences of one event name for one profile, ordered by time and then ordinally by id, whatever the order of arrival. Appending
/// the newest costs amortised O(1); a late one is inserted in its place. Columns that no occurrence uses take no memory.
/// </summary>
public sealed class OccurrenceHistory : IReadOnlyList<Occurrence>
{
    private OccurrenceColumns columns;
    private string?[]? links;
    private RefundLedger?[]? ledgers;
    private long latestRefundMs = long.MinValue;

    internal OccurrenceHistory(string name, OccurrenceMemory memory) => (Name, columns) = (name, new OccurrenceColumns(memory));

    /// <summary>The event name.</summary>
    public string Name { get; }

    public int Count => columns.Count;

    /// <summary>Whether anything was taken back of any occurrence, at any time.</summary>
    public bool HasRefunds => ledgers is not null;

    /// <summary>Whether any occurrence has a value below zero.</summary>
    public bool HasNegativeValues { get; private set; }

    /// <summary>
    /// The latest instant at which an occurrence begins to count or something of one is taken back. From then on only the passing of
    /// windows changes anything.
    /// </summary>
    public long LatestEffectMs => Math.Max(Count == 0 ? long.MinValue : columns.TimeAt(Count - 1), latestRefundMs);

    /// <summary>
    /// The earliest instant after the given one at which an occurrence begins to count or something of one is taken back;
    /// <see cref="long.MaxValue"/> when there is none.
    /// </summary>
    internal long NextEffectAfter(long instantMs)
    {
        var next = CountUpTo(instantMs) is var first && first < Count ? columns.TimeAt(first) : long.MaxValue;
        if (latestRefundMs <= instantMs)
            return next;
        foreach (var ledger in ledgers!)
            next = Math.Min(next, ledger?.NextAfter(instantMs) ?? long.MaxValue);
        return next;
    }

    public Occurrence this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return new Occurrence(this, index);
        }
    }

    public IEnumerator<Occurrence> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return new Occurrence(this, i);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>How many occurrences are at or before the instant: the index of the first one after it.</summary>
    public int CountUpTo(long instantMs) => columns.CountUpTo(instantMs);

    /// <summary>
    /// The indices of the occurrences between two times, both inclusive: from the start up to, without, the end. Empty, it starts where the
    /// first later one would be.
    /// </summary>
    internal (int Start, int End) Range(long fromMs, long untilMs)
    {
        var start = fromMs == long.MinValue ? 0 : CountUpTo(fromMs - 1);
        return (start, Math.Max(start, CountUpTo(untilMs)));
    }

    internal long TimeAt(int index) => columns.TimeAt(index);

    internal string IdAt(int index) => columns.IdAt(index);

    internal ReadOnlySpan<byte> Utf8IdAt(int index) => columns.Utf8IdAt(index);

    internal decimal? ValueAt(int index) => columns.ValueAt(index);

    internal PropertyBag PropertiesAt(int index) => columns.PropertiesAt(index);

    internal string? LinkAt(int index) => links?[index];

    internal RefundLedger? LedgerAt(int index) => ledgers?[index];

    internal bool HasLinks => links is not null;

    internal bool IsTakenBackAt(int index, long instantMs) => ledgers?[index] is { } ledger && ledger.TakenBackAtMs <= instantMs;

    internal decimal? ValueLeftAt(int index, long instantMs)
    {
        var value = ValueAt(index);
        if (value is null || ledgers?[index] is not { } ledger)
            return value;
        return ledger.TakenBackAtMs <= instantMs ? null : value - ledger.TakenBy(instantMs);
    }

    internal int IndexOf(ReadOnlySpan<byte> id) => columns.IndexOf(id);

    internal int IndexOf(long timeMs, ReadOnlySpan<byte> id) => columns.IndexOf(timeMs, id);

    internal int Insert(CustomerEvent e, ReadOnlySpan<byte> id)
    {
        var at = columns.Insert(e.OccurredAtMs, id, e.Value, e.Properties);
        HasNegativeValues |= e.Value < 0m;
        Insert(ref links, at, e.Refunds);
        Insert(ref ledgers, at, null);
        return at;
    }

    /// <summary>Forgets the occurrences before the index.</summary>
    internal void RemoveBefore(int index)
    {
        columns.RemoveBefore(index);
        Drop(links, index);
        Drop(ledgers, index);
    }

    internal void AddRefund(int index, Refund refund)
    {
        ledgers ??= new RefundLedger?[columns.Room];
        (ledgers[index] ??= new RefundLedger()).Add(refund, ValueAt(index));
        latestRefundMs = Math.Max(latestRefundMs, refund.AtMs);
    }

    /// <summary>See <see cref="Profile.Release"/>.</summary>
    internal void Release()
    {
        columns.Release();
        (links, ledgers) = (null, null);
    }

    /// <summary>See <see cref="Profile.MoveEvents"/>.</summary>
    internal void Move() => columns.Move();

    // Every growth copies what is there: seldom, while that is little.
    internal static int RoomAfter(int count) => count < 16 ? Math.Max(2, count * 2) : count + (count >> 1);

    // The columns have it already.
    private void Insert<T>(ref T?[]? column, int at, T? item)
        where T : class
    {
        if (column is null && item is null)
            return;
        column ??= new T?[columns.Room];
        if (column.Length < Count)
            Array.Resize(ref column, columns.Room);
        Array.Copy(column, at, column, at + 1, Count - 1 - at);
        column[at] = item;
    }

    // What lies behind is cleared, or it would keep alive what is forgotten.
    private void Drop(Array? column, int before)
    {
        if (column is null)
            return;
        Array.Copy(column, before, column, 0, Count);
        Array.Clear(column, Count, before);
    }
}
