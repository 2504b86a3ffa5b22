using System.Diagnostics;

namespace Segmentation.Benchmarks.Live;

/// <summary>Sends requests at instants fixed beforehand, however long the answers take, so that a server that falls behind is not spared.</summary>
internal static class OpenLoop
{
    /// <param name="count">How many requests.</param>
    /// <param name="perSecond">At which rate.</param>
    /// <param name="send">Sends the request of this number, which was to be sent at this instant: milliseconds since the Unix epoch, and <see cref="Stopwatch"/> ticks.</param>
    /// <returns>When all have ended.</returns>
    public static async Task RunAsync(int count, double perSecond, Func<int, long, long, Task> send)
    {
        // Begins at a full millisecond, as the instants of events have no fractions.
        var beginMs = TimeProvider.System.GetUtcNow().AddMilliseconds(200).ToUnixTimeMilliseconds();
        var begin = Stopwatch.GetTimestamp() + TicksUntil(beginMs);
        var requests = new Task[count];
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously); // to wait for the thread would take one from those that send
        var sender = new Thread(() =>
        {
            for (var i = 0; i < count; i++)
            {
                var afterMs = (long)(i * 1000 / perSecond);
                var due = begin + (afterMs * Stopwatch.Frequency / 1000);
                PreciseTimer.SleepUntil(due);
                var number = i;
                requests[i] = Task.Run(() => send(number, beginMs + afterMs, due));
            }
            sent.SetResult();
        }) { IsBackground = true, Priority = ThreadPriority.AboveNormal };
        sender.Start();
        await sent.Task;
        await Task.WhenAll(requests);
    }

    /// <summary>How many <see cref="Stopwatch"/> ticks there are from now until an instant.</summary>
    public static long TicksUntil(long instantMs) =>
        (DateTimeOffset.FromUnixTimeMilliseconds(instantMs) - TimeProvider.System.GetUtcNow()).Ticks * Stopwatch.Frequency / TimeSpan.TicksPerSecond;
}
