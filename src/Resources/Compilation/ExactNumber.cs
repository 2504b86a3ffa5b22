using System.Numerics;

namespace Segmentation.Resources;

/// <summary>What is kept of a decimal on its way through JSON readers that hold 64-bit floating point.</summary>
internal static class ExactNumber
{
    /// <summary>A decimal of so many significant digits comes back from a double as it went in.</summary>
    public const int MaxSignificantDigits = 15;

    // Dividing by a 1 of the greatest scale makes decimal drop its trailing zeros.
    private const decimal One = 1.0000000000000000000000000000m;

    /// <summary>The same number without trailing zeros after the point.</summary>
    public static decimal Normalized(decimal number) => number / One;

    /// <summary>Digits from the first to the last that is not 0; 1 for 0.</summary>
    public static int SignificantDigits(decimal number)
    {
        Span<int> bits = stackalloc int[4];
        _ = decimal.GetBits(number, bits);
        var mantissa = ((BigInteger)(uint)bits[2] << 64) | ((BigInteger)(uint)bits[1] << 32) | (uint)bits[0];
        return Math.Max(1, mantissa.ToString().TrimEnd('0').Length);
    }
}
