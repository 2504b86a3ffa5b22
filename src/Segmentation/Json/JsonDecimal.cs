using System.Text.Json;

namespace Segmentation;

/// <summary>Reading JSON numbers as decimals, exactly or not at all.</summary>
internal static class JsonDecimal
{
    private const int MostDigits = 28;

    /// <summary>
    /// False when the number under the reader has more digits than a decimal keeps, so that taking it would change it. An exponent is
    /// fine: 1.5e3 is 1500.
    /// </summary>
    public static bool TryRead(ref Utf8JsonReader reader, out decimal number) =>
        reader.TryGetDecimal(out number)
        && ((reader.ValueSpan.Length <= MostDigits && !reader.ValueSpan.ContainsAny((byte)'e', (byte)'E')) || IsExact(reader.ValueSpan));

    /// <summary>The same number without trailing zeros and without a negative zero, so that equal numbers are written alike.</summary>
    public static decimal Canonical(decimal number) => number == 0m ? 0m : number / 1.0000000000000000000000000000m;

    private static bool IsExact(ReadOnlySpan<byte> utf8)
    {
        var significant = 0;
        var trailingZeros = 0;
        var scale = 0;
        var afterPoint = false;
        var i = 0;
        for (; i < utf8.Length && utf8[i] is not ((byte)'e' or (byte)'E'); i++)
        {
            if (utf8[i] == '.')
                afterPoint = true;
            if (utf8[i] is < (byte)'0' or > (byte)'9')
                continue;
            significant += utf8[i] != '0' || significant > 0 ? 1 : 0;
            trailingZeros = utf8[i] == '0' ? trailingZeros + 1 : 0;
            scale += afterPoint ? 1 : 0;
        }

        if (significant == 0)
            return true;
        if (i < utf8.Length)
            scale -= Exponent(utf8[(i + 1)..]);
        return significant - trailingZeros <= MostDigits && scale - trailingZeros <= MostDigits;
    }

    // An exponent too long to matter saturates; the reader has already checked the grammar.
    private static int Exponent(ReadOnlySpan<byte> utf8)
    {
        var magnitude = 0;
        foreach (var b in utf8)
        {
            if (b is >= (byte)'0' and <= (byte)'9')
                magnitude = Math.Min(magnitude * 10 + (b - '0'), 1_000_000);
        }

        return utf8[0] == '-' ? -magnitude : magnitude;
    }
}
