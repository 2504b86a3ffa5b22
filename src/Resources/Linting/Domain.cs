namespace Segmentation.Resources;

/// <summary>
/// The values that a condition leaves open for what it speaks of: numbers, texts, anything else, or no value at all. It may hold more
/// than the condition does; <see cref="IsExact"/> says whether it does not.
/// </summary>
internal sealed record Domain(NumberSet Numbers, TextSet Texts, bool Others, bool Missing, bool IsExact)
{
    public static Domain All { get; } = new(NumberSet.All, TextSet.All, Others: true, Missing: true, IsExact: false);

    public bool IsEmpty => Numbers.IsEmpty && Texts.IsEmpty && !Others && !Missing;

    /// <summary>Numbers alone.</summary>
    public static Domain Of(NumberSet numbers) => new(numbers, TextSet.None, Others: false, Missing: false, IsExact: true);

    /// <summary>What is left when the condition does not hold.</summary>
    public Domain Complement() => IsExact ? new(Numbers.Complement(), Texts.Complement(), !Others, !Missing, IsExact: true) : All;

    public Domain Intersect(Domain other) => new(
        Numbers.Intersect(other.Numbers),
        Texts.Intersect(other.Texts),
        Others && other.Others,
        Missing && other.Missing,
        IsExact && other.IsExact);
}
