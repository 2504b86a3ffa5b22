using System.Globalization;

namespace Segmentation;

/// <summary>Instants as RFC 3339 texts with an offset, to and from milliseconds since the Unix epoch.</summary>
public static class Rfc3339
{
    private const string Shape = "dddd-dd-ddTdd:dd:dd";
    private const long MsPerDay = 86_400_000;

    /// <summary>
    /// Reads a text like 2026-01-31T09:30:00Z or 2026-01-31T10:30:00.125+01:00. The offset is required; digits of the fraction after the
    /// third are dropped, towards the past; a leap second (:60) is refused, as integer milliseconds since the epoch cannot tell it.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> ascii, out long ms)
    {
        ms = 0;
        if (ascii.Length < Shape.Length + 1 || !HasShape(ascii))
            return false;
        var (year, month, day) = (Digits(ascii, 0, 4), Digits(ascii, 5, 2), Digits(ascii, 8, 2));
        var (hour, minute, second) = (Digits(ascii, 11, 2), Digits(ascii, 14, 2), Digits(ascii, 17, 2));
        if (year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
            return false;
        var rest = ascii[Shape.Length..];
        if (!TryReadFraction(ref rest, out var fractionMs) || !TryReadOffset(rest, out var offsetMinutes))
            return false;
        var days = new DateOnly(year, month, day).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        ms = days * MsPerDay + ((hour * 60L + minute - offsetMinutes) * 60 + second) * 1000 + fractionMs;
        return true;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out long)"/>
    public static bool TryParse(ReadOnlySpan<char> text, out long ms)
    {
        ms = 0;
        Span<byte> ascii = stackalloc byte[64];
        if (text.Length > ascii.Length || !System.Text.Ascii.IsValid(text))
            return false;
        for (var i = 0; i < text.Length; i++)
            ascii[i] = (byte)text[i];
        return TryParse(ascii[..text.Length], out ms);
    }

    /// <summary>Writes 2026-01-31T09:30:00Z, or 2026-01-31T09:30:00.125Z when there are milliseconds. The year must be 1 to 9999.</summary>
    public static string Format(long ms)
    {
        var instant = DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime;
        return instant.ToString(
            instant.Millisecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
    }

    private static bool HasShape(ReadOnlySpan<byte> ascii)
    {
        for (var i = 0; i < Shape.Length; i++)
        {
            var fits = Shape[i] switch
            {
                'd' => ascii[i] is >= (byte)'0' and <= (byte)'9',
                'T' => ascii[i] is (byte)'T' or (byte)'t',
                _ => ascii[i] == Shape[i],
            };
            if (!fits)
                return false;
        }

        return true;
    }

    private static int Digits(ReadOnlySpan<byte> ascii, int start, int length)
    {
        var number = 0;
        foreach (var digit in ascii.Slice(start, length))
            number = number * 10 + (digit - '0');
        return number;
    }

    private static bool TryReadFraction(ref ReadOnlySpan<byte> rest, out int ms)
    {
        ms = 0;
        if (rest[0] != '.')
            return true;
        var digits = rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits <= 0)
            return false;
        for (var i = 1; i <= 3; i++)
            ms = ms * 10 + (i <= digits ? rest[i] - '0' : 0);
        rest = rest[(1 + digits)..];
        return true;
    }

    private static bool TryReadOffset(ReadOnlySpan<byte> rest, out int minutes)
    {
        minutes = 0;
        if (rest is [(byte)'Z' or (byte)'z'])
            return true;
        if (rest is not [(byte)'+' or (byte)'-', >= (byte)'0' and <= (byte)'9', >= (byte)'0' and <= (byte)'9', (byte)':',
                >= (byte)'0' and <= (byte)'9', >= (byte)'0' and <= (byte)'9'])
            return false;
        var (hour, minute) = (Digits(rest, 1, 2), Digits(rest, 4, 2));
        minutes = (hour * 60 + minute) * (rest[0] == '-' ? -1 : 1);
        return hour <= 23 && minute <= 59;
    }
}
