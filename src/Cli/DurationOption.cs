using System.CommandLine.Parsing;
using System.Globalization;

namespace Segmentation.Cli;

/// <summary>Durations on the command line: a whole number and one of the units ms, s, m, h, d.</summary>
internal static class DurationOption
{
    public static TimeSpan Parse(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        if (TryParse(text, out TimeSpan duration))
            return duration;
        argument.AddError($"'{text}' is not a duration; write it like 30s, 2m or 1h");
        return default;
    }

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        int digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits is < 1 or > 9)
            return false;
        long count = long.Parse(text.AsSpan(0, digits), CultureInfo.InvariantCulture);
        TimeSpan? unit = text[digits..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(1),
            "s" => TimeSpan.FromSeconds(1),
            "m" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            "d" => TimeSpan.FromDays(1),
            _ => null,
        };
        if (unit is null || count > TimeSpan.FromDays(3660) / unit.Value)
            return false;
        duration = unit.Value * count;
        return true;
    }
}
