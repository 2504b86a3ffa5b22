using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Segmentation;

/// <summary>
/// When the occurrences of one event name were, their ids, values and properties, ordered by time and then ordinally by id: column by column in one
/// block of an <see cref="OccurrenceMemory"/>. First the times, then where the ids end and which properties there are, then the values if there
/// are any, and then the ids as UTF-8 in one piece.
/// </summary>
internal struct OccurrenceColumns(OccurrenceMemory memory)
{
    /// <summary>How long an id can be, in bytes.</summary>
    public const int LongestId = EventJson.MaxIdLength * 3;

    // Outside the range of values, so that a missing one needs no further column.
    private const decimal NoValue = decimal.MinValue;

    private readonly OccurrenceMemory memory = memory;
    private ArraySegment<long> block = [];
    private bool hasValues;

    public int Count { get; private set; }

    /// <summary>How many there is room for before the next block.</summary>
    public int Room { get; private set; }

    private readonly Span<long> Times => block.AsSpan(0, Room);

    private readonly Span<Entry> Entries => MemoryMarshal.Cast<long, Entry>(block.AsSpan(Room, Room));

    private readonly Span<decimal> Values => MemoryMarshal.Cast<long, decimal>(block.AsSpan(2 * Room, 2 * Room));

    private readonly Span<byte> Text => MemoryMarshal.AsBytes(block.AsSpan(WordsEach(hasValues) * Room));

    /// <summary>The bytes of an id in the buffer, which has room for <see cref="LongestId"/>; false for one that cannot be kept.</summary>
    public static bool TryEncode(string id, Span<byte> buffer, out ReadOnlySpan<byte> utf8)
    {
        var status = Utf8.FromUtf16(id, buffer, out _, out var length, replaceInvalidSequences: false);
        utf8 = buffer[..length];
        return status == OperationStatus.Done;
    }

    public readonly long TimeAt(int index) => block[index];

    public readonly string IdAt(int index) => Encoding.UTF8.GetString(Utf8IdAt(index));

    public readonly ReadOnlySpan<byte> Utf8IdAt(int index) => Text[StartOf(index)..EntryAt(index).IdEnd];

    public readonly decimal? ValueAt(int index) =>
        hasValues && MemoryMarshal.Read<decimal>(MemoryMarshal.AsBytes(block.AsSpan(2 * (Room + index), 2))) is var value and not NoValue ? value : null;

    public readonly PropertyBag PropertiesAt(int index) => memory.Bags[EntryAt(index).Bag];

    /// <summary>The index of the first one after the instant.</summary>
    public readonly int CountUpTo(long instantMs)
    {
        var times = Times;
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

    /// <summary>Looks through the bytes of all ids, many at a time: O(n).</summary>
    /// <returns>-1 when there is none.</returns>
    public readonly int IndexOf(ReadOnlySpan<byte> id)
    {
        var all = Text[..StartOf(Count)];
        for (int from = 0, found; (found = all[from..].IndexOf(id)) >= 0;)
        {
            // The bytes may also stand within a longer id, or at the end of one and the beginning of the next.
            var index = FirstEndingAfter(from + found);
            var end = EntryAt(index).IdEnd;
            if (StartOf(index) == from + found && end == from + found + id.Length)
                return index;
            from = end;
        }

        return -1;
    }

    /// <returns>-1 when there is none.</returns>
    public readonly int IndexOf(long timeMs, ReadOnlySpan<byte> id)
    {
        var place = PlaceOf(timeMs, id);
        return place < Count && TimeAt(place) == timeMs && Utf8IdAt(place).SequenceEqual(id) ? place : -1;
    }

    /// <returns>Its index.</returns>
    public int Insert(long timeMs, ReadOnlySpan<byte> id, decimal? value, PropertyBag? properties)
    {
        var at = PlaceOf(timeMs, id);
        var (start, end) = (StartOf(at), StartOf(Count));
        if (Count == Room || (value is not null && !hasValues) || end + id.Length > Text.Length)
            Grow(id.Length, hasValues || value is not null);
        Text[start..end].CopyTo(Text[(start + id.Length)..]);
        id.CopyTo(Text[start..]);
        var entries = Entries;
        for (var i = Count; i > at; i--)
            entries[i] = entries[i - 1] with { IdEnd = entries[i - 1].IdEnd + id.Length };
        entries[at] = new Entry(start + id.Length, memory.Bags.Keep(properties ?? PropertyBag.Empty));
        Insert(Times, at, timeMs);
        if (hasValues)
            Insert(Values, at, value ?? NoValue);
        Count++;
        return at;
    }

    /// <summary>Forgets those before the index.</summary>
    public void RemoveBefore(int index)
    {
        var (start, end) = (StartOf(index), StartOf(Count));
        Text[start..end].CopyTo(Text);
        DropProperties(index);
        Times[index..Count].CopyTo(Times);
        if (hasValues)
            Values[index..Count].CopyTo(Values);
        Count -= index;
        var entries = Entries;
        for (var i = 0; i < Count; i++)
            entries[i] = entries[i + index] with { IdEnd = entries[i + index].IdEnd - start };
    }

    /// <summary>Gives the memory back; there are no occurrences from then on.</summary>
    public void Release()
    {
        DropProperties(Count);
        memory.Return(block);
        (block, Count, Room, hasValues) = ([], 0, 0, false);
    }

    /// <summary>While the memory is compacted. No reference is written that the garbage collector would have to look for: large arrays count as old.</summary>
    public void Move() => block = memory.Move(block);

    private static int WordsEach(bool withValues) => withValues ? 4 : 2;

    private readonly void Insert<T>(Span<T> column, int at, T item)
    {
        column[at..Count].CopyTo(column[(at + 1)..]);
        column[at] = item;
    }

    // Into a block that is so much larger that times and ids will be full at about the same time, where ids are about as long as each other.
    private void Grow(int idLength, bool withValues)
    {
        var before = this;
        var bytes = ((Count + 1L) * WordsEach(withValues) * sizeof(long)) + StartOf(Count) + idLength; // of all with the one that is to come
        var wanted = (bytes * OccurrenceHistory.RoomAfter(Count) / (Count + 1)) + sizeof(long) - 1;
        block = memory.Rent((int)Math.Min(wanted / sizeof(long), Array.MaxLength));
        Room = (int)(block.Count * (long)sizeof(long) * (Count + 1) / bytes);
        hasValues = withValues;
        before.Times[..Count].CopyTo(Times);
        before.Entries[..Count].CopyTo(Entries);
        if (before.hasValues)
            before.Values[..Count].CopyTo(Values);
        else if (hasValues)
            Values[..Count].Fill(NoValue);
        before.Text[..StartOf(Count)].CopyTo(Text);
        memory.Return(before.block);
    }

    private readonly void DropProperties(int until)
    {
        foreach (var entry in Entries[..until])
            memory.Bags.Drop(entry.Bag);
    }

    private readonly int FirstEndingAfter(int place)
    {
        var entries = Entries;
        var (low, high) = (0, Count - 1);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (entries[middle].IdEnd <= place)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private readonly int StartOf(int index) => index == 0 ? 0 : EntryAt(index - 1).IdEnd;

    private readonly Entry EntryAt(int index) => Unsafe.BitCast<long, Entry>(block[Room + index]);

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
        TimeAt(index) < timeMs || (TimeAt(index) == timeMs && Compare(Utf8IdAt(index), id) < 0);

    // As string.CompareOrdinal: the characters of four bytes are surrogates in UTF-16, and so come before the last ones of three bytes.
    private static int Compare(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var same = one.CommonPrefixLength(other);
        return same == one.Length || same == other.Length ? one.Length - other.Length : InUtf16(one[same]) - InUtf16(other[same]);

        static int InUtf16(byte first) => first is 0xEE or 0xEF ? first + 8 : first;
    }

    /// <param name="IdEnd">Where the id ends in the text; it begins where the one before ends.</param>
    /// <param name="Bag">Which properties, in the memory.</param>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Entry(int IdEnd, int Bag);
}
