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
internal sealed class Ceiling
{
    private const string GivenId = "'*'";
    private static readonly byte[] EvalSha = "EVALSHA"u8.ToArray();

    private readonly string[] _scripts;
    private readonly string _appendHash;
    private readonly string _commitHash;
    private readonly HashSet<string> _writes;
    private readonly byte[] _replayAppendHash;
    private readonly MemoryStreams _setUp = new();
    private readonly MemoryStreams _timed = new();
    private int _appends;
    private int _commits;
    private bool _begun;

    /// <param name="scripts">The folder of the operator's scripts.</param>
    public Ceiling(string scripts)
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
        foreach (var script in _scripts) _setUp.WriteCommand("SCRIPT"u8.ToArray(), "LOAD"u8.ToArray(), Encoding.UTF8.GetBytes(script));
    }

    /// <summary>Reads a recording, and prepares what is to be sent.</summary>
    public void Load(string folder)
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

    /// <returns>The seconds that Redis took.</returns>
    /// <exception cref="InvalidOperationException">The recording has no events.</exception>
    public double Run(int port, Figures figures)
    {
        if (!_begun) throw new InvalidOperationException("No write of events was recorded: there is no ceiling to measure.");
        using var client = new TcpClient { NoDelay = true };
        client.Connect(IPAddress.Loopback, port);
        var stream = client.GetStream();
        var answers = new RespReader(stream);
        Send(stream, answers, _setUp);
        var watch = Stopwatch.StartNew();
        Send(stream, answers, _timed);
        var seconds = watch.Elapsed.TotalSeconds;
        figures.Add("ceiling-seconds", $"{seconds}");
        figures.Add("ceiling-appends", $"{_appends}");
        figures.Add("ceiling-commits", $"{_commits}");
        figures.Add("ceiling-bytes", $"{_timed.Length}");
        return seconds;
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
            _timed.WriteCommand([EvalSha, _replayAppendHash, command[2], command[3], command[4], id, .. command[5..]]);
            _appends++;
        }
        else if (_writes.Contains(script) && reply is not Exception && !IsRefusal(reply)) // the first of each was not known to the server by its digest, and came again
        {
            _begun |= script == _commitHash && Array.Exists(command, argument => argument.AsSpan().SequenceEqual("e"u8)); // the first events, which may skip the log
            (_begun ? _timed : _setUp).WriteCommand([EvalSha, Encoding.ASCII.GetBytes(script), .. command[2..]]);
            if (script == _commitHash && _begun) _commits++;
        }
    }

    private static void Send(Stream stream, RespReader answers, MemoryStreams what)
    {
        var reader = Task.Factory.StartNew(() =>
        {
            for (var i = 0; i < what.Commands; i++) Check(answers.Read());
        }, TaskCreationOptions.LongRunning);
        what.CopyTo(stream);
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

    /// <summary>More bytes than fit into one array.</summary>
    private sealed class MemoryStreams
    {
        private const int Full = 64 * 1024 * 1024;
        private readonly List<MemoryStream> _parts = [new()];

        public int Commands { get; private set; }

        public long Length => _parts.Sum(part => part.Length);

        public void WriteCommand(params byte[][] command)
        {
            if (_parts[^1].Length > Full) _parts.Add(new());
            RespWriter.Write(_parts[^1], command);
            Commands++;
        }

        public void CopyTo(Stream stream)
        {
            foreach (var part in _parts) part.WriteTo(stream);
        }
    }
}
