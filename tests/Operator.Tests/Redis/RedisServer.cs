using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Segmentation.Operator.Tests.Redis;

/// <summary>
/// A real redis-server on a free loopback port, in a directory of its own: the program that REDIS_SERVER names, else the one on PATH. It can be
/// stopped, killed and started again on the same port and data.
/// </summary>
public sealed class RedisServer : IAsyncLifetime
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    private readonly string _directory = Directory.CreateTempSubdirectory("redis-test-").FullName;
    private readonly string[] _arguments;
    private Process? _process;

    public RedisServer()
        : this(appendOnly: false)
    {
    }

    internal RedisServer(bool appendOnly)
    {
        Port = FreePort();
        _arguments = appendOnly ? ["--appendonly", "yes", "--appendfsync", "always", "--save", ""] : ["--save", ""];
    }

    public int Port { get; }

    public string Configuration => $"127.0.0.1:{Port},connectTimeout=2000,syncTimeout=20000,allowAdmin=true";

    public async Task InitializeAsync() => await StartAsync();

    public async Task DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_directory, recursive: true);
    }

    public async Task StartAsync()
    {
        var program = Environment.GetEnvironmentVariable("REDIS_SERVER") is { Length: > 0 } named ? named : "redis-server";
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _directory, "--enable-debug-command", "yes", .. _arguments])
            start.ArgumentList.Add(argument);
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.HoldsAsync(AnswersAsync, "redis-server answers", StartDeadline);
    }

    /// <summary>Ends it as a crash does: nothing that is not on disk survives.</summary>
    public async Task KillAsync()
    {
        if (_process is null) return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>A copy of what is on disk now.</summary>
    public string CopyData()
    {
        var copy = Directory.CreateTempSubdirectory("redis-copy-").FullName;
        CopyDirectory(_directory, copy);
        return copy;
    }

    /// <summary>Puts a copy in place of the data; the server must not run. The copy is gone afterwards.</summary>
    public void RestoreData(string copy)
    {
        Directory.Delete(_directory, recursive: true);
        Directory.CreateDirectory(_directory);
        CopyDirectory(copy, _directory);
        Directory.Delete(copy, recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        if (_process is { HasExited: true }) throw new InvalidOperationException($"redis-server ended with code {_process.ExitCode} instead of listening.");
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            var stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray());
            var buffer = new byte[64];
            var read = await stream.ReadAsync(buffer);
            return Encoding.ASCII.GetString(buffer, 0, read).StartsWith("+PONG", StringComparison.Ordinal);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void CopyDirectory(string from, string to)
    {
        foreach (var directory in Directory.GetDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, directory)));
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Tests that share one server; each keeps to workspaces of its own.</summary>
[CollectionDefinition(Name)]
[SuppressMessage("Naming", "CA1711", Justification = "xunit's word")]
public sealed class SharedRedis : ICollectionFixture<RedisServer>
{
    public const string Name = "shared redis";
}
