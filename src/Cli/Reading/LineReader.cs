namespace Segmentation.Cli.Reading;

/// <summary>Reads lines as bytes, without their ends (LF or CR LF) and without blank ones.</summary>
internal sealed class LineReader
{
    /// <summary>Longer lines are passed over and reported; no single event comes near.</summary>
    public const int LongestLineBytes = 1024 * 1024;

    private readonly ByteWindow _window;

    /// <param name="stream">Stands at <paramref name="start"/> already.</param>
    /// <param name="start">Where to begin.</param>
    public LineReader(Stream stream, Position start)
    {
        _window = new ByteWindow(stream, start.Offset);
        End = start;
        if (start.Offset == 0)
            _window.SkipByteOrderMark();
    }

    /// <summary>The place behind the line that was read last.</summary>
    public Position End { get; private set; }

    /// <summary>The 1-based number of the line that was read last.</summary>
    public long Line { get; private set; }

    /// <summary>The line that was read last, valid until the next read; empty when it <see cref="IsTooLong"/>.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private set; }

    public bool IsTooLong { get; private set; }

    public bool Read()
    {
        while (true)
        {
            if (!ReadAny())
                return false;
            if (!IsTooLong && Bytes.Span.IndexOfAnyExcept(" \t\r"u8) < 0)
                continue;
            End = End with { Row = End.Row + 1 };
            return true;
        }
    }

    private bool ReadAny()
    {
        IsTooLong = false;
        int scanned = 0;
        while (true)
        {
            int feed = _window.Available[scanned..].IndexOf((byte)'\n');
            if (feed >= 0)
                return Take(scanned + feed, 1);
            scanned = _window.Available.Length;
            if (scanned > LongestLineBytes)
            {
                IsTooLong = true;
                _window.Consume(scanned);
                scanned = 0;
            }
            if (!_window.Fill())
                return (scanned > 0 || IsTooLong) && Take(scanned, 0);
        }
    }

    private bool Take(int length, int feedLength)
    {
        IsTooLong |= length > LongestLineBytes;
        ReadOnlyMemory<byte> bytes = _window.First(length);
        Bytes = IsTooLong ? default : bytes.Span is [.., (byte)'\r'] ? bytes[..^1] : bytes;
        _window.Consume(length + feedLength);
        Line = End.Line + 1;
        End = End with { Offset = _window.Offset, Line = Line };
        return true;
    }
}
