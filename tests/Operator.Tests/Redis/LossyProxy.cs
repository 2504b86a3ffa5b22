using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Segmentation.Operator.Tests.Redis;

/// <summary>
/// A connection to Redis that can be cut at the worst moment: when a marked command has been passed on and carried out, its answer is thrown away
/// with the connection.
/// </summary>
internal sealed class LossyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private readonly int _target;
    private volatile byte[]? _marker;

    public LossyProxy(int targetPort)
    {
        _target = targetPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Configuration => $"127.0.0.1:{Port},connectTimeout=2000,syncTimeout=20000";

    /// <summary>How many answers were lost.</summary>
    public int Lost { get; private set; }

    /// <summary>Loses the answer to the next command whose bytes hold the text.</summary>
    public void LoseAnswerTo(string text) => _marker = Encoding.UTF8.GetBytes(text);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
            using var cut = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            var armed = new Armed();
            await Task.WhenAny(UpAsync(near.GetStream(), far.GetStream(), armed, cut.Token), DownAsync(far.GetStream(), near.GetStream(), armed, cut.Token));
            await cut.CancelAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // An end that is gone closes the other.
        }
    }

    private async Task UpAsync(NetworkStream from, NetworkStream to, Armed armed, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 20];
        while (await from.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            if (_marker is { } marker && buffer.AsSpan(0, read).IndexOf(marker) >= 0)
            {
                _marker = null;
                armed.IsArmed = true;
            }
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    private async Task DownAsync(NetworkStream from, NetworkStream to, Armed armed, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 16];
        while (await from.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            if (armed.IsArmed)
            {
                Lost++;
                return;
            }
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    private sealed class Armed
    {
        public volatile bool IsArmed;
    }
}
