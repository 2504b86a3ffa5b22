namespace Segmentation.Cli.Reading;

/// <summary>
/// A moving window over a stream, which knows the byte offset of its first byte: what makes an import resumable.
/// Memory stays at the largest record, whatever the size of the stream.
/// </summary>
internal sealed class ByteWindow(Stream stream, long offset)
{
    private byte[] _buffer = new byte[128 * 1024];
    private int _start;
    private int _end;

    /// <summary>The offset in the stream of the first byte of <see cref="Available"/>.</summary>
    public long Offset { get; private set; } = offset;

    public ReadOnlySpan<byte> Available => _buffer.AsSpan(_start, _end - _start);

    /// <summary>The first bytes of the window; overwritten by the next <see cref="Fill"/>.</summary>
    public ReadOnlyMemory<byte> First(int length) => _buffer.AsMemory(_start, length);

    /// <summary>Reads more behind what is available; false when the stream has ended.</summary>
    public bool Fill()
    {
        if (_start > 0)
        {
            Available.CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        int read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }

    public void Consume(int length)
    {
        _start += length;
        Offset += length;
    }

    /// <summary>Steps over a UTF-8 byte order mark at the start of the stream.</summary>
    /// <exception cref="CliException">The stream starts with the byte order mark of UTF-16.</exception>
    public void SkipByteOrderMark()
    {
        while (Available.Length < 3 && Fill())
        {
        }
        if (Available is [0xEF, 0xBB, 0xBF, ..])
            Consume(3);
        else if (Available is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            throw CliException.BadInput("the file is UTF-16", "save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE");
    }
}
