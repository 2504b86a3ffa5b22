using System.Globalization;
using StackExchange.Redis;

namespace Segmentation.Operator.Storage;

/// <summary>
/// Tells the owner that a partition's log has grown when another replica accepted the events. Best effort: a lost message costs at most one sweep
/// interval, never an event.
/// </summary>
internal sealed class WakeChannel(RedisConnection redis, TimeProvider time, ILogger<WakeChannel> logger)
{
    private const string Channel = "segmentation.dev:appended";
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    public async Task TellAsync(string workspace, IEnumerable<int> partitions)
    {
        try
        {
            await redis.WithinTimeout(redis.Database.PublishAsync(Channel, workspace + " " + string.Join(' ', partitions)));
        }
        catch (Exception e) when (e is StoreUnavailableException or RedisException)
        {
            Log.WakeFailed(logger, e.GetType().Name);
        }
    }

    /// <summary>Subscribes until cancelled.</summary>
    public async Task ListenAsync(Action<string, int> wake, CancellationToken cancellationToken)
    {
        void Handle(RedisChannel channel, RedisValue message)
        {
            var parts = ((string)message!).Split(' ');
            foreach (var partition in parts.Skip(1)) wake(parts[0], int.Parse(partition, CultureInfo.InvariantCulture));
        }

        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await redis.Subscriber.SubscribeAsync(Channel, Handle);
                break; // the client subscribes again by itself after a lost connection
            }
            catch (Exception e) when (e is RedisException or TimeoutException or StoreUnavailableException)
            {
                Log.WakeFailed(logger, e.GetType().Name);
                await Task.Delay(RetryDelay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (redis.IsConnected) await redis.Subscriber.UnsubscribeAsync(Channel, Handle);
    }
}
