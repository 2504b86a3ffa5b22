using System.Runtime.InteropServices;

namespace Segmentation;

/// <summary>Digits from the lower to the upper one, both inclusive.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DigitRange(int Lower, int Upper)
{
    public bool Contains(int digit) => digit >= Lower && digit <= Upper;

    /// <summary>Such as 1, or 2-4.</summary>
    public override string ToString() => Lower == Upper ? $"{Lower}" : $"{Lower}-{Upper}";
}

/// <summary>One named group of profiles by their digits.</summary>
/// <param name="Name">Such as champions.</param>
/// <param name="Recency">The recency digits.</param>
/// <param name="Frequency">The frequency digits.</param>
/// <param name="Monetary">The monetary digits.</param>
/// <param name="SinglePurchase">True: only profiles with exactly one purchase; false: only with more than one; null: any.</param>
public sealed record RfmTier(string Name, DigitRange Recency, DigitRange Frequency, DigitRange Monetary, bool? SinglePurchase = null)
{
    public bool Covers(int recency, int frequency, int monetary, bool singlePurchase) =>
        Recency.Contains(recency)
        && Frequency.Contains(frequency)
        && Monetary.Contains(monetary)
        && (SinglePurchase is null || SinglePurchase == singlePurchase);
}
