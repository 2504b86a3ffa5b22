using System.Runtime.InteropServices;

namespace Segmentation;

/// <summary>Some of the digits 1 to 10; none by default.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DigitSet
{
    private readonly int bits;

    /// <summary>From the lower to the upper digit, both inclusive; none when the lower is above the upper one.</summary>
    public DigitSet(int lower, int upper)
    {
        for (var digit = Math.Max(0, lower); digit <= upper && digit < 32; digit++)
            bits |= 1 << digit;
    }

    private DigitSet(int bits) => this.bits = bits;

    public static DigitSet Of(IEnumerable<int> digits)
    {
        ArgumentNullException.ThrowIfNull(digits);
        return new(digits.Aggregate(0, static (bits, digit) => bits | new DigitSet(digit, digit).bits));
    }

    public bool IsEmpty => bits == 0;

    public bool Contains(int digit) => (bits >> digit & 1) != 0;

    /// <summary>Whether every digit of it is one of the others.</summary>
    public bool IsWithin(DigitSet others) => (bits & ~others.bits) == 0;

    /// <summary>Such as 1, 2-4, or 1+3-5.</summary>
    public override string ToString()
    {
        var runs = new List<string>();
        for (var digit = 0; digit < 32; digit++)
        {
            if (!Contains(digit))
                continue;
            var first = digit;
            while (digit < 31 && Contains(digit + 1))
                digit++;
            runs.Add(first == digit ? $"{first}" : $"{first}-{digit}");
        }

        return string.Join('+', runs);
    }
}

/// <summary>One named group of profiles by their digits.</summary>
/// <param name="Name">Such as champions.</param>
/// <param name="Recency">The recency digits.</param>
/// <param name="Frequency">The frequency digits.</param>
/// <param name="Monetary">The monetary digits.</param>
/// <param name="SinglePurchase">True: only profiles with exactly one purchase; false: only with more than one; null: any.</param>
public sealed record RfmTier(string Name, DigitSet Recency, DigitSet Frequency, DigitSet Monetary, bool? SinglePurchase = null)
{
    public bool Covers(int recency, int frequency, int monetary, bool singlePurchase) =>
        Recency.Contains(recency)
        && Frequency.Contains(frequency)
        && Monetary.Contains(monetary)
        && (SinglePurchase is null || SinglePurchase == singlePurchase);
}
