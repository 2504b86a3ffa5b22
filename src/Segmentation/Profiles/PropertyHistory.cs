namespace Segmentation;

/// <summary>
/// The changes of one profile's properties that are remembered: of each property the latest <see cref="MaxPerProperty"/>, of all together the
/// latest that come to <see cref="MaxCharacters"/>. Before the earliest one known a property had the value that this one replaced, for ever.
/// The same changes in the same order give the same history. Not safe for use by several threads at once.
/// </summary>
public sealed class PropertyHistory
{
    /// <summary>How many changes of one property are remembered, inclusive.</summary>
    public const int MaxPerProperty = 16;

    /// <summary>How much is remembered in all, inclusive: the names and texts of the changes, and 16 for each.</summary>
    public const int MaxCharacters = 65_536;

    private const int CharactersOfChange = 16;

    // By instant, then by name; one for an instant and name.
    private readonly List<PropertyChange> changes;

    public PropertyHistory()
        : this([])
    {
    }

    /// <param name="changes">In order, without repetition; owned by the history from here on.</param>
    internal PropertyHistory(List<PropertyChange> changes)
    {
        this.changes = changes;
        Characters = changes.Sum(static change => CharactersOf(change));
    }

    /// <summary>By instant, then by name in ordinal order.</summary>
    public IReadOnlyList<PropertyChange> Changes => changes;

    /// <summary>What it comes to, counted as for <see cref="MaxCharacters"/>.</summary>
    public int Characters { get; private set; }

    /// <summary>When the property last changed, in milliseconds since the Unix epoch; null when no change is known.</summary>
    public long? LatestMs(string name) => changes.FindLastIndex(change => change.Name == name) is >= 0 and var at ? changes[at].AtMs : null;

    /// <summary>
    /// Since when a predicate that the present value satisfies has held without a break, in milliseconds since the Unix epoch;
    /// <see cref="long.MinValue"/> for as long as anything is known.
    /// </summary>
    internal long HeldSinceMs(PropertyPredicate predicate)
    {
        for (var i = changes.Count - 1; i >= 0; i--)
        {
            if (changes[i].Name == predicate.Name && !predicate.Holds(changes[i].Before))
                return changes[i].AtMs;
        }

        return long.MinValue;
    }

    /// <summary>
    /// Remembers that the property had the value from the instant on, up to the next change known. A value that is stated
    /// again is remembered, too, as long as there is room, so that a statement that comes late finds its place.
    /// </summary>
    /// <param name="name">The property.</param>
    /// <param name="present">Its present value; null for missing.</param>
    /// <param name="value">Its value from the instant on; null for missing.</param>
    /// <param name="atMs">The instant, in milliseconds since the Unix epoch.</param>
    /// <returns>The present value, which is the given one unless a later change is known.</returns>
    internal PropertyValue? Set(string name, PropertyValue? present, PropertyValue? value, long atMs)
    {
        var at = 0;
        while (at < changes.Count && IsBefore(changes[at], atMs, name))
            at++;
        var isThere = at < changes.Count && changes[at].AtMs == atMs && changes[at].Name == name;
        var next = changes.FindIndex(isThere ? at + 1 : at, change => change.Name == name);
        if (!isThere)
            Insert(at, new PropertyChange(atMs, name, next < 0 ? present : changes[next].Before));
        if (next < 0)
            present = value;
        else
            Replace(isThere ? next : next + 1, value);
        Trim(name, present);
        return present;
    }

    /// <summary>Forgets every change of the property.</summary>
    internal void Forget(string name)
    {
        for (var i = changes.Count - 1; i >= 0; i--)
        {
            if (changes[i].Name == name)
                RemoveAt(i);
        }
    }

    /// <summary>Gives back the room that is not used: a million cached profiles have one each.</summary>
    internal void TrimExcess() => changes.TrimExcess();

    private static bool IsBefore(in PropertyChange change, long atMs, string name) =>
        change.AtMs < atMs || (change.AtMs == atMs && string.CompareOrdinal(change.Name, name) < 0);

    private void Trim(string name, PropertyValue? present)
    {
        while (changes.Count > MaxPerProperty && changes.Count(change => change.Name == name) > MaxPerProperty)
            RemoveAt(LeastWorth(name, present));
        while (Characters > MaxCharacters)
            RemoveAt(0);
    }

    // The earliest change to the same value, which says least; else the earliest of all.
    private int LeastWorth(string name, PropertyValue? present)
    {
        var (worth, after) = (-1, present);
        for (var i = changes.Count - 1; i >= 0; i--)
        {
            if (changes[i].Name != name)
                continue;
            if (changes[i].Before == after)
                worth = i;
            after = changes[i].Before;
        }

        return worth >= 0 ? worth : changes.FindIndex(change => change.Name == name);
    }

    private void Insert(int index, PropertyChange change)
    {
        changes.Insert(index, change);
        Characters += CharactersOf(change);
    }

    private void Replace(int index, PropertyValue? before)
    {
        Characters -= CharactersOf(changes[index]);
        changes[index] = changes[index] with { Before = before };
        Characters += CharactersOf(changes[index]);
    }

    private void RemoveAt(int index)
    {
        Characters -= CharactersOf(changes[index]);
        changes.RemoveAt(index);
    }

    private static int CharactersOf(in PropertyChange change) => CharactersOfChange + change.Name.Length + change.Before switch
    {
        { Kind: PropertyKind.Text } text => text.Text.Length,
        { Kind: PropertyKind.TextList } list => list.TextList.Sum(static element => element.Length + 1),
        _ => 0,
    };
}

/// <summary>One change of a property.</summary>
/// <param name="AtMs">From when on the value was another, in milliseconds since the Unix epoch.</param>
/// <param name="Name">The property.</param>
/// <param name="Before">Its value until then; null for missing.</param>
public readonly record struct PropertyChange(long AtMs, string Name, PropertyValue? Before);
