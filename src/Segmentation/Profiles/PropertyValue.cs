using System.Globalization;

namespace Segmentation;

/// <summary>
/// The value of one property of a profile or an event: a text, a number, a boolean or a list of texts. There is no null: an absent
/// property is missing from its <see cref="PropertyBag"/>. Equality is by kind and content; numbers are equal whatever their trailing
/// zeros, texts are compared ordinally, lists element by element in order. The default value is the empty text.
/// </summary>
public readonly struct PropertyValue : IEquatable<PropertyValue>
{
    /// <summary>The longest text, in UTF-16 characters, inclusive; also of an element of a list.</summary>
    public const int MaxTextLength = 1024;

    /// <summary>The most elements that a list may have, inclusive.</summary>
    public const int MaxListLength = 100;

    /// <summary>The largest magnitude of a number, inclusive. Sums over two thousand million of them still fit a decimal.</summary>
    public const decimal MaxNumber = 1e19m;

    private static readonly object NumberMark = new();
    private static readonly object BooleanMark = new();

    // A text, an array of texts, one of the marks, or null for the empty text: it tells the kind, which so takes no room of its own. Many
    // millions of these are in memory.
    private readonly object? reference;
    private readonly decimal number;

    private PropertyValue(object? reference, decimal number)
    {
        this.reference = reference;
        this.number = number;
    }

    public PropertyKind Kind =>
        reference is null or string ? PropertyKind.Text
        : ReferenceEquals(reference, NumberMark) ? PropertyKind.Number
        : ReferenceEquals(reference, BooleanMark) ? PropertyKind.Boolean
        : PropertyKind.TextList;

    /// <summary>The text. Throws <see cref="InvalidOperationException"/> when this is not a text.</summary>
    public string Text => Kind == PropertyKind.Text ? (string?)reference ?? "" : throw WrongKind(PropertyKind.Text);

    /// <summary>The number. Throws <see cref="InvalidOperationException"/> when this is not a number.</summary>
    public decimal Number => Kind == PropertyKind.Number ? number : throw WrongKind(PropertyKind.Number);

    /// <summary>The boolean. Throws <see cref="InvalidOperationException"/> when this is not a boolean.</summary>
    public bool Boolean => Kind == PropertyKind.Boolean ? number != 0m : throw WrongKind(PropertyKind.Boolean);

    /// <summary>The list. Throws <see cref="InvalidOperationException"/> when this is not a list of texts.</summary>
    public IReadOnlyList<string> TextList => Kind == PropertyKind.TextList ? (string[])reference! : throw WrongKind(PropertyKind.TextList);

    /// <summary>The texts of a list, for a loop that takes no memory; nothing for every other kind.</summary>
    internal ReadOnlySpan<string> ListedTexts => reference as string[];

    /// <summary>A text of at most <see cref="MaxTextLength"/> characters; a longer one is an <see cref="ArgumentException"/>.</summary>
    public static PropertyValue Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        RequireLength(text);
        return new PropertyValue(text, 0m);
    }

    /// <summary>A number between -<see cref="MaxNumber"/> and <see cref="MaxNumber"/>, both inclusive; outside is an <see cref="ArgumentOutOfRangeException"/>.</summary>
    public static PropertyValue Of(decimal number)
    {
        if (number is < -MaxNumber or > MaxNumber)
            throw new ArgumentOutOfRangeException(nameof(number), $"A number must lie between -{MaxNumber} and {MaxNumber}.");
        return new PropertyValue(NumberMark, number);
    }

    public static PropertyValue Of(bool boolean) => new(BooleanMark, boolean ? 1m : 0m);

    /// <summary>
    /// A list of at most <see cref="MaxListLength"/> texts, copied; more, or a text that is too long, is an <see cref="ArgumentException"/>.
    /// </summary>
    public static PropertyValue Of(IEnumerable<string> texts)
    {
        var list = texts.ToArray();
        if (list.Length > MaxListLength)
            throw new ArgumentException($"A list may have at most {MaxListLength} elements; this one has {list.Length}.", nameof(texts));
        foreach (var text in list)
            RequireLength(text);
        return new PropertyValue(list, 0m);
    }

    /// <summary>A list that the caller has checked against the limits and does not keep.</summary>
    internal static PropertyValue OfOwned(string[] texts) => new(texts, 0m);

    public static implicit operator PropertyValue(string text) => Of(text);

    public static implicit operator PropertyValue(decimal number) => Of(number);

    public static implicit operator PropertyValue(int number) => Of((decimal)number);

    public static implicit operator PropertyValue(bool boolean) => Of(boolean);

    public static implicit operator PropertyValue(string[] texts) => Of(texts);

    public static bool operator ==(PropertyValue left, PropertyValue right) => left.Equals(right);

    public static bool operator !=(PropertyValue left, PropertyValue right) => !left.Equals(right);

    public bool Equals(PropertyValue other) => Kind == other.Kind && Kind switch
    {
        PropertyKind.Text => Text == other.Text,
        PropertyKind.TextList => ((string[])reference!).AsSpan().SequenceEqual((string[])other.reference!),
        _ => number == other.number,
    };

    public override bool Equals(object? obj) => obj is PropertyValue other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Kind);
        if (reference is string[] list)
        {
            foreach (var text in list)
                hash.Add(text, StringComparer.Ordinal);
        }
        else
        {
            hash.Add(Kind == PropertyKind.Text ? StringComparer.Ordinal.GetHashCode(Text) : number.GetHashCode());
        }

        return hash.ToHashCode();
    }

    /// <summary>For people: the text, the number, true or false, or the list in brackets. Never write it to a log: it may be personal.</summary>
    public override string ToString() => Kind switch
    {
        PropertyKind.Text => Text,
        PropertyKind.Number => number.ToString(CultureInfo.InvariantCulture),
        PropertyKind.Boolean => Boolean ? "true" : "false",
        _ => "[" + string.Join(", ", (string[])reference!) + "]",
    };

    private static void RequireLength(string text)
    {
        if (text.Length > MaxTextLength)
            throw new ArgumentException($"A text may have at most {MaxTextLength} characters; this one has {text.Length}.", nameof(text));
    }

    private InvalidOperationException WrongKind(PropertyKind wanted) => new($"The property is of kind {Kind}, not {wanted}.");
}
