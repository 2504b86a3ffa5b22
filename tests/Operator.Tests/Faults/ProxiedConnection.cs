using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Segmentation.Operator.Tests.Faults;

/// <summary>One connection through a <see cref="RedisProxy"/>: Redis answers in the order asked, so each answer is known by its command.</summary>
internal sealed class ProxiedConnection(RedisProxy proxy, Socket near) : IDisposable
{
    private readonly Socket _far = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource _cut = new();
    private readonly ConcurrentQueue<Trap?> _asked = new();
    private volatile bool _isSubscriber;

    /// <summary>Commands passed on and not answered yet.</summary>
    public int Outstanding => _isSubscriber ? 0 : _asked.Count;

    public async Task RunAsync(int targetPort, CancellationToken cancellationToken)
    {
        near.NoDelay = true;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_cut.Token, cancellationToken);
        await _far.ConnectAsync(IPAddress.Loopback, targetPort, either.Token);
        await using var client = new NetworkStream(near);
        await using var server = new NetworkStream(_far);
        await await Task.WhenAny(UpAsync(client, server, either.Token), DownAsync(server, client, either.Token));
    }

    public void Cut(bool byReset)
    {
        try
        {
            if (byReset) near.LingerState = new LingerOption(true, 0);
            _cut.Cancel();
            near.Close();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended.
        }
    }

    public void Dispose()
    {
        _cut.Cancel();
        near.Dispose();
        _far.Dispose();
        _cut.Dispose();
    }

    private async Task UpAsync(NetworkStream from, NetworkStream to, CancellationToken cancellationToken)
    {
        var reader = new RespReader(from);
        while (await reader.ReadAsync(cancellationToken) is { } bytes)
        {
            var command = RedisCommand.Parse(bytes.Span);
            if (proxy.Delay?.Invoke(command) is { } delay && delay > TimeSpan.Zero) await Task.Delay(delay, TimeProvider.System, cancellationToken);
            var trap = proxy.TrapFor(command);
            if (trap is { Moment: Moment.Before })
            {
                await proxy.StrikeAsync(trap);
                return;
            }
            await proxy.Turnstile.WaitAsync(cancellationToken);
            try
            {
                _isSubscriber |= command.Name is "SUBSCRIBE" or "PSUBSCRIBE";
                _asked.Enqueue(trap is { Moment: Moment.After } ? trap : null);
                await to.WriteAsync(bytes, cancellationToken);
            }
            finally
            {
                proxy.Turnstile.Release();
            }
            if (trap is { Moment: Moment.During }) await proxy.StrikeAsync(trap);
        }
    }

    private async Task DownAsync(NetworkStream from, NetworkStream to, CancellationToken cancellationToken)
    {
        var reader = new RespReader(from);
        while (await reader.ReadAsync(cancellationToken) is { } bytes)
        {
            if (!_isSubscriber && _asked.TryPeek(out var trap) && trap is not null)
            {
                await proxy.StrikeAsync(trap);
                return;
            }
            await to.WriteAsync(bytes, cancellationToken);
            if (!_isSubscriber) _asked.TryDequeue(out _);
        }
    }
}
