using System.Runtime.CompilerServices;

namespace Segmentation;

/// <summary>
/// The properties of many occurrences, by number. Those that are one object, as <see cref="SharedBags"/> makes most of them, have one number most of the
/// time: few numbers to look up stay near the processor, and no reference is written for each occurrence, which the garbage collector would have to look for.
/// Not safe for use by several threads at once.
/// </summary>
internal sealed class KeptBags
{
    /// <summary>The number of no properties.</summary>
    public const int None = 0;

    private const int MostRecent = 4096;

    private PropertyBag?[] bags = new PropertyBag?[2];
    private int[] uses = new int[2];
    private int[] recent = new int[2]; // by hash, the number that a bag was given last; a power of two
    private int taken = None + 1;
    private Stack<int>? free;

    /// <summary>What was kept by a number.</summary>
    public PropertyBag this[int number] => bags[number] ?? PropertyBag.Empty;

    /// <summary>Amortised O(1).</summary>
    /// <returns>A number, until it has been dropped as often as it was given.</returns>
    public int Keep(PropertyBag bag)
    {
        if (bag.Count == 0)
            return None;
        var number = RecentOf(bag);
        if (!ReferenceEquals(bags[number], bag))
        {
            number = Take();
            bags[number] = bag;
            RecentOf(bag) = number;
        }

        uses[number]++;
        return number;
    }

    /// <summary>Gives back what <see cref="Keep"/> gave, once.</summary>
    public void Drop(int number)
    {
        if (number == None || --uses[number] > 0)
            return;
        bags[number] = null;
        (free ??= []).Push(number);
    }

    private int Take()
    {
        if (free is not null && free.TryPop(out var number))
            return number;
        if (taken == bags.Length)
            Grow();
        return taken++;
    }

    private void Grow()
    {
        Array.Resize(ref bags, bags.Length * 2);
        Array.Resize(ref uses, bags.Length);
        if (recent.Length == MostRecent)
            return;
        recent = new int[bags.Length];
        for (var number = None + 1; number < taken; number++)
            RecentOf(bags[number]!) = number;
    }

    private ref int RecentOf(PropertyBag bag) => ref recent[RuntimeHelpers.GetHashCode(bag) & (recent.Length - 1)];
}
