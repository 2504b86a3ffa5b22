using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Segmentation.Operator.Tests.Redis;

/// <summary>One real server process on a free loopback port, which can be stopped, killed and started again on the same port and data.</summary>
internal sealed class RedisNode
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    /// <summary>What REDIS_SERVER names, else redis-server on PATH.</summary>
    public static readonly string Program = Environment.GetEnvironmentVariable("REDIS_SERVER") is { Length: > 0 } named ? named : "redis-server";

    private static readonly ConcurrentDictionary<int, bool> PortsTaken = new();
    private static readonly Random PortRandom = new();

    private readonly string _directory;
    private readonly string[] _arguments;
    private Process? _process;

    public RedisNode(string directory, bool isOfCluster, params string[] arguments)
    {
        _directory = directory;
        Port = FreePort();
        BusPort = isOfCluster ? FreePort() : 0;

        // On a busy machine the nodes must not take each other for dead.
        string[] ofCluster = isOfCluster
            ? ["--cluster-enabled", "yes", "--cluster-port", $"{BusPort}", "--cluster-node-timeout", "60000", "--cluster-allow-replica-migration", "no"]
            : [];
        _arguments = [.. ofCluster, .. arguments];
    }

    public int Port { get; }

    public int BusPort { get; }

    /// <summary>A command that starts the server, given as its last arguments, in surroundings of its own.</summary>
    public string[] Launcher { get; init; } = [];

    public bool IsRunning => _process is not null;

    public int ProcessId => _process!.Id;

    public async Task StartAsync()
    {
        string[] command = [.. Launcher, Program, "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _directory, "--enable-debug-command", "yes", .. _arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        Directory.CreateDirectory(_directory);
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{Program} did not start.");
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.HoldsAsync(AnswersAsync, $"{Program} answers", StartDeadline);
    }

    /// <summary>Ends it orderly.</summary>
    public async Task StopAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        await client.GetStream().WriteAsync("SHUTDOWN\r\n"u8.ToArray());
        await _process!.WaitForExitAsync();
        await KillAsync();
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

    /// <summary>What redis-cli prints of the answer to a command.</summary>
    public Task<string> CommandAsync(params string[] command) => RedisCli.RunAsync(["-p", $"{Port}", .. command]);

    private async Task<bool> AnswersAsync()
    {
        if (_process is { HasExited: true }) throw new InvalidOperationException($"The server ended with code {_process.ExitCode} instead of listening.");
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
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false; // resets, too: a process that was being started may have held the socket that looked for a free port
        }
    }

    // Below the ports that the system gives to outgoing connections: it could give this one away before the server listens.
    private static int FreePort()
    {
        while (true)
        {
            var port = PortRandom.Next(12_000, 32_000);
            if (!PortsTaken.TryAdd(port, true)) continue;
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody else's.
            }
        }
    }
}
