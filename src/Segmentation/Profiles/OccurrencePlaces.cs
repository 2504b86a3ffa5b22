using System.Runtime.InteropServices;

namespace Segmentation;

/// <summary>
/// Where the occurrences of a profile with many of them are, by the hash of their ids. The few whose hash is another's, too, have no place here and
/// are to be looked for among all.
/// </summary>
internal sealed class OccurrencePlaces(int capacity)
{
    private readonly Dictionary<int, Place> places = new(capacity);

    public void Add(ReadOnlySpan<byte> id, OccurrenceHistory history, long timeMs)
    {
        var hash = Hash(id);
        if (!places.TryAdd(hash, new Place(history, timeMs)))
            places[hash] = default;
    }

    /// <summary>The occurrence with this id: null when there is none. False when this does not tell.</summary>
    public bool TryFind(ReadOnlySpan<byte> id, out Occurrence? found)
    {
        found = null;
        if (!places.TryGetValue(Hash(id), out var place))
            return true;
        var index = place.History?.IndexOf(place.TimeMs, id) ?? -1;
        if (index >= 0)
            found = new Occurrence(place.History!, index);
        return place.History is not null;
    }

    /// <summary>Forgets an id that was added.</summary>
    public void Remove(ReadOnlySpan<byte> id)
    {
        var hash = Hash(id);
        if (places[hash].History is not null)
            places.Remove(hash);
    }

    private static int Hash(ReadOnlySpan<byte> id)
    {
        var hash = default(HashCode);
        hash.AddBytes(id);
        return hash.ToHashCode();
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Place(OccurrenceHistory? History, long TimeMs);
}
