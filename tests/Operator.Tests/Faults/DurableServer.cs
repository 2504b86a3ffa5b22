using System.Diagnostics;
using Segmentation.Operator.Tests.Redis;

namespace Segmentation.Operator.Tests.Faults;

/// <summary>A single server with an append-only file that is never rewritten, to be stopped, killed, cut off and started again.</summary>
internal sealed class DurableServer : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("redis-test-").FullName;
    private readonly RedisNode _node;

    /// <param name="appendFsync">When the file is forced to disk: <c>always</c> or <c>everysec</c>.</param>
    /// <param name="launcher">A command that starts the server, given as its last arguments, in surroundings of its own.</param>
    public DurableServer(string appendFsync, params string[] launcher) => _node = new RedisNode(
        _directory, isOfCluster: false, "--save", "", "--appendonly", "yes", "--appendfsync", appendFsync, "--auto-aof-rewrite-percentage", "0")
    {
        Launcher = launcher,
    };

    public int Port => _node.Port;

    public string Configuration => $"127.0.0.1:{Port},connectTimeout=2000,syncTimeout=20000,allowAdmin=true";

    public bool IsRunning => _node.IsRunning;

    public int ProcessId => _node.ProcessId;

    /// <summary>The file with every command that has changed anything, in order.</summary>
    public string AppendOnlyFile => Directory.GetFiles(Path.Combine(_directory, "appendonlydir"), "*.incr.aof").Single();

    public Task StartAsync() => _node.StartAsync();

    /// <summary>Ends it orderly.</summary>
    public Task StopAsync() => _node.StopAsync();

    /// <summary>Ends it as a crash does: nothing that is not on disk survives.</summary>
    public Task KillAsync() => _node.KillAsync();

    /// <summary>
    /// Cuts the append-only file off, as a power failure does with what was not forced to disk, and has it mended before the server starts again, as
    /// docs/operations.md says.
    /// </summary>
    public async Task CutAppendOnlyFileAsync(int length)
    {
        var file = AppendOnlyFile;
        await using (var stream = File.OpenWrite(file)) stream.SetLength(length);
        var start = new ProcessStartInfo(RedisNode.Program.Replace("-server", "-check-aof", StringComparison.Ordinal), ["--fix", file])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        using var mend = Process.Start(start)!;
        await mend.StandardInput.WriteLineAsync("y");
        await mend.StandardOutput.ReadToEndAsync();
        await mend.WaitForExitAsync();
        if (mend.ExitCode != 0) throw new InvalidOperationException($"The append-only file was not mended: code {mend.ExitCode}.");
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
