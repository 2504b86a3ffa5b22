using StackExchange.Redis;

namespace Segmentation.Operator.Storage;

/// <summary>
/// What replicas tell each other about a workspace as it happens, by publish and subscribe. Best effort: what a message tells is in Redis, too, and
/// found by looking now and then; a lost one costs time, never an event.
/// </summary>
internal sealed class ReplicaMessages(RedisConnection redis, TimeProvider time, ILogger<ReplicaMessages> logger)
{
    /// <summary>The logs of the partitions named have grown, or the partitions are free to be taken over.</summary>
    public const string Appended = "segmentation.dev:appended";

    /// <summary>The catalog was written.</summary>
    public const string Planned = "segmentation.dev:planned";

    /// <summary>A replica has written a <see cref="Workspaces.ReplicaReport"/>.</summary>
    public const string Reported = "segmentation.dev:reported";

    /// <summary>Members of the segment named first moved in the partitions named after it.</summary>
    public const string Moved = "segmentation.dev:moved";

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    /// <param name="words">Without spaces.</param>
    public async Task TellAsync(string channel, string workspace, params IEnumerable<string> words)
    {
        try
        {
            await redis.AskAsync(db => db.PublishAsync(channel, string.Join(' ', words.Prepend(workspace))));
        }
        catch (Exception e) when (e is StoreUnavailableException or RedisException)
        {
            Log.MessageFailed(logger, channel, e.GetType().Name);
        }
    }

    /// <summary>Subscribes until cancelled.</summary>
    /// <param name="handle">Gets the workspace and the words; this replica's own messages come, too. Returns at once.</param>
    public async Task ListenAsync(string channel, Action<string, IReadOnlyList<string>> handle, CancellationToken cancellationToken)
    {
        void Handle(RedisChannel from, RedisValue message)
        {
            var words = ((string)message!).Split(' ');
            handle(words[0], words[1..]);
        }

        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await redis.SubscribeAsync(channel, Handle);
                break;
            }
            catch (Exception e) when (e is RedisException or TimeoutException or StoreUnavailableException)
            {
                Log.MessageFailed(logger, channel, e.GetType().Name);
                await Task.Delay(RetryDelay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await redis.UnsubscribeAsync(channel, Handle);
    }
}
