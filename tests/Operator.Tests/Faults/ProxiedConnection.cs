using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Segmentation.Operator.Tests.Faults;

/// <summary>One connection through a <see cref="RedisProxy"/>: Redis answers in the order asked, so each answer is known by its command.</summary>
internal sealed class ProxiedConnection(RedisProxy proxy, TcpClient near) : IDisposable
{
    private readonly TcpClient _far = new() { NoDelay = true };
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
        await await Task.WhenAny(UpAsync(either.Token), DownAsync(either.Token));
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

    private async Task UpAsync(CancellationToken cancellationToken)
    {
        var reader = new RespReader(near.GetStream());
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
                await _far.GetStream().WriteAsync(bytes, cancellationToken);
            }
            finally
            {
                proxy.Turnstile.Release();
            }
            if (trap is { Moment: Moment.During }) await proxy.StrikeAsync(trap);
        }
    }

    private async Task DownAsync(CancellationToken cancellationToken)
    {
        var reader = new RespReader(_far.GetStream());
        while (await reader.ReadAsync(cancellationToken) is { } bytes)
        {
            if (!_isSubscriber && _asked.TryPeek(out var trap) && trap is not null)
            {
                await proxy.StrikeAsync(trap);
                return;
            }
            await near.GetStream().WriteAsync(bytes, cancellationToken);
            if (!_isSubscriber) _asked.TryDequeue(out _);
        }
    }
}
