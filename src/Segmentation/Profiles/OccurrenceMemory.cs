using System.Numerics;

namespace Segmentation;

/// <summary>
/// Where the occurrences of many profiles are kept: in a few large arrays of numbers, which the garbage collector neither moves nor looks through. With arrays
/// of their own, histories would be most of the objects that a million customers keep alive, and each that grows a reference from an old object to a
/// new one, to be looked for while everything stands still. What a profile does not need any more is used again for others, once
/// <see cref="Profile.Release"/> has given it back. Not safe for use by several threads at once.
/// </summary>
public sealed class OccurrenceMemory
{
    /// <summary>In words of eight bytes. An array of this size is a large object, which a collection leaves where it is.</summary>
    private const int LargestChunk = 16 * 1024;

    // What is larger has an array of its own, and is the garbage collector's once it is given back.
    private const int LargestShared = LargestChunk / 4;

    private const int SmallestBlock = 8;

    // Less than two megabytes are not worth moving.
    private const int LeastMoved = 256 * 1024;

    private readonly List<ArraySegment<long>>?[] free = new List<ArraySegment<long>>?[ClassOf(LargestShared) + 1];
    private ArraySegment<long> rest = [];
    private int chunk;
    private long words;
    private long wordsInUse;

    /// <summary>The properties of its occurrences.</summary>
    internal KeptBags Bags { get; } = new();

    /// <summary>
    /// Whether so much of it is free, a fifth at least, that moving everything closer together is worth the time: see <see cref="Compact"/>.
    /// </summary>
    public bool IsSparse => words > LeastMoved && words - wordsInUse > wordsInUse / 4;

    /// <summary>Moves all events closer together, into new arrays. O(n), of all that is kept.</summary>
    /// <param name="profiles">All profiles that have events in it: those of any other could not be read any more.</param>
    public void Compact(IEnumerable<Profile> profiles)
    {
        ArgumentNullException.ThrowIfNull(profiles);
        Array.Clear(free);
        (rest, words, wordsInUse) = ([], 0, 0);
        foreach (var profile in profiles)
            profile.MoveEvents();
    }

    /// <summary>While it is compacted: moves a block that was rented before.</summary>
    /// <returns>Where it is now, of the same size.</returns>
    internal ArraySegment<long> Move(ArraySegment<long> block)
    {
        if (block.Count <= LargestShared)
        {
            var moved = Rent(block.Count);
            block.CopyTo(moved);
            return moved;
        }

        words += block.Count;
        wordsInUse += block.Count;
        return block;
    }

    /// <summary>At least so many words, whatever is in them. Amortised O(1), as all others are.</summary>
    internal ArraySegment<long> Rent(int atLeast)
    {
        var sizeClass = ClassOf(atLeast);
        var size = SizeOf(sizeClass);
        wordsInUse += size;
        if (size > LargestShared)
        {
            words += size;
            return new long[size];
        }

        if (free[sizeClass] is { Count: > 0 } blocks)
        {
            var block = blocks[^1];
            blocks.RemoveAt(blocks.Count - 1);
            return block;
        }

        if (rest.Count < size)
            TakeChunk(size);
        var first = rest[..size];
        rest = rest[size..];
        return first;
    }

    /// <summary>Gives back what was rented.</summary>
    internal void Return(ArraySegment<long> block)
    {
        if (block.Count == 0)
            return;
        wordsInUse -= block.Count;
        if (block.Count > LargestShared)
            words -= block.Count;
        else
            Free(block);
    }

    // As large as all before it together, so that one that holds a single profile is small.
    private void TakeChunk(int atLeast)
    {
        while (rest.Count >= SmallestBlock)
        {
            var sizeClass = ClassOf(rest.Count);
            var size = SizeOf(sizeClass) <= rest.Count ? SizeOf(sizeClass) : SizeOf(sizeClass - 1);
            Free(rest[..size]);
            rest = rest[size..];
        }

        rest = new long[Math.Max(atLeast, chunk)];
        words += rest.Count;
        chunk = Math.Max(chunk, (int)Math.Min(words, LargestChunk)); // those after a compaction are not small again
    }

    private void Free(ArraySegment<long> block) => (free[ClassOf(block.Count)] ??= []).Add(block);

    // Sizes of blocks are 8, 12, 16, 24, 32, 48 … words.
    private static int ClassOf(int size)
    {
        if (size <= SmallestBlock)
            return 0;
        var log = BitOperations.Log2((uint)size - 1);
        return (2 * (log - 3)) + (size <= 3 << (log - 1) ? 1 : 2);
    }

    private static int SizeOf(int sizeClass) => (sizeClass % 2 == 0 ? SmallestBlock : SmallestBlock + (SmallestBlock / 2)) << (sizeClass / 2);
}
