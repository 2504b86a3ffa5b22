using System.Collections;

namespace Segmentation;

/// <summary>
/// All occurrences of one event name for one profile, ordered by time and then ordinally by id, whatever the order of arrival. Appending
/// the newest costs amortised O(1); a late one is inserted in its place. Columns that no occurrence uses take no memory.
/// </summary>
public sealed class OccurrenceHistory : IReadOnlyList<Occurrence>
{
    // Outside the range of values, so that a missing one needs no second column.
    private const decimal NoValue = decimal.MinValue;

    private long[] times = [];
    private string[] ids = [];
    private decimal[]? values;
    private PropertyBag?[]? properties;
    private string?[]? links;
    private RefundLedger?[]? ledgers;
    private long latestRefundMs = long.MinValue;

    internal OccurrenceHistory(string name) => Name = name;

    /// <summary>The event name.</summary>
    public string Name { get; }

    public int Count { get; private set; }

    /// <summary>Whether anything was taken back of any occurrence, at any time.</summary>
    public bool HasRefunds => ledgers is not null;

    /// <summary>Whether any occurrence has a value below zero.</summary>
    public bool HasNegativeValues { get; private set; }

    /// <summary>
    /// The latest instant at which an occurrence begins to count or something of one is taken back. From then on only the passing of
    /// windows changes anything.
    /// </summary>
    public long LatestEffectMs => Math.Max(Count == 0 ? long.MinValue : times[Count - 1], latestRefundMs);

    /// <summary>
    /// The earliest instant after the given one at which an occurrence begins to count or something of one is taken back;
    /// <see cref="long.MaxValue"/> when there is none.
    /// </summary>
    internal long NextEffectAfter(long instantMs)
    {
        var next = CountUpTo(instantMs) is var first && first < Count ? times[first] : long.MaxValue;
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
    public int CountUpTo(long instantMs)
    {
        if (Count == 0 || times[Count - 1] <= instantMs)
            return Count;
        var (low, high) = (0, Count - 1);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (times[middle] <= instantMs)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>
    /// The indices of the occurrences between two times, both inclusive: from the start up to, without, the end. Empty, it starts where the
    /// first later one would be.
    /// </summary>
    internal (int Start, int End) Range(long fromMs, long untilMs)
    {
        var start = fromMs == long.MinValue ? 0 : CountUpTo(fromMs - 1);
        return (start, Math.Max(start, CountUpTo(untilMs)));
    }

    internal long TimeAt(int index) => times[index];

    internal string IdAt(int index) => ids[index];

    internal decimal? ValueAt(int index) => values is null || values[index] == NoValue ? null : values[index];

    internal PropertyBag PropertiesAt(int index) => properties?[index] ?? PropertyBag.Empty;

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

    internal int IndexOf(string id)
    {
        for (var i = 0; i < Count; i++)
        {
            if (ids[i] == id)
                return i;
        }

        return -1;
    }

    internal int IndexOf(long timeMs, string id)
    {
        var place = PlaceOf(timeMs, id);
        return place < Count && times[place] == timeMs && ids[place] == id ? place : -1;
    }

    internal int Insert(CustomerEvent e)
    {
        var at = PlaceOf(e.OccurredAtMs, e.Id);
        EnsureRoom();
        OpenGap(at);
        times[at] = e.OccurredAtMs;
        ids[at] = e.Id;
        if (e.Value is not null)
            values ??= NewValues();
        if (values is not null)
            values[at] = e.Value ?? NoValue;
        HasNegativeValues |= e.Value < 0m;
        Set(ref properties, at, e.Properties is { Count: > 0 } ? e.Properties : null);
        Set(ref links, at, e.Refunds);
        Set(ref ledgers, at, null);
        Count++;
        return at;
    }

    /// <summary>Forgets the occurrences before the index.</summary>
    internal void RemoveBefore(int index)
    {
        Count -= index;
        Drop(times, index);
        Drop(ids, index);
        Drop(values, index);
        Drop(properties, index);
        Drop(links, index);
        Drop(ledgers, index);
    }

    internal void AddRefund(int index, Refund refund)
    {
        ledgers ??= new RefundLedger?[times.Length];
        (ledgers[index] ??= new RefundLedger()).Add(refund, ValueAt(index));
        latestRefundMs = Math.Max(latestRefundMs, refund.AtMs);
    }

    // The first index whose (time, id) is not before the given one; the end is tried first, because events mostly come in order.
    private int PlaceOf(long timeMs, string id)
    {
        if (Count == 0 || IsBefore(Count - 1, timeMs, id))
            return Count;
        var (low, high) = (0, Count - 1);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (IsBefore(middle, timeMs, id))
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private bool IsBefore(int index, long timeMs, string id) =>
        times[index] < timeMs || (times[index] == timeMs && string.CompareOrdinal(ids[index], id) < 0);

    private void EnsureRoom()
    {
        if (Count < times.Length)
            return;
        var room = Count < 4 ? Count + 2 : Count + (Count >> 1);
        Array.Resize(ref times, room);
        Array.Resize(ref ids, room);
        Resize(ref values, room);
        Resize(ref properties, room);
        Resize(ref links, room);
        Resize(ref ledgers, room);
    }

    private void OpenGap(int at)
    {
        if (at == Count)
            return;
        Shift(times, at);
        Shift(ids, at);
        Shift(values, at);
        Shift(properties, at);
        Shift(links, at);
        Shift(ledgers, at);
    }

    private void Shift(Array? column, int at)
    {
        if (column is not null)
            Array.Copy(column, at, column, at + 1, Count - at);
    }

    // What lies behind is cleared, or it would keep alive what is forgotten.
    private void Drop(Array? column, int before)
    {
        if (column is null)
            return;
        Array.Copy(column, before, column, 0, Count);
        Array.Clear(column, Count, before);
    }

    private decimal[] NewValues()
    {
        var column = new decimal[times.Length];
        Array.Fill(column, NoValue);
        return column;
    }

    private void Set<T>(ref T?[]? column, int at, T? item)
        where T : class
    {
        if (item is not null)
            column ??= new T?[times.Length];
        if (column is not null)
            column[at] = item;
    }

    private static void Resize<T>(ref T[]? column, int room)
    {
        if (column is not null)
            Array.Resize(ref column, room);
    }
}
