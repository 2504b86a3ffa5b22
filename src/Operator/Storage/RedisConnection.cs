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

    private readonly IDatabase? _database;
    private ConnectionMultiplexer? _multiplexer;
    private int _learns;

    /// <summary>Over a database that needs no connecting.</summary>
    internal RedisConnection(IOptions<RedisOptions> options, ILogger<RedisConnection> logger, IDatabase database)
        : this(options, logger) => _database = database;

    public RedisOptions Options => options.Value;

    public bool IsConnected => _multiplexer?.IsConnected == true;

    public IDatabase Database => _database ?? Multiplexer.GetDatabase();

    public ISubscriber Subscriber => Multiplexer.GetSubscriber();

    private ConnectionMultiplexer Multiplexer => _multiplexer ?? throw new StoreUnavailableException("Redis is not connected yet.");

    /// <summary>Waits for an answer, at most <see cref="RedisOptions.CommandTimeout"/>.</summary>
    /// <exception cref="StoreUnavailableException">No connection, or no answer in time: the command may or may not have run.</exception>
    /// <exception cref="RedisServerException">The server refused the command.</exception>
    public async Task<T> WithinTimeout<T>(Task<T> command)
    {
        try
        {
            return await command.WaitAsync(options.Value.CommandTimeout);
        }
        catch (Exception e) when (IsUnavailable(e))
        {
            if (IsMisled(e)) _ = LearnNodesAsync();
            throw new StoreUnavailableException("Redis did not answer: " + e.GetType().Name, e);
        }
    }

    /// <summary>Whether the exception says that Redis could not be reached or takes nothing for now, rather than that the command was wrong.</summary>
    private static bool IsUnavailable(Exception e) =>
        e is RedisConnectionException or TimeoutException or ObjectDisposedException
        || (e is RedisServerException && StartsWithAny(e, RefusalPrefixes))
        || IsMisled(e)
        || e is NullReferenceException { Source: "StackExchange.Redis" }; // without a connection, the client looks for the reason at a server that it is just learning of

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

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var configuration = ConfigurationOptions.Parse(options.Value.Configuration);
        configuration.AbortOnConnectFail = false;
        configuration.ClientName ??= "segmentation-operator";
        configuration.ConnectRetry = 3;
        _multiplexer = await ConnectionMultiplexer.ConnectAsync(configuration);
        _multiplexer.PreserveAsyncOrder = false; // or whatever follows an answer would run before the next answer is looked at, on one core
        _multiplexer.ConnectionFailed += (_, e) => Log.RedisConnectionLost(logger, e.FailureType.ToString());
        _multiplexer.ConnectionRestored += (_, _) => Log.RedisConnectionRestored(logger);
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
        if (_multiplexer is not null) await _multiplexer.CloseAsync();
    }

    public void Dispose() => _multiplexer?.Dispose();
}
