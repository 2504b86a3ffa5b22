using System.CommandLine.Parsing;
using System.Globalization;

namespace Segmentation.Cli;

/// <summary>Instants on the command line and in files: RFC 3339 with an offset, kept as milliseconds since the Unix epoch, UTC.</summary>
internal static class InstantOption
{
    public const string Example = "2026-01-31T09:30:00Z";

    public static long Parse(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        if (TryParse(text, out long instantMs))
            return instantMs;
        argument.AddError($"'{text}' is not an instant; write it like {Example}");
        return default;
    }

    /// <summary>Reads RFC 3339; the offset is required, and what is finer than a millisecond is cut off.</summary>
    public static bool TryParse(string text, out long instantMs)
    {
        instantMs = 0;
        bool hasOffset = text is [.., 'Z' or 'z'] or [.., '+' or '-', _, _, ':', _, _];
        if (!hasOffset || text is not [_, _, _, _, '-', _, _, '-', _, _, 'T' or 't', ..])
            return false;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset instant))
            return false;
        instantMs = instant.ToUnixTimeMilliseconds();
        return true;
    }

    /// <summary>Writes whole seconds without a fraction, everything else with three digits.</summary>
    public static string Format(long instantMs)
    {
        DateTime utc = DateTimeOffset.FromUnixTimeMilliseconds(instantMs).UtcDateTime;
        string format = instantMs % 1000 == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        return utc.ToString(format, CultureInfo.InvariantCulture);
    }
}
