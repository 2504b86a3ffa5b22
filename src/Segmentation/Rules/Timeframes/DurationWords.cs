using System.Globalization;
using System.Text;

namespace Segmentation;

/// <summary>Durations as they are written in specs.</summary>
public static class DurationWords
{
    private static readonly (string Unit, long Ms)[] Units = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

    /// <summary>The exact text of a non-negative number of milliseconds: <c>1d12h</c>; <c>0s</c> for none. Weeks are written as days.</summary>
    public static string Of(long ms)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ms);
        if (ms == 0)
            return "0s";
        var text = new StringBuilder();
        foreach (var (unit, unitMs) in Units)
        {
            if (ms / unitMs is > 0 and var count)
                text.Append(CultureInfo.InvariantCulture, $"{count}{unit}");
            ms %= unitMs;
        }

        return text.ToString();
    }
}
