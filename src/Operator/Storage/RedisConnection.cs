using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Segmentation.Operator.Storage;

/// <summary>
/// The one connection to Redis, a single server or a cluster: connects in the background, reconnects by itself, follows slots that move, and bounds how
/// long a command may take. Reads ask for a master: what a replica that lags behind says could be taken for the state to write upon.
/// </summary>
public sealed class RedisConnection(IOptions<RedisOptions> options, ILogger<RedisConnection> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan LearnInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReplaceInterval = TimeSpan.FromSeconds(10);

    // Of connections that answer within a millisecond: longer than a busy machine takes to get round to it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly IDatabase? _database;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<(RedisChannel Channel, Action<RedisChannel, RedisValue> Handle), bool> _subscriptions = new();
    private volatile ConnectionMultiplexer? _multiplexer;
    private Task _watching = Task.CompletedTask;
    private int _learns;

    /// <summary>Over a database that needs no connecting.</summary>
    internal RedisConnection(IOptions<RedisOptions> options, ILogger<RedisConnection> logger, IDatabase database)
        : this(options, logger) => _database = database;

    public RedisOptions Options => options.Value;

    public bool IsConnected => _multiplexer?.IsConnected == true;

    public IDatabase Database => _database ?? Multiplexer.GetDatabase();

    private ConnectionMultiplexer Multiplexer => _multiplexer ?? throw new StoreUnavailableException("Redis is not connected yet.");

    /// <summary>Sends a command, or several at once, and waits for the answer, at most <see cref="RedisOptions.CommandTimeout"/>.</summary>
    /// <exception cref="StoreUnavailableException">No connection, or no answer in time: the command may or may not have run.</exception>
    /// <exception cref="RedisServerException">The server refused the command.</exception>
    public Task<T> AskAsync<T>(Func<IDatabase, Task<T>> command) => WithinTimeout(() => command(Database));

    private async Task<T> WithinTimeout<T>(Func<Task<T>> command)
    {
        try
        {
            return await command().WaitAsync(options.Value.CommandTimeout);
        }
        catch (Exception e) when (IsUnavailable(e))
        {
            if (IsMisled(e)) _ = LearnNodesAsync();
            throw new StoreUnavailableException("Redis did not answer: " + e.GetType().Name, e);
        }
    }

    private Task<bool> WithinTimeout(Func<Task> command)
    {
        return WithinTimeout(DoneAsync);

        async Task<bool> DoneAsync()
        {
            await command();
            return true;
        }
    }

    /// <summary>Whether the exception says that Redis could not be reached or takes nothing for now, rather than that the command was wrong.</summary>
    private static bool IsUnavailable(Exception e) =>
        e is RedisConnectionException or TimeoutException or ObjectDisposedException
        || (e is RedisServerException && StartsWithAny(e, RefusalPrefixes))
        || IsMisled(e)
        || e is NullReferenceException { Source: "StackExchange.Redis" }; // without a connection, the client looks for the reason at what is just changing

    /// <summary>
    /// Whether a redirection of a cluster could not be followed: to a node that the client is not connected to, or that it takes for a replica and does not
    /// write to.
    /// </summary>
    private static bool IsMisled(Exception e) =>
        (e is RedisServerException && StartsWithAny(e, MisledPrefixes)) || e is RedisConnectionException { InnerException: RedisCommandException };

    [SuppressMessage("Globalization", "CA1310", Justification = "Ordinal by default")]
    private static bool StartsWithAny(Exception e, string[] prefixes) => prefixes.Any(prefix => e.Message.StartsWith(prefix, StringComparison.Ordinal));

    // Redis' machine-readable error codes: the first word of an error reply.
    private static readonly string[] RefusalPrefixes =
        ["OOM ", "LOADING ", "MISCONF ", "READONLY ", "CLUSTERDOWN ", "TRYAGAIN ", "MASTERDOWN ", "NOREPLICAS "];

    // The last one is the first of the client's own words.
    private static readonly string[] MisledPrefixes = ["MOVED ", "ASK ", "Endpoint "];

    /// <summary>Hears what is published on a channel from now on, after a lost connection, too.</summary>
    /// <param name="handle">Returns at once.</param>
    /// <exception cref="StoreUnavailableException">Redis did not answer: nothing is heard.</exception>
    public async Task SubscribeAsync(RedisChannel channel, Action<RedisChannel, RedisValue> handle)
    {
        _subscriptions[(channel, handle)] = true; // first, or a client that takes the other's place meanwhile would not know of it
        try
        {
            await WithinTimeout(() => Multiplexer.GetSubscriber().SubscribeAsync(channel, handle));
        }
        catch
        {
            _subscriptions.TryRemove((channel, handle), out _);
            throw;
        }
    }

    /// <summary>Ends what <see cref="SubscribeAsync"/> began, if Redis can be told; else some may still be heard, until the connection ends.</summary>
    public async Task UnsubscribeAsync(RedisChannel channel, Action<RedisChannel, RedisValue> handle)
    {
        _subscriptions.TryRemove((channel, handle), out _);
        try
        {
            if (IsConnected) await WithinTimeout(() => Multiplexer.GetSubscriber().UnsubscribeAsync(channel, handle));
        }
        catch (StoreUnavailableException)
        {
            // As said.
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _multiplexer = await ConnectAsync(cancellationToken);
        _watching = Task.Run(() => WatchAsync(_stop.Token), CancellationToken.None);
    }

    private async Task<ConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken)
    {
        var configuration = ConfigurationOptions.Parse(options.Value.Configuration);
        configuration.AbortOnConnectFail = false;
        configuration.ClientName ??= "segmentation-operator";
        var connecting = ConnectionMultiplexer.ConnectAsync(configuration);
        try
        {
            var client = await connecting.WaitAsync(cancellationToken);
            client.PreserveAsyncOrder = false; // or whatever follows an answer would run before the next answer is looked at, on one core
            client.ConnectionFailed += (_, e) => Log.RedisConnectionLost(logger, e.FailureType.ToString());
            client.ConnectionRestored += (_, _) => Log.RedisConnectionRestored(logger);
            return client;
        }
        catch (OperationCanceledException)
        {
            _ = CloseAsync(connecting);
            throw;
        }

        static async Task CloseAsync(Task<ConnectionMultiplexer> connecting) => (await connecting).Close(allowCommandsToComplete: false);
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(WatchInterval, TimeProvider.System, cancellationToken);
                var client = Multiplexer;
                var found = await ClientProbe.ProbeAsync(client, Patience, cancellationToken);
                if (found.Silent.Count > 0 && !await ReplaceAsync(client, cancellationToken)) await Task.Delay(ReplaceInterval, TimeProvider.System, cancellationToken);
            }
            catch (Exception e)
            {
                // It will be as silent at the next look.
                if (!cancellationToken.IsCancellationRequested) Log.RedisClientNotReplaced(logger, e.GetType().Name);
            }
        }
    }

    /// <returns>Whether a new client has taken its place: one that gets every answer that the former one gets, and more.</returns>
    private async Task<bool> ReplaceAsync(ConnectionMultiplexer former, CancellationToken cancellationToken)
    {
        var next = await ConnectAsync(cancellationToken);
        try
        {
            var ofFormer = ClientProbe.ProbeAsync(former, Patience, cancellationToken);
            var ofNext = await ClientProbe.ProbeAsync(next, Patience, cancellationToken);
            if (ofNext.Answering.IsProperSupersetOf((await ofFormer).Answering))
            {
                foreach (var (channel, handle) in _subscriptions.Keys) await WithinTimeout(() => next.GetSubscriber().SubscribeAsync(channel, handle));
                Log.RedisClientReplaced(logger);
                _multiplexer = next;
                _ = CloseLaterAsync(former);
                return true;
            }
        }
        finally
        {
            if (_multiplexer != next) next.Close(allowCommandsToComplete: false);
        }
        return false;
    }

    // What it did send is answered, and nobody waits longer for the rest.
    private async Task CloseLaterAsync(ConnectionMultiplexer former)
    {
        await Task.Delay(options.Value.CommandTimeout, TimeProvider.System);
        former.Close(allowCommandsToComplete: false);
    }

    // The client follows a redirection, and does not ask by itself whether the node that it leads to has become a master: for up to a minute.
    private async Task LearnNodesAsync()
    {
        if (Interlocked.Exchange(ref _learns, 1) == 1) return;
        try
        {
            await Multiplexer.ConfigureAsync();
        }
        catch (Exception e) when (IsUnavailable(e))
        {
            // The next command that is led astray asks again.
        }
        finally
        {
            await Task.Delay(LearnInterval, TimeProvider.System);
            Volatile.Write(ref _learns, 0);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _watching;
        if (_multiplexer is not null) await _multiplexer.CloseAsync();
    }

    public void Dispose()
    {
        if (!_stop.IsCancellationRequested) _stop.Cancel(); // disposed of without being stopped
        _stop.Dispose();
        _multiplexer?.Dispose();
    }
}
