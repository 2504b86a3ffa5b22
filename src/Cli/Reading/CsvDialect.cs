namespace Segmentation.Cli.Reading;

/// <param name="Delimiter">One ASCII character; null means that any run of spaces and tabs separates, and that quotes mean nothing.</param>
/// <param name="HasHeader">Whether the first record names the columns.</param>
internal sealed record CsvDialect(byte? Delimiter, bool HasHeader)
{
    /// <summary>Reads <c>--delimiter</c>: one character, or one of the words tab, comma, semicolon, pipe, whitespace.</summary>
    public static bool TryParseDelimiter(string text, out byte? delimiter)
    {
        char? character = text switch
        {
            "whitespace" => null,
            "tab" or "\\t" => '\t',
            "comma" => ',',
            "semicolon" => ';',
            "pipe" => '|',
            [var single] => single,
            _ => '\n',
        };
        delimiter = (byte?)character;
        return character is null or '\t' or (>= ' ' and < (char)127 and not '"');
    }
}
