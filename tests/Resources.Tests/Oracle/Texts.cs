using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Resources.Tests.Oracle;

/// <summary>What the texts of a spec or a property say.</summary>
internal static partial class Texts
{
    private const int TimeoutMs = 5_000;

    private static readonly ConcurrentDictionary<string, long> Durations = new();
    private static readonly ConcurrentDictionary<string, PlainDate?> Dates = new();

    /// <summary>In milliseconds.</summary>
    public static long Duration(string text) => Durations.GetOrAdd(text, static written =>
        DurationParts().Matches(written).Sum(part => long.Parse(part.Groups["number"].Value, CultureInfo.InvariantCulture) * part.Groups["unit"].Value switch
        {
            "ms" => 1L,
            "s" => 1_000L,
            "m" => 60_000L,
            "h" => 3_600_000L,
            "d" => 86_400_000L,
            _ => 604_800_000L,
        }));

    public static string Duration(long ms)
    {
        var text = "";
        foreach (var (unit, size) in new (string, long)[] { ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1) })
        {
            if (ms / size > 0)
                text += string.Create(CultureInfo.InvariantCulture, $"{ms / size}{unit}");
            ms %= size;
        }

        return text;
    }

    /// <summary>A day or RFC 3339; null for any other text.</summary>
    public static PlainDate? Date(string text) => Dates.GetOrAdd(text, static written =>
    {
        if (DayText().IsMatch(written))
        {
            return DateOnly.TryParseExact(written, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? new PlainDate(day, 0)
                : null;
        }

        return InstantText().IsMatch(written)
            && DateTimeOffset.TryParse(written.ToUpperInvariant(), CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
            ? new PlainDate(null, instant.ToUnixTimeMilliseconds())
            : null;
    });

    /// <summary>The number that the text is; null when no number is written so.</summary>
    public static decimal? Number(string text) => NumberText().IsMatch(text) ? decimal.Parse(text, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex("(?<number>[0-9]+)(?<unit>ms|s|m|h|d|w)", RegexOptions.ExplicitCapture, TimeoutMs)]
    private static partial Regex DurationParts();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}\z", RegexOptions.ExplicitCapture, TimeoutMs)]
    private static partial Regex DayText();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})\z", RegexOptions.ExplicitCapture, TimeoutMs)]
    private static partial Regex InstantText();

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?\z", RegexOptions.ExplicitCapture, TimeoutMs)]
    private static partial Regex NumberText();
}

/// <param name="Day">Set for a day, which means its start somewhere.</param>
/// <param name="Ms">The instant otherwise.</param>
internal sealed record PlainDate(DateOnly? Day, long Ms);
