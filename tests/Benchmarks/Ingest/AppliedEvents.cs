using System.Diagnostics;

namespace Segmentation.Benchmarks.Ingest;

/// <summary>Waits until all that was sent is applied.</summary>
internal static class AppliedEvents
{
    /// <param name="countAsync">How many events the operator counts as applied.</param>
    /// <param name="wanted">How many there are to be.</param>
    /// <exception cref="InvalidOperationException">The count has stayed below for a minute.</exception>
    public static async Task WaitAsync(Func<Task<double>> countAsync, double wanted)
    {
        var (applied, since) = (0.0, Stopwatch.StartNew());
        while (await countAsync() is var now && now < wanted)
        {
            // After a time-out the operator does not know whether what it committed counts, and applies it again as duplicates that nobody counts.
            if (now > applied) (applied, since) = (now, Stopwatch.StartNew());
            else if (since.Elapsed > TimeSpan.FromMinutes(1)) throw new InvalidOperationException($"Only {now} of {wanted} events are counted as applied, and no more for a minute.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }
}
