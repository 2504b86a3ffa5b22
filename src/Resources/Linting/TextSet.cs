namespace Segmentation.Resources;

/// <summary>A finite set of texts, or all texts but those of one.</summary>
internal sealed record TextSet(IReadOnlySet<string> Texts, bool AllBut)
{
    public static TextSet All { get; } = new(new HashSet<string>(), AllBut: true);

    public static TextSet None { get; } = new(new HashSet<string>(), AllBut: false);

    public bool IsEmpty => !AllBut && Texts.Count == 0;

    public static TextSet Of(IEnumerable<string> texts) => new(texts.ToHashSet(StringComparer.Ordinal), AllBut: false);

    public TextSet Complement() => this with { AllBut = !AllBut };

    public TextSet Intersect(TextSet other) => (AllBut, other.AllBut) switch
    {
        (true, true) => new(Texts.Union(other.Texts, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal), AllBut: true),
        (false, _) => Of(Texts.Where(other.Has)),
        _ => other.Intersect(this),
    };

    private bool Has(string text) => Texts.Contains(text) != AllBut;
}
