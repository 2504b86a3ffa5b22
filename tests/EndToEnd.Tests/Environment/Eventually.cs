using System.Diagnostics;

namespace EndToEnd.Tests;

/// <summary>Waits for what must become true. The deadline only ends a test that fails; no test passes or fails by how fast a machine is.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Reads until the value is as wanted, and returns it.</summary>
    /// <param name="read">May throw while the system is not there yet; the last failure is told when time is up.</param>
    /// <param name="isWanted">What is waited for.</param>
    /// <param name="what">For the message.</param>
    /// <param name="patience">How long, where there is more to do than usual.</param>
    public static async Task<T> GetAsync<T>(Func<Task<T>> read, Func<T, bool> isWanted, string what, TimeSpan? patience = null)
    {
        var limit = patience ?? Patience;
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            string last;
            try
            {
                var value = await read();
                if (isWanted(value)) return value;
                last = $"last seen: {value}";
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or ShouldAssertException or InvalidOperationException or IOException)
            {
                last = $"last failure: {e.Message}";
            }

            if (Stopwatch.GetElapsedTime(started) > limit) throw new TimeoutException($"Not within {limit.TotalSeconds} s: {what}; {last}");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    public static Task BecomesTrueAsync(Func<Task<bool>> isTrue, string what) => GetAsync(isTrue, value => value, what);
}
