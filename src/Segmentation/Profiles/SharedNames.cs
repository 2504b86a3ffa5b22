namespace Segmentation;

/// <summary>
/// Gives bags with the same names the same array of names most of the time: the events of one kind look alike, and there are millions of
/// them. Bounded and safe to use from several threads in the same way as <see cref="NameCache"/>.
/// </summary>
internal static class SharedNames
{
    private const int Slots = 256;
    private const int MostShared = 16;

    private static readonly string[]?[] Known = new string[]?[Slots];

    /// <summary>An array with these names, which must not be written to; when none is known, a copy.</summary>
    public static string[] Get(ReadOnlySpan<string> names)
    {
        if (names.Length > MostShared)
            return names.ToArray();
        ref var slot = ref Known[Hash(names) & (Slots - 1)];
        var known = slot;
        if (known is null || !names.SequenceEqual(known))
            slot = known = names.ToArray();
        return known;
    }

    private static int Hash(ReadOnlySpan<string> names)
    {
        var hash = names.Length;
        foreach (var name in names)
            hash = (hash * 31) + name.Length + (name[0] << 4) + (name[^1] << 9);
        return hash ^ (hash >> 8);
    }
}
