using StackExchange.Redis;

namespace Segmentation.Operator.Storage;

/// <summary>
/// What of a client's connections still works, found out by asking. StackExchange.Redis 1.2.6 has several ways to stand still after a connection was lost: a
/// command that is queued just as a writer ends wakes nobody, and nor does any after it; a lost connection that ends late takes the next one's place away,
/// and nobody makes another. The server is well then, and the client stays so until it is thrown away.
/// </summary>
internal static class ClientProbe
{
    private const string Subscriptions = "subscriptions";

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks every server that the client knows, and on the connections for subscriptions as well.</summary>
    /// <param name="within">How long an answer may take. Who cannot be asked, for there is no connection, is asked again until then.</param>
    public static async Task<ProbeResult> ProbeAsync(ConnectionMultiplexer client, TimeSpan within, CancellationToken cancellationToken)
    {
        var endPoints = client.GetEndPoints();
        (string Name, Func<Task> Ask)[] questions =
        [
            .. endPoints.Select(endPoint => (endPoint.ToString()!, (Func<Task>)(() => client.GetServer(endPoint).PingAsync()))),

            // The client chooses the server for one, another each time: twice as many as there are reach all of them.
            (Subscriptions, () => Task.WhenAll(Enumerable.Range(0, 2 * endPoints.Length).Select(_ => client.GetSubscriber().PingAsync()))),
        ];
        var answered = await Task.WhenAll(questions.Select(q => IsAnsweredAsync(q.Ask, within, cancellationToken)));
        var byAnswer = questions.Select(q => q.Name).Zip(answered).ToLookup(q => q.Second, q => q.First);
        return new ProbeResult(byAnswer[true].ToHashSet(), byAnswer[false].ToHashSet());
    }

    private static async Task<bool> IsAnsweredAsync(Func<Task> ask, TimeSpan within, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (within - TimeProvider.System.GetElapsedTime(started) is var left && left > TimeSpan.Zero)
        {
            try
            {
                await ask().WaitAsync(left, TimeProvider.System, cancellationToken);
                return true;
            }
            catch (RedisServerException)
            {
                return true;
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(AskAgainAfter, TimeProvider.System, cancellationToken);
            }
        }
        return false;
    }
}

/// <param name="Answering">Who answered in time, be it with a refusal.</param>
/// <param name="Silent">Who did not.</param>
internal sealed record ProbeResult(IReadOnlySet<string> Answering, IReadOnlySet<string> Silent);
