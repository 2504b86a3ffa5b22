using System.CommandLine.Parsing;

namespace Segmentation.Cli;

/// <summary>Instants on the command line: RFC 3339 with an offset, kept as milliseconds since the Unix epoch, UTC.</summary>
internal static class InstantOption
{
    public const string Example = "2026-01-31T09:30:00Z";

    public static long Parse(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        if (Rfc3339.TryParse(text, out long instantMs))
            return instantMs;
        argument.AddError($"'{text}' is not an instant; write it like {Example}");
        return default;
    }
}
