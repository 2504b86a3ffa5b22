using System.Globalization;

namespace Segmentation.Resources;

/// <summary>
/// Durations as written in resources: whole numbers with the units <c>w d h m s ms</c>, largest first, each at most once, such as
/// <c>365d</c>, <c>36h</c> or <c>1d12h</c>. A day is 24 hours exactly. Positive and at most 3660 days.
/// </summary>
public static class DurationText
{
    /// <summary>
    /// RE2; admits every positive duration. The order of the units and the upper bound are checked by <see cref="TryParse"/>.
    /// </summary>
    public const string Pattern = "^([1-9][0-9]*(w|d|h|m|s|ms))+$";

    public const int LengthMax = 32;

    /// <summary>3660 days.</summary>
    public const long MaxMs = 3660L * 24 * 60 * 60 * 1000;

    private const string HowToWrite = "write whole numbers with the units w, d, h, m, s, ms, largest first, such as 30d, 36h or 1d12h";

    private static readonly (string Unit, long Ms)[] Units =
        [("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

    /// <summary>Reads a duration in milliseconds; on failure <paramref name="error"/> says what is wrong and how to write it.</summary>
    public static bool TryParse(string? text, out long ms, out string error)
    {
        ms = 0;
        error = "";
        if (string.IsNullOrEmpty(text))
            return Fail("is empty; write a duration such as 30d, 2w, 36h, 15m or 1d12h", out error);

        var nextUnit = 0;
        for (var at = 0; at < text.Length;)
        {
            var digits = CountWhile(text, at, char.IsAsciiDigit);
            var letters = CountWhile(text, at + digits, char.IsAsciiLetter);
            var unit = text.Substring(at + digits, letters);
            var index = Array.FindIndex(Units, nextUnit, u => u.Unit == unit);
            if (digits is 0 or > 15 || index < 0)
                return Fail($"\"{Shortened(text)}\" is not a duration; {HowToWrite}", out error);
            var count = long.Parse(text.AsSpan(at, digits), NumberStyles.None, CultureInfo.InvariantCulture);
            if (count > MaxMs / Units[index].Ms || (ms += count * Units[index].Ms) > MaxMs)
                return Fail($"\"{Shortened(text)}\" is longer than 3660d, the longest that can be remembered", out error);
            nextUnit = index + 1;
            at += digits + letters;
        }

        return ms > 0 || Fail($"\"{Shortened(text)}\" is no time at all; write a positive duration such as 30d", out error);
    }

    /// <summary>Milliseconds of a duration that is known to be valid.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public static long ParseMs(string text) => TryParse(text, out var ms, out var error) ? ms : throw new FormatException(error);

    /// <inheritdoc cref="DurationWords.Of"/>
    public static string Format(long ms) => DurationWords.Of(ms);

    private static int CountWhile(string text, int from, Func<char, bool> predicate)
    {
        var at = from;
        while (at < text.Length && predicate(text[at]))
            at++;
        return at - from;
    }

    private static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private static bool Fail(string message, out string error)
    {
        error = message;
        return false;
    }
}
