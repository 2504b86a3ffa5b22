using System.Globalization;
using NodaTime;

namespace Segmentation.Cli.Reading;

/// <summary>Reads the times of one column.</summary>
/// <param name="format">Null is RFC 3339; <c>unix</c> (seconds) and <c>unix-ms</c> are numbers; everything else is a .NET format.</param>
/// <param name="zone">Applies to formats without an offset. A clock time that a zone skips moves on by the skip; of one that comes twice, the first counts.</param>
internal sealed class TimeColumn(string? format, DateTimeZone zone)
{
    /// <summary>The year 2200; larger numbers are of a smaller unit.</summary>
    private const decimal LatestMs = 7_258_118_400_000m;

    private readonly bool _hasOffset = format is not null && (format.Contains('z') || format.Contains('K'));

    /// <returns>What is wrong, with the text itself cut to 40 characters; null when it was read.</returns>
    public string? Read(string text, out long instantMs)
    {
        bool read = format switch
        {
            null => Rfc3339.TryParse(text, out instantMs),
            "unix" => TryReadUnix(text, 1000, out instantMs),
            "unix-ms" => TryReadUnix(text, 1, out instantMs),
            _ => TryReadFormat(text, format, out instantMs),
        };
        if (read)
            return null;
        string shown = text.Length > 40 ? text[..40] + "..." : text;
        return format is null
            ? $"\"{shown}\" is not RFC 3339, such as {InstantOption.Example}; --time-format reads other forms"
            : $"\"{shown}\" does not have the form {format}";
    }

    private static bool TryReadUnix(string text, int scale, out long instantMs)
    {
        bool read = decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            && Math.Abs(number) < LatestMs && Math.Abs(number * scale) < LatestMs;
        instantMs = read ? (long)decimal.Floor(number * scale) : 0;
        return read;
    }

    private bool TryReadFormat(string text, string pattern, out long instantMs)
    {
        instantMs = 0;
        if (_hasOffset)
        {
            bool read = DateTimeOffset.TryParseExact(text, pattern, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset instant);
            instantMs = read ? instant.ToUnixTimeMilliseconds() : 0;
            return read;
        }
        if (!DateTime.TryParseExact(text, pattern, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime local))
            return false;
        instantMs = LocalDateTime.FromDateTime(local).InZoneLeniently(zone).ToInstant().ToUnixTimeMilliseconds();
        return true;
    }
}
