namespace Segmentation;

/// <summary>
/// When the occurrences of a profile with many of them were, by the hash of their ids: a table of numbers alone, of which a collection has nothing to
/// follow. Entries with the same hash stand one after the other, from the place that the hash says on (linear probing).
/// </summary>
internal sealed class OccurrencePlaces
{
    private const int Free = 0;

    // Powers of two, at most three quarters full.
    private int[] hashes;
    private long[] times;
    private int count;

    /// <param name="capacity">How many there is room for.</param>
    public OccurrencePlaces(int capacity)
    {
        var size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, capacity + (capacity / 3) + 1));
        (hashes, times) = (new int[size], new long[size]);
    }

    public void Add(ReadOnlySpan<byte> id, long timeMs)
    {
        if (++count > hashes.Length / 4 * 3)
            Grow();
        Add(Hash(id), timeMs);
    }

    /// <summary>The occurrence with this id in one of the histories; null when there is none. Expected O(1) of the occurrences, O(n) of the histories.</summary>
    public Occurrence? Find(ReadOnlySpan<byte> id, ReadOnlySpan<OccurrenceHistory> histories)
    {
        var hash = Hash(id);
        for (var at = PlaceOf(hash); hashes[at] != Free; at = Next(at))
        {
            if (hashes[at] != hash)
                continue;
            foreach (var history in histories)
            {
                if (history.IndexOf(times[at], id) is >= 0 and var index)
                    return new Occurrence(history, index);
            }
        }

        return null;
    }

    /// <summary>Forgets an id that was added.</summary>
    public void Remove(ReadOnlySpan<byte> id, long timeMs)
    {
        var hash = Hash(id);
        var at = PlaceOf(hash);
        while (hashes[at] != hash || times[at] != timeMs)
            at = Next(at);
        count--;

        // Those behind it that would not be found across the gap move into it.
        for (var other = Next(at); hashes[other] != Free; other = Next(other))
        {
            if (Distance(PlaceOf(hashes[other]), other) < Distance(at, other))
                continue;
            (hashes[at], times[at]) = (hashes[other], times[other]);
            at = other;
        }

        hashes[at] = Free;
    }

    // Each process hashes in another way: nobody can choose ids that all go to the same place.
    private static int Hash(ReadOnlySpan<byte> id)
    {
        var hash = default(HashCode);
        hash.AddBytes(id);
        return hash.ToHashCode() is var code and not Free ? code : 1;
    }

    private int PlaceOf(int hash) => hash & (hashes.Length - 1);

    private int Next(int at) => (at + 1) & (hashes.Length - 1);

    private int Distance(int from, int to) => (to - from) & (hashes.Length - 1);

    private void Add(int hash, long timeMs)
    {
        var at = PlaceOf(hash);
        while (hashes[at] != Free)
            at = Next(at);
        (hashes[at], times[at]) = (hash, timeMs);
    }

    private void Grow()
    {
        var (before, timesBefore) = (hashes, times);
        (hashes, times) = (new int[before.Length * 2], new long[before.Length * 2]);
        for (var i = 0; i < before.Length; i++)
        {
            if (before[i] != Free)
                Add(before[i], timesBefore[i]);
        }
    }
}
