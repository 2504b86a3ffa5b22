using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace Operator.Tests.Audiences;

/// <summary>A real Redis on a free loopback port, for all tests of the collection; each test uses a workspace of its own.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("audience-redis-").FullName;
    private Process? _process;

    public string Configuration { get; private set; } = "";

    /// <summary>A connection of the tests' own, to look at what is stored.</summary>
    public ConnectionMultiplexer Connection { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var port = FreePort();
        var binary = Environment.GetEnvironmentVariable("REDIS_SERVER") ?? "redis-server";
        var start = new ProcessStartInfo(binary) { RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = _folder };
        foreach (var argument in new[] { "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--dir", _folder })
            start.ArgumentList.Add(argument);
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{binary} did not start; install redis-server or set REDIS_SERVER.");
        while (await _process.StandardOutput.ReadLineAsync() is { } line && !line.Contains("Ready to accept", StringComparison.Ordinal))
        {
            // Its start-up messages.
        }
        _ = _process.StandardOutput.ReadToEndAsync();
        Configuration = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
        Connection = await ConnectionMultiplexer.ConnectAsync(Configuration);
    }

    public async Task DisposeAsync()
    {
        if (Connection is not null) await Connection.CloseAsync();
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

[CollectionDefinition(Name)]
public sealed class AudienceCollection : ICollectionFixture<RedisServer>
{
    public const string Name = "audiences";
}
