using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Segmentation.Benchmarks.Ingest;

/// <summary>
/// How fast Redis alone is: what an operator wrote, appends and commits, as recorded, sent to an empty Redis from a bare socket that does not wait for answers.
/// Reads are left out. Appends carry the ids that Redis gave them then, because commits name them.
/// </summary>
internal sealed class Ceiling : IDisposable
{
    private const string GivenId = "'*'";
    private static readonly byte[] EvalSha = "EVALSHA"u8.ToArray();

    private readonly string[] _scripts;
    private readonly string _appendHash;
    private readonly string _commitHash;
    private readonly HashSet<string> _writes;
    private readonly byte[] _replayAppendHash;
    private readonly Commands _setUp = new();
    private readonly Commands _timed = new();
    private readonly TcpClient _client = new() { NoDelay = true };
    private readonly RespReader _answers;
    private bool _begun;

    /// <summary>Connects, reads the recording, and sends what came before the events.</summary>
    /// <param name="scripts">The folder of the operator's scripts.</param>
    /// <param name="folder">That of the recording.</param>
    /// <param name="port">Of an empty Redis.</param>
    /// <exception cref="InvalidOperationException">The recording has no events.</exception>
    public Ceiling(string scripts, string folder, int port)
    {
        string Text(string name) => File.ReadAllText(Path.Combine(scripts, name + ".lua"));
        var append = Text("append");
        if (!append.Contains(GivenId, StringComparison.Ordinal) || !append.Contains("for i = 2, #ARGV", StringComparison.Ordinal))
            throw new InvalidOperationException("append.lua is not what this benchmark knows; let Ceiling.cs put the id into it.");
        var appendWithId = append.Replace(GivenId, "ARGV[2]", StringComparison.Ordinal).Replace("for i = 2, #ARGV", "for i = 3, #ARGV", StringComparison.Ordinal);
        _scripts = [appendWithId, Text("commit"), Text("acquire"), Text("activate")];
        _appendHash = HashOf(append);
        _replayAppendHash = Encoding.ASCII.GetBytes(HashOf(appendWithId));
        _writes = [.. _scripts[1..].Select(HashOf)];
        _commitHash = HashOf(_scripts[1]);
        foreach (var script in _scripts) _setUp.Write("SCRIPT"u8.ToArray(), "LOAD"u8.ToArray(), Encoding.UTF8.GetBytes(script));
        Load(folder);
        if (!_begun) throw new InvalidOperationException("No write of events was recorded: there is no ceiling to measure.");
        _client.Connect(IPAddress.Loopback, port);
        _answers = new RespReader(_client.GetStream());
        Send(_setUp, 0, _setUp.Count);
    }

    public int Appends { get; private set; }

    public int Commits { get; private set; }

    public long Bytes => _timed.Length;

    /// <param name="part">Which part of the recorded commands to send, from 0; all have about the same number of bytes, and so of events.</param>
    /// <param name="parts">How many there are.</param>
    /// <returns>The seconds that Redis took.</returns>
    public double Time(int part, int parts)
    {
        var (from, to) = (_timed.From(part / (double)parts), _timed.From((part + 1) / (double)parts));
        var watch = Stopwatch.StartNew();
        Send(_timed, from, to);
        return watch.Elapsed.TotalSeconds;
    }

    public void Dispose() => _client.Dispose();

    private void Load(string folder)
    {
        var path = Directory.GetFiles(folder, "*.commands").MaxBy(file => new FileInfo(file).Length)!;
        using var commands = File.OpenRead(path);
        using var replies = File.OpenRead(Path.ChangeExtension(path, ".replies"));
        var (said, answered) = (new RespReader(commands), new RespReader(replies));
        try
        {
            while (true) Take([.. ((object?[])said.Read()!).Select(part => (byte[])part!)], answered.Read());
        }
        catch (EndOfStreamException)
        {
            // A command without its answer was not part of the load.
        }
    }

    private void Take(byte[][] command, object? reply)
    {
        // The text of a script goes to a server that does not know it.
        var script = Encoding.UTF8.GetString(command[0]).ToUpperInvariant() switch
        {
            "EVAL" => HashOf(Encoding.UTF8.GetString(command[1])),
            "EVALSHA" => Encoding.ASCII.GetString(command[1]),
            _ => "",
        };
        if (script == _appendHash && reply is byte[] id)
        {
            _begun = true;
            _timed.Write([EvalSha, _replayAppendHash, command[2], command[3], command[4], id, .. command[5..]]);
            Appends++;
        }
        else if (_writes.Contains(script) && reply is not Exception && !IsRefusal(reply)) // the first of each was not known to the server by its digest, and came again
        {
            _begun |= script == _commitHash && Array.Exists(command, argument => argument.AsSpan().SequenceEqual("e"u8)); // the first events, which may skip the log
            (_begun ? _timed : _setUp).Write([EvalSha, Encoding.ASCII.GetBytes(script), .. command[2..]]);
            if (script == _commitHash && _begun) Commits++;
        }
    }

    private void Send(Commands what, int from, int to)
    {
        var reader = Task.Factory.StartNew(() =>
        {
            for (var i = from; i < to; i++) Check(_answers.Read());
        }, TaskCreationOptions.LongRunning);
        what.CopyTo(_client.GetStream(), from, to);
        reader.GetAwaiter().GetResult();
    }

    private static void Check(object? answer)
    {
        if (answer is Exception refused) throw refused;
        if (IsRefusal(answer)) throw new InvalidOperationException("A commit was refused: the replay has gone another way than the recording.");
        if (answer is null) throw new InvalidOperationException("An append was refused: the log is full.");
    }

    // What another owner or a lost commit forbids.
    private static bool IsRefusal(object? answer) => answer is object?[] and [long and < 0, ..];

    // Redis names a script so.
    [SuppressMessage("Security", "CA5350", Justification = "Nothing is kept secret by it.")]
    private static string HashOf(string script) => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(script)));

    /// <summary>In order; more bytes than fit into one array.</summary>
    private sealed class Commands
    {
        private const int Full = 64 * 1024 * 1024;
        private readonly List<MemoryStream> _blocks = [new()];
        private readonly List<(int Block, int End)> _ends = [];
        private readonly List<long> _starts = [];

        public int Count => _ends.Count;

        public long Length { get; private set; }

        public void Write(params byte[][] command)
        {
            if (_blocks[^1].Length > Full) _blocks.Add(new());
            var start = _blocks[^1].Length;
            RespWriter.Write(_blocks[^1], command);
            _starts.Add(Length);
            Length += _blocks[^1].Length - start;
            _ends.Add((_blocks.Count - 1, (int)_blocks[^1].Length));
        }

        /// <returns>The number of the first command after a share of all bytes.</returns>
        public int From(double share)
        {
            var at = _starts.BinarySearch((long)(Length * share));
            return at < 0 ? ~at : at;
        }

        /// <param name="stream">Where to.</param>
        /// <param name="from">The first command.</param>
        /// <param name="to">The one after the last.</param>
        public void CopyTo(Stream stream, int from, int to)
        {
            if (from == to) return;
            var (first, start) = from == 0 ? (0, 0) : _ends[from - 1];
            var (last, end) = _ends[to - 1];
            for (var block = first; block <= last; block++)
            {
                var bytes = _blocks[block].GetBuffer().AsSpan(0, block == last ? end : (int)_blocks[block].Length);
                stream.Write(block == first ? bytes[start..] : bytes);
            }
        }
    }
}
