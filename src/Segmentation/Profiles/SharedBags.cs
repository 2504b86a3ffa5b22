namespace Segmentation;

/// <summary>
/// Gives equal small bags the same object most of the time: many of the events of a shop differ in nothing but who and when. Bounded and safe to
/// use from several threads in the same way as <see cref="NameCache"/>.
/// </summary>
internal static class SharedBags
{
    private const int Slots = 4096;
    private const int MostProperties = 4;
    private const int LongestText = 64;

    private static readonly PropertyBag?[] Known = new PropertyBag?[Slots];

    /// <summary>A bag with these properties.</summary>
    /// <param name="names">Sorted ordinally, without repetition or empty ones.</param>
    /// <param name="values">One for each name; copied where there is no such bag yet.</param>
    public static PropertyBag Get(ReadOnlySpan<string> names, ReadOnlySpan<PropertyValue> values)
    {
        if (!IsSmall(values))
            return new PropertyBag(names, values.ToArray());
        ref var slot = ref Known[Hash(names, values) & (Slots - 1)];
        var known = slot;
        if (known is null || !known.Holds(names, values))
            slot = known = new PropertyBag(names, values.ToArray());
        return known;
    }

    private static bool IsSmall(ReadOnlySpan<PropertyValue> values)
    {
        if (values.Length > MostProperties)
            return false;
        foreach (var value in values)
        {
            if (value.Kind == PropertyKind.TextList || (value.Kind == PropertyKind.Text && value.Text.Length > LongestText))
                return false;
        }

        return true;
    }

    private static int Hash(ReadOnlySpan<string> names, ReadOnlySpan<PropertyValue> values)
    {
        var hash = default(HashCode);
        for (var i = 0; i < names.Length; i++)
        {
            hash.Add(names[i].Length);
            hash.Add(values[i]);
        }

        return hash.ToHashCode();
    }
}
