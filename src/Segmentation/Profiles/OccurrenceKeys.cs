using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Segmentation;

/// <summary>
/// When the occurrences of one event name were and what their ids are, ordered by time and then ordinally by id. The ids are UTF-8 in one piece:
/// as texts of their own they would be most of the objects that a million customers keep alive.
/// </summary>
internal struct OccurrenceKeys
{
    /// <summary>How long an id can be, in bytes.</summary>
    public const int LongestId = EventJson.MaxIdLength * 3;

    private Key[] keys = [];
    private byte[] text = [];

    public OccurrenceKeys()
    {
    }

    public int Count { get; private set; }

    /// <summary>The bytes of an id in the buffer, which has room for <see cref="LongestId"/>; false for one that cannot be kept.</summary>
    public static bool TryEncode(string id, Span<byte> buffer, out ReadOnlySpan<byte> utf8)
    {
        var status = Utf8.FromUtf16(id, buffer, out _, out var length, replaceInvalidSequences: false);
        utf8 = buffer[..length];
        return status == OperationStatus.Done;
    }

    public readonly long TimeAt(int index) => keys[index].TimeMs;

    public readonly string IdAt(int index) => Encoding.UTF8.GetString(Utf8IdAt(index));

    public readonly ReadOnlySpan<byte> Utf8IdAt(int index) => text.AsSpan(StartOf(index)..keys[index].End);

    /// <summary>The index of the first one after the instant.</summary>
    public readonly int CountUpTo(long instantMs)
    {
        if (Count == 0 || keys[Count - 1].TimeMs <= instantMs)
            return Count;
        var (low, high) = (0, Count - 1);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (keys[middle].TimeMs <= instantMs)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>Looks through the bytes of all ids, many at a time: O(n).</summary>
    /// <returns>-1 when there is none.</returns>
    public readonly int IndexOf(ReadOnlySpan<byte> id)
    {
        var all = text.AsSpan(0, StartOf(Count));
        for (int from = 0, found; (found = all[from..].IndexOf(id)) >= 0;)
        {
            // The bytes may also stand within a longer id, or at the end of one and the beginning of the next.
            var index = FirstEndingAfter(from + found);
            if (StartOf(index) == from + found && keys[index].End == from + found + id.Length)
                return index;
            from = keys[index].End;
        }

        return -1;
    }

    /// <returns>-1 when there is none.</returns>
    public readonly int IndexOf(long timeMs, ReadOnlySpan<byte> id)
    {
        var place = PlaceOf(timeMs, id);
        return place < Count && keys[place].TimeMs == timeMs && Utf8IdAt(place).SequenceEqual(id) ? place : -1;
    }

    /// <returns>Its index.</returns>
    public int Insert(long timeMs, ReadOnlySpan<byte> id)
    {
        var at = PlaceOf(timeMs, id);
        var (start, end) = (StartOf(at), StartOf(Count));
        if (Count == keys.Length)
            Array.Resize(ref keys, OccurrenceHistory.RoomAfter(Count));
        if (end + id.Length > text.Length) // both together, where ids are about as long as each other
            Array.Resize(ref text, (int)Math.Min((end + id.Length) * (long)keys.Length / (Count + 1), Array.MaxLength));
        text.AsSpan(start..end).CopyTo(text.AsSpan(start + id.Length));
        id.CopyTo(text.AsSpan(start));
        for (var i = Count++; i > at; i--)
            keys[i] = new Key(keys[i - 1].TimeMs, keys[i - 1].End + id.Length);
        keys[at] = new Key(timeMs, start + id.Length);
        return at;
    }

    /// <summary>Forgets those before the index.</summary>
    public void RemoveBefore(int index)
    {
        var (start, end) = (StartOf(index), StartOf(Count));
        text.AsSpan(start..end).CopyTo(text);
        Count -= index;
        for (var i = 0; i < Count; i++)
            keys[i] = new Key(keys[i + index].TimeMs, keys[i + index].End - start);
    }

    private readonly int FirstEndingAfter(int place)
    {
        var (low, high) = (0, Count - 1);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (keys[middle].End <= place)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private readonly int StartOf(int index) => index == 0 ? 0 : keys[index - 1].End;

    // The first index that is not before the given key; the end is tried first, because events mostly come in order.
    private readonly int PlaceOf(long timeMs, ReadOnlySpan<byte> id)
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

    private readonly bool IsBefore(int index, long timeMs, ReadOnlySpan<byte> id) =>
        keys[index].TimeMs < timeMs || (keys[index].TimeMs == timeMs && Compare(Utf8IdAt(index), id) < 0);

    // As string.CompareOrdinal: the characters of four bytes are surrogates in UTF-16, and so come before the last ones of three bytes.
    private static int Compare(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var same = one.CommonPrefixLength(other);
        return same == one.Length || same == other.Length ? one.Length - other.Length : InUtf16(one[same]) - InUtf16(other[same]);

        static int InUtf16(byte first) => first is 0xEE or 0xEF ? first + 8 : first;
    }

    /// <param name="End">Where the id ends in the text; it begins where the one before ends.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Key(long TimeMs, int End);
}
