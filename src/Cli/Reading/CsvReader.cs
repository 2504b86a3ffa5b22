using System.Text;

namespace Segmentation.Cli.Reading;

/// <summary>
/// Reads delimited text (RFC 4180: quoted fields may hold delimiters, doubled quotes and line ends) record by record, and knows the exact byte
/// offset behind each one. Readers that decode to characters first cannot tell that offset, and without it an import cannot be resumed.
/// </summary>
internal sealed class CsvReader
{
    /// <summary>A record that goes on for longer has a quote that is never closed.</summary>
    public const int LongestRecordBytes = 1024 * 1024;

    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ByteWindow _window;
    private readonly byte? _delimiter;
    private readonly List<Field> _fields = [];
    private string? _problem;

    /// <param name="stream">Stands at <paramref name="start"/> already.</param>
    /// <param name="dialect">What separates the fields.</param>
    /// <param name="start">Where to begin.</param>
    public CsvReader(Stream stream, CsvDialect dialect, Position start)
    {
        _window = new ByteWindow(stream, start.Offset);
        _delimiter = dialect.Delimiter;
        End = start;
        if (start.Offset == 0)
            _window.SkipByteOrderMark();
    }

    /// <summary>The place behind the record that was read last.</summary>
    public Position End { get; private set; }

    /// <summary>The 1-based number of the line that the record starts on.</summary>
    public long Line { get; private set; }

    /// <summary>The record as it stands in the file, without its line end; valid until the next read.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private set; }

    /// <summary>What is wrong with the record as a whole; null when its fields can be used.</summary>
    public string? Problem => _problem;

    public int FieldCount => _fields.Count;

    /// <summary>Reads the next record that is not an empty line; false at the end.</summary>
    /// <exception cref="CliException">A quoted field is never closed.</exception>
    public bool Read()
    {
        while (true)
        {
            if (!ReadAny())
                return false;
            if (_problem is null && _fields is [] or [{ Length: 0, IsQuoted: false }])
                continue;
            End = End with { Row = End.Row + 1 };
            return true;
        }
    }

    /// <summary>Reads the first record, which is no row.</summary>
    public bool ReadHeader()
    {
        bool found = Read();
        End = End with { Row = 0 };
        return found;
    }

    /// <summary>The text of a field without its quotes; null when it is not UTF-8.</summary>
    /// <param name="index">0-based, below <see cref="FieldCount"/>.</param>
    public string? Text(int index)
    {
        Field field = _fields[index];
        try
        {
            string text = _utf8.GetString(Bytes.Span.Slice(field.Start, field.Length));
            return field.HasDoubledQuotes ? text.Replace("\"\"", "\"", StringComparison.Ordinal) : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private bool ReadAny()
    {
        bool ended = false;
        while (true)
        {
            ReadOnlySpan<byte> bytes = _window.Available;
            if (bytes.IsEmpty && ended)
                return false;
            CsvRecordScan scan = bytes.IsEmpty ? default : CsvRecordScan.Of(bytes, _delimiter, ended, _fields);
            if (scan.IsComplete)
            {
                _problem = scan.Problem;
                Take(scan);
                return true;
            }
            if (ended || bytes.Length > LongestRecordBytes)
                throw CliException.BadInput($"line {End.Line + 1}: the record that starts here does not end; is a quote never closed?",
                    "close the quote, or double it (\"\") where it belongs to the text");
            ended = !_window.Fill();
        }
    }

    private void Take(CsvRecordScan scan)
    {
        Bytes = _window.First(scan.Length);
        int feeds = _window.Available[..scan.TotalLength].Count((byte)'\n');
        bool atEndOfFile = scan.TotalLength == scan.Length;
        _window.Consume(scan.TotalLength);
        Line = End.Line + 1;
        End = End with { Offset = _window.Offset, Line = End.Line + feeds + (atEndOfFile ? 1 : 0) };
    }

    /// <param name="Start">Within the record.</param>
    /// <param name="Length">In bytes, without the enclosing quotes.</param>
    internal readonly record struct Field(int Start, int Length, bool IsQuoted = false, bool HasDoubledQuotes = false);
}
