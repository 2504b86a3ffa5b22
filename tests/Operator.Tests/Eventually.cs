namespace Segmentation.Operator.Tests;

/// <summary>Waits for what must come true, as long as it takes within a generous deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static Task HoldsAsync(Func<Task<bool>> condition, string what, TimeSpan? deadline = null) => HoldsAsync(condition, () => what, deadline);

    /// <param name="what">Asked for only when it did not come true.</param>
    public static async Task HoldsAsync(Func<Task<bool>> condition, Func<string> what, TimeSpan? deadline = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > (deadline ?? Deadline)) throw new TimeoutException($"It did not come true that {what()}.");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    public static Task HoldsAsync(Func<bool> condition, string what) => HoldsAsync(() => Task.FromResult(condition()), what);

    /// <summary>Repeats an action that may fail while a server comes back.</summary>
    public static async Task SucceedsAsync<TException>(Func<Task> action)
        where TException : Exception
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await action();
                return;
            }
            catch (TException) when (TimeProvider.System.GetElapsedTime(started) < Deadline)
            {
                await Task.Delay(Pause, TimeProvider.System);
            }
        }
    }
}
