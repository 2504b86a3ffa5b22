using System.Text;

namespace Segmentation.Benchmarks.Ingest;

/// <summary>Reads Redis' protocol: commands as arrays of texts, and replies.</summary>
internal sealed class RespReader(Stream stream)
{
    private readonly byte[] _buffer = new byte[256 * 1024];
    private int _start;
    private int _end;

    /// <returns>
    /// A number as long, a text as its bytes, an array as object?[], null; an error is thrown. <see cref="EndOfStreamException"/> at the end.
    /// </returns>
    public object? Read()
    {
        var kind = ReadByte();
        switch (kind)
        {
            case (byte)'+': return ReadLine();
            case (byte)'-': return new InvalidOperationException("Redis says: " + Encoding.UTF8.GetString(ReadLine()));
            case (byte)':': return ReadNumber();
            case (byte)'$': return ReadNumber() is >= 0 and var length ? ReadText((int)length) : null;
            case (byte)'*': return ReadNumber() is >= 0 and var count ? ReadArray((int)count) : null;
            default: throw new FormatException($"0x{kind:x2} begins nothing of Redis' protocol.");
        }
    }

    private object?[] ReadArray(int count)
    {
        var items = new object?[count];
        for (var i = 0; i < count; i++) items[i] = Read();
        return items;
    }

    private byte[] ReadText(int length)
    {
        var text = new byte[length];
        for (var done = 0; done < length;)
        {
            if (_start == _end) Fill();
            var some = Math.Min(length - done, _end - _start);
            _buffer.AsSpan(_start, some).CopyTo(text.AsSpan(done));
            _start += some;
            done += some;
        }
        ReadByte();
        ReadByte();
        return text;
    }

    private long ReadNumber()
    {
        var (number, sign) = (0L, 1);
        for (var b = ReadByte(); b != '\r'; b = ReadByte())
        {
            if (b == '-') sign = -1;
            else number = (number * 10) + (b - '0');
        }
        ReadByte();
        return number * sign;
    }

    private byte[] ReadLine()
    {
        var line = new List<byte>();
        for (var b = ReadByte(); b != '\r'; b = ReadByte()) line.Add(b);
        ReadByte();
        return [.. line];
    }

    private byte ReadByte()
    {
        if (_start == _end) Fill();
        return _buffer[_start++];
    }

    private void Fill()
    {
        (_start, _end) = (0, stream.Read(_buffer));
        if (_end == 0) throw new EndOfStreamException();
    }
}

/// <summary>Writes Redis' protocol.</summary>
internal static class RespWriter
{
    public static void Write(Stream stream, params ReadOnlySpan<byte[]> command)
    {
        stream.Write(Encoding.ASCII.GetBytes(FormattableString.Invariant($"*{command.Length}\r\n")));
        foreach (var argument in command)
        {
            stream.Write(Encoding.ASCII.GetBytes(FormattableString.Invariant($"${argument.Length}\r\n")));
            stream.Write(argument);
            stream.Write("\r\n"u8);
        }
    }
}
