using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kubernetes.Tests.Server;

/// <summary>
/// Stands between a client and a server, as a network does or, when asked with CONNECT, as a proxy. It can fall silent without closing anything.
/// </summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly int _target;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _tasks = [];
    private volatile int _silentUpTo;
    private int _connections;

    /// <param name="address">Where it listens.</param>
    /// <param name="target">The loopback port of the server.</param>
    public TcpRelay(IPAddress address, int target)
    {
        _target = target;
        _listener = new TcpListener(address, 0);
        _listener.Start();
        _tasks.Add(AcceptAsync());
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections taken so far.</summary>
    public int Connections => _connections;

    /// <summary>How many of them asked for a tunnel.</summary>
    public int Tunnels { get; private set; }

    /// <summary>The connections that are open now carry nothing any more; later ones work.</summary>
    public void SwallowEverything() => _silentUpTo = _connections;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await Task.WhenAll(_tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _tasks.Add(RelayAsync(client, ++_connections));
        }
    }

    private async Task RelayAsync(TcpClient client, int number)
    {
        using (client)
        using (var server = new TcpClient())
        {
            await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
            var (near, far) = (client.GetStream(), server.GetStream());
            await OpenAsync(near, far);
            await Task.WhenAny(PumpAsync(near, far, number), PumpAsync(far, near, number));
        }
    }

    // The first bytes tell a request for a tunnel from the beginning of TLS.
    private async Task OpenAsync(NetworkStream near, NetworkStream far)
    {
        var buffer = new byte[4096];
        var read = await near.ReadAsync(buffer, _stop.Token);
        if (Encoding.ASCII.GetString(buffer, 0, read).StartsWith("CONNECT ", StringComparison.Ordinal))
        {
            Tunnels++;
            await near.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), _stop.Token);
            return;
        }

        await far.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, int number)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReadAsync(buffer, _stop.Token) is var read and > 0)
        {
            if (number > _silentUpTo)
                await to.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
        }
    }
}
