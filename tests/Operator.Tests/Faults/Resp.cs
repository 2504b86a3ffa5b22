using System.Globalization;

namespace Segmentation.Operator.Tests.Faults;

/// <summary>Redis' protocol, as it is spoken on connections and written to append-only files.</summary>
internal static class Resp
{
    /// <returns>How many bytes the first value takes; 0 when it is not whole.</returns>
    public static int Length(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        for (var left = 1L; left > 0; left--)
        {
            var rest = bytes[at..];
            var line = rest.IndexOf("\r\n"u8);
            if (line < 0) return 0;
            at += line + 2;
            if (rest[0] == '*') left += Math.Max(0, Number(rest[1..line]));
            if (rest[0] == '$' && Number(rest[1..line]) is var size and >= 0) at += size + 2;
            if (at > bytes.Length) return 0;
        }
        return at;
    }

    /// <summary>The parts of a command: an array of bulk strings.</summary>
    public static byte[][] Arguments(ReadOnlySpan<byte> command)
    {
        var arguments = new byte[Number(Line(ref command)[1..])][];
        for (var i = 0; i < arguments.Length; i++)
        {
            var size = Number(Line(ref command)[1..]);
            arguments[i] = command[..size].ToArray();
            command = command[(size + 2)..];
        }
        return arguments;
    }

    private static ReadOnlySpan<byte> Line(ref ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n"u8);
        var line = bytes[..end];
        bytes = bytes[(end + 2)..];
        return line;
    }

    private static int Number(ReadOnlySpan<byte> digits) => int.Parse(digits, CultureInfo.InvariantCulture);
}

/// <summary>Cuts what a connection brings into whole values.</summary>
internal sealed class RespReader(Stream stream)
{
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;

    /// <returns>The bytes of the next value, which stay until the next call; null at the end.</returns>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Resp.Length(_buffer.AsSpan(_start, _end - _start)) is var length and > 0)
            {
                _start += length;
                return _buffer.AsMemory(_start - length, length);
            }
            MakeRoom();
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0) return null;
            _end += read;
        }
    }

    private void MakeRoom()
    {
        var whole = _end - _start;
        var from = _buffer;
        if (whole > _buffer.Length / 2) _buffer = new byte[2 * _buffer.Length];
        Array.Copy(from, _start, _buffer, 0, whole);
        (_start, _end) = (0, whole);
    }
}
