using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Segmentation.Operator.Storage;

/// <summary>The one connection to Redis: connects in the background, reconnects by itself, and bounds how long a command may take.</summary>
public sealed class RedisConnection(IOptions<RedisOptions> options, ILogger<RedisConnection> logger) : IHostedService, IDisposable
{
    private ConnectionMultiplexer? _multiplexer;

    public RedisOptions Options => options.Value;

    public bool IsConnected => _multiplexer?.IsConnected == true;

    public IDatabase Database => Multiplexer.GetDatabase();

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
            throw new StoreUnavailableException("Redis did not answer: " + e.GetType().Name, e);
        }
    }

    /// <summary>Whether the exception says that Redis could not be reached, is loading, or has no memory left, rather than that the command was wrong.</summary>
    [SuppressMessage("Globalization", "CA1310", Justification = "Ordinal by default")]
    private static bool IsUnavailable(Exception e) =>
        e is RedisConnectionException or TimeoutException or ObjectDisposedException
        || (e is RedisServerException && UnavailablePrefixes.Any(prefix => e.Message.StartsWith(prefix, StringComparison.Ordinal)));

    // Redis' machine-readable error codes: the first word of an error reply.
    private static readonly string[] UnavailablePrefixes = ["OOM ", "LOADING ", "MISCONF ", "READONLY ", "CLUSTERDOWN ", "TRYAGAIN ", "MASTERDOWN "];

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

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_multiplexer is not null) await _multiplexer.CloseAsync();
    }

    public void Dispose() => _multiplexer?.Dispose();
}
