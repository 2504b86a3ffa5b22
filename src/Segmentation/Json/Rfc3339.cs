using System.Globalization;

namespace Segmentation;

/// <summary>Instants as RFC 3339 texts with an offset, to and from milliseconds since the Unix epoch.</summary>
public static class Rfc3339
{
    /// <summary>0001-01-01T00:00:00Z in milliseconds since the Unix epoch.</summary>
    public const long EarliestMs = -62_135_596_800_000;

    /// <summary>The last millisecond of the year 9999.</summary>
    public const long LatestMs = 253_402_300_799_999;

    private const string Shape = "dddd-dd-ddTdd:dd:dd";
    private const string DayShape = "dddd-dd-dd";
    private const long MsPerDay = 86_400_000;

    /// <summary>
    /// Reads a text like 2026-01-31T09:30:00Z or 2026-01-31T10:30:00.125+01:00. The offset is required; digits of the fraction after the
    /// third are dropped, towards the past; a leap second (:60) is refused, as integer milliseconds since the epoch cannot tell it, and so is
    /// an instant outside <see cref="EarliestMs"/> and <see cref="LatestMs"/>.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> ascii, out long ms)
    {
        ms = 0;
        if (ascii.Length < Shape.Length + 1 || !HasShape(ascii, Shape) || !TryReadDay(ascii, out var year, out var month, out var day))
            return false;
        var (hour, minute, second) = (Digits(ascii, 11, 2), Digits(ascii, 14, 2), Digits(ascii, 17, 2));
        if (hour > 23 || minute > 59 || second > 59)
            return false;
        var rest = ascii[Shape.Length..];
        if (!TryReadFraction(ref rest, out var fractionMs) || !TryReadOffset(rest, out var offsetMinutes))
            return false;
        var days = new DateOnly(year, month, day).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        ms = days * MsPerDay + ((hour * 60L + minute - offsetMinutes) * 60 + second) * 1000 + fractionMs;
        return ms is >= EarliestMs and <= LatestMs;
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

    /// <summary>Reads a day like 2026-01-31, of the years 1 to 9999.</summary>
    public static bool TryParseDay(ReadOnlySpan<char> text, out int year, out int month, out int day)
    {
        (year, month, day) = (0, 0, 0);
        Span<byte> ascii = stackalloc byte[DayShape.Length];
        if (text.Length != ascii.Length || !System.Text.Ascii.IsValid(text))
            return false;
        for (var i = 0; i < text.Length; i++)
            ascii[i] = (byte)text[i];
        return HasShape(ascii, DayShape) && TryReadDay(ascii, out year, out month, out day);
    }

    /// <summary>Writes 2026-01-31T09:30:00Z, or 2026-01-31T09:30:00.125Z when there are milliseconds. The year must be 1 to 9999.</summary>
    public static string Format(long ms)
    {
        var instant = DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime;
        return instant.ToString(
            instant.Millisecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
    }

    private static bool HasShape(ReadOnlySpan<byte> ascii, string shape)
    {
        for (var i = 0; i < shape.Length; i++)
        {
            var fits = shape[i] switch
            {
                'd' => ascii[i] is >= (byte)'0' and <= (byte)'9',
                'T' => ascii[i] is (byte)'T' or (byte)'t',
                _ => ascii[i] == shape[i],
            };
            if (!fits)
                return false;
        }

        return true;
    }

    private static bool TryReadDay(ReadOnlySpan<byte> ascii, out int year, out int month, out int day)
    {
        (year, month, day) = (Digits(ascii, 0, 4), Digits(ascii, 5, 2), Digits(ascii, 8, 2));
        return year > 0 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);
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
