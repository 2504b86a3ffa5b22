using System.Globalization;

namespace Segmentation.Cli.Reading;

/// <summary>Exact decimals with a point: a comma could be thousands or decimals, so it is refused, not guessed.</summary>
internal static class CsvNumber
{
    public static bool TryParse(string text, out decimal number) => decimal.TryParse(
        text,
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent
            | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
        CultureInfo.InvariantCulture,
        out number);
}

/// <summary>The spellings of yes and no that exports use.</summary>
internal static class CsvBoolean
{
    public static bool TryParse(string text, out bool boolean)
    {
        string word = text.Trim().ToLowerInvariant();
        boolean = word is "true" or "yes" or "y" or "t" or "1";
        return boolean || word is "false" or "no" or "n" or "f" or "0";
    }
}
