using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Segmentation;

/// <summary>
/// The properties of a profile or an event: an immutable map from name to value, ordered ordinally by name. Two bags are equal when they
/// hold the same names with equal values, and then <see cref="WriteTo"/> gives the same bytes for both.
/// </summary>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A bag of properties is what the field calls it.")]
public sealed class PropertyBag : IReadOnlyCollection<KeyValuePair<string, PropertyValue>>, IEquatable<PropertyBag>
{
    /// <summary>The most properties that an event may have or a profile be given, inclusive.</summary>
    public const int MaxCount = 64;

    /// <summary>The most properties of a profile, inclusive: those that it is given and its facts.</summary>
    public const int MaxCountWithFacts = MaxCount + (2 * ProfileFacts.MaxChannels);

    /// <summary>The longest name, in UTF-16 characters, inclusive. The shortest is one.</summary>
    public const int MaxNameLength = 128;

    public static readonly PropertyBag Empty = new([], []);

    private const int MostScanned = 8;

    private readonly string[] names;
    private readonly PropertyValue[] values;

    /// <param name="names">Sorted ordinally, without repetition or empty ones.</param>
    /// <param name="values">One for each name; owned by the bag from here on.</param>
    internal PropertyBag(ReadOnlySpan<string> names, PropertyValue[] values)
    {
        this.names = SharedNames.Get(names);
        this.values = values;
    }

    public int Count => names.Length;

    /// <summary>
    /// A bag of the given properties in any order. A name that is empty, too long or there twice, and more than <paramref name="maxCount"/>
    /// properties, are an <see cref="ArgumentException"/>.
    /// </summary>
    public static PropertyBag Of(IEnumerable<KeyValuePair<string, PropertyValue>> properties, int maxCount = MaxCount)
    {
        var sorted = properties.ToArray();
        if (sorted.Length == 0)
            return Empty;
        Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        if (sorted.Length > maxCount)
            throw new ArgumentException($"There may be at most {maxCount} properties; these are {sorted.Length}.", nameof(properties));
        for (var i = 0; i < sorted.Length; i++)
        {
            if (sorted[i].Key.Length is 0 or > MaxNameLength)
                throw new ArgumentException($"A property name must have 1 to {MaxNameLength} characters.", nameof(properties));
            if (i > 0 && sorted[i].Key == sorted[i - 1].Key)
                throw new ArgumentException($"The property {sorted[i].Key} is there twice.", nameof(properties));
        }

        return new PropertyBag(Array.ConvertAll(sorted, static p => p.Key), Array.ConvertAll(sorted, static p => p.Value));
    }

    /// <inheritdoc cref="Of(IEnumerable{KeyValuePair{string, PropertyValue}}, int)"/>
    public static PropertyBag Of(params ReadOnlySpan<(string Name, PropertyValue Value)> properties)
    {
        var pairs = new KeyValuePair<string, PropertyValue>[properties.Length];
        for (var i = 0; i < pairs.Length; i++)
            pairs[i] = new(properties[i].Name, properties[i].Value);
        return Of(pairs);
    }

    /// <summary>
    /// Reads a JSON object; the reader stands on its opening brace and stands on its closing brace afterwards. A null means absent. Throws
    /// <see cref="JsonException"/> with a message that names the property and the cure, never its value.
    /// </summary>
    /// <param name="reader">Of the JSON.</param>
    /// <param name="maxCount">How many properties there may be, at most <see cref="MaxCountWithFacts"/>.</param>
    public static PropertyBag ReadJson(ref Utf8JsonReader reader, int maxCount = MaxCount) =>
        PropertyBagJson.TryRead(ref reader, out var bag, out var error, maxCount) ? bag : throw new JsonException(error);

    /// <summary>Writes the canonical JSON object: names in ordinal order, numbers without trailing zeros.</summary>
    public void WriteTo(Utf8JsonWriter writer) => PropertyBagJson.Write(writer, this);

    public bool TryGetValue(string name, out PropertyValue value)
    {
        var index = IndexOf(name);
        value = index >= 0 ? values[index] : default;
        return index >= 0;
    }

    /// <summary>The value of the property; null when it is missing.</summary>
    public PropertyValue? Find(string name) => TryGetValue(name, out var value) ? value : default(PropertyValue?);

    public bool ContainsName(string name) => IndexOf(name) >= 0;

    /// <summary>
    /// The properties of this bag whose names are wanted; this bag itself when all are. For keeping only what rules read.
    /// </summary>
    public PropertyBag Only(IReadOnlySet<string> wanted)
    {
        var kept = Array.FindAll(names, wanted.Contains);
        if (kept.Length == names.Length)
            return this;
        return kept.Length == 0 ? Empty : new PropertyBag(kept, Array.ConvertAll(kept, name => values[IndexOf(name)]));
    }

    // The property with this value, or, for null, without it.
    internal PropertyBag With(string name, PropertyValue? value)
    {
        var others = this.Where(property => property.Key != name);
        return Of(value is { } present ? others.Append(new(name, present)) : others, MaxCountWithFacts);
    }

    public IEnumerator<KeyValuePair<string, PropertyValue>> GetEnumerator()
    {
        for (var i = 0; i < names.Length; i++)
            yield return new(names[i], values[i]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(PropertyBag? other) => other is not null
        && (ReferenceEquals(this, other)
            || (names.AsSpan().SequenceEqual(other.names) && values.AsSpan().SequenceEqual(other.values)));

    public override bool Equals(object? obj) => Equals(obj as PropertyBag);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        for (var i = 0; i < names.Length; i++)
        {
            hash.Add(names[i], StringComparer.Ordinal);
            hash.Add(values[i]);
        }

        return hash.ToHashCode();
    }

    internal bool Holds(ReadOnlySpan<string> otherNames, ReadOnlySpan<PropertyValue> otherValues) =>
        otherNames.SequenceEqual(names) && otherValues.SequenceEqual(values);

    internal string NameAt(int index) => names[index];

    internal PropertyValue ValueAt(int index) => values[index];

    private int IndexOf(string name)
    {
        // A comparison of few names that mostly differ in length, or are one object, takes less than a search by a comparer.
        if (names.Length > MostScanned)
            return Array.BinarySearch(names, name, StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i] == name)
                return i;
        }

        return -1;
    }
}
