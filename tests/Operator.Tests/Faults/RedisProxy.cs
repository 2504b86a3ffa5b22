using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Segmentation.Operator.Tests.Faults;

/// <summary>
/// The way to Redis, seen command by command: it can be cut, held, slowed down, and it springs a <see cref="Trap"/> at an exact step. Nothing of the
/// program knows of it.
/// </summary>
internal sealed class RedisProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<ProxiedConnection, bool> _connections = new();
    private readonly Task _accepting;
    private readonly int _target;
    private volatile TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Trap? _trap;
    private int _deaf;

    public RedisProxy(int targetPort)
    {
        _target = targetPort;
        _listener.Start();
        Open();
        _accepting = AcceptAsync();
    }

    public string Configuration => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port},connectTimeout=1000,syncTimeout=20000";

    /// <summary>How long each command waits before it goes on, and all behind it on its connection.</summary>
    public Func<RedisCommand, TimeSpan>? Delay { get; set; }

    /// <summary>Takes so many of the next connections, and never answers on them.</summary>
    public void BeDeafTo(int connections) => Volatile.Write(ref _deaf, connections);

    /// <summary>Held by whoever passes a command on.</summary>
    public SemaphoreSlim Turnstile { get; } = new(1);

    /// <summary>Springs once. From then on nothing gets through until <see cref="Open"/>.</summary>
    public Trap Set(Trap trap) => _trap = trap;

    /// <summary>Lets connections through, those that wait first.</summary>
    public void Open() => _open.TrySetResult();

    /// <summary>Cuts every connection, by resets where asked. New ones get through unless it is closed.</summary>
    public void Cut(bool byReset = false)
    {
        foreach (var connection in _connections.Keys) connection.Cut(byReset);
    }

    /// <summary>Lets no further command through, and waits until all that are under way are answered. Disposing it lets them through again.</summary>
    public async Task<IDisposable> HoldAsync()
    {
        await Turnstile.WaitAsync();
        var held = new Held(Turnstile);
        try
        {
            await Eventually.HoldsAsync(() => _connections.Keys.All(c => c.Outstanding == 0), "every command is answered");
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public Trap? TrapFor(RedisCommand command) => _trap is { } trap && trap.IsMetBy(command) ? trap : null;

    public async Task StrikeAsync(Trap trap)
    {
        _trap = null;
        _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await trap.SpringAsync(() => Cut());
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Cut();
        _stop.Dispose();
        Turnstile.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptSocketAsync(_stop.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var connection = new ProxiedConnection(this, client);
        _connections[connection] = true;
        try
        {
            if (Interlocked.Decrement(ref _deaf) >= 0) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token);
            await _open.Task.WaitAsync(_stop.Token);
            await connection.RunAsync(_target, _stop.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // An end that is gone closes the other.
        }
        finally
        {
            _connections.TryRemove(connection, out _);
        }
    }

    private sealed class Held(SemaphoreSlim turnstile) : IDisposable
    {
        private int _released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0) turnstile.Release();
        }
    }
}
