namespace Segmentation.Cli.Reading;

/// <summary>Finds the fields and the end of the one record that a span of bytes starts with.</summary>
/// <param name="IsComplete">False when the record goes on behind the bytes given.</param>
/// <param name="Length">Of the record without its line end.</param>
/// <param name="TotalLength">Of the record with its line end.</param>
/// <param name="Problem">Why the fields cannot be used.</param>
internal readonly record struct CsvRecordScan(bool IsComplete, int Length, int TotalLength, string? Problem)
{
    private const byte Quote = (byte)'"';
    private const byte Feed = (byte)'\n';

    /// <param name="bytes">Not empty.</param>
    /// <param name="delimiter">Null: runs of spaces and tabs.</param>
    /// <param name="isAll">Whether nothing comes behind the bytes.</param>
    /// <param name="fields">Cleared and filled.</param>
    public static CsvRecordScan Of(ReadOnlySpan<byte> bytes, byte? delimiter, bool isAll, List<CsvReader.Field> fields)
    {
        fields.Clear();
        return delimiter is { } separator ? Delimited(bytes, separator, isAll, fields) : Spaced(bytes, isAll, fields);
    }

    private static CsvRecordScan Spaced(ReadOnlySpan<byte> bytes, bool isAll, List<CsvReader.Field> fields)
    {
        int feed = bytes.IndexOf(Feed);
        if (feed < 0 && !isAll)
            return default;
        CsvRecordScan scan = EndingAt(bytes, feed < 0 ? bytes.Length : feed, null);
        ReadOnlySpan<byte> record = bytes[..scan.Length];
        int at = 0;
        while (record[at..].IndexOfAnyExcept(" \t"u8) is >= 0 and var gap)
        {
            at += gap;
            int length = record[at..].IndexOfAny(" \t"u8);
            length = length < 0 ? record.Length - at : length;
            fields.Add(new CsvReader.Field(at, length));
            at += length;
        }
        return scan;
    }

    private static CsvRecordScan Delimited(ReadOnlySpan<byte> bytes, byte delimiter, bool isAll, List<CsvReader.Field> fields)
    {
        string? problem = null;
        int at = 0;
        while (true)
        {
            int start = at;
            bool quoted = at < bytes.Length && bytes[at] == Quote;
            if (quoted)
            {
                int close = ClosingQuote(bytes, at + 1, isAll, out bool doubled);
                if (close < 0)
                    return default;
                fields.Add(new CsvReader.Field(start + 1, close - start - 1, IsQuoted: true, doubled));
                at = close + 1;
            }
            int stop = bytes[at..].IndexOfAny(delimiter, Feed);
            if (stop < 0 && !isAll)
                return default;
            int end = stop < 0 ? bytes.Length : at + stop;
            bool isLast = stop < 0 || bytes[end] == Feed;
            int textEnd = isLast ? WithoutReturn(bytes, at, end) : end;
            if (!quoted)
                fields.Add(new CsvReader.Field(start, textEnd - start));
            else if (textEnd > at)
                problem ??= $"column {fields.Count}: there is text behind the closing quote; a quote inside a quoted field is written twice";
            if (isLast)
                return EndingAt(bytes, end, problem);
            at = end + 1;
        }
    }

    private static int ClosingQuote(ReadOnlySpan<byte> bytes, int from, bool isAll, out bool doubled)
    {
        doubled = false;
        while (true)
        {
            int quote = bytes[from..].IndexOf(Quote);
            if (quote < 0)
                return -1;
            quote += from;
            if (quote + 1 == bytes.Length)
                return isAll ? quote : -1;
            if (bytes[quote + 1] != Quote)
                return quote;
            doubled = true;
            from = quote + 2;
        }
    }

    private static int WithoutReturn(ReadOnlySpan<byte> bytes, int start, int end) =>
        end > start && bytes[end - 1] == '\r' ? end - 1 : end;

    private static CsvRecordScan EndingAt(ReadOnlySpan<byte> bytes, int end, string? problem) =>
        new(true, WithoutReturn(bytes, 0, end), end < bytes.Length ? end + 1 : end, problem);
}
