using System.Runtime.CompilerServices;

namespace Kubernetes.Tests.Time;

/// <summary>Waits for what other threads are doing. The limits only end a test that has failed anyway.</summary>
internal static class Wait
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static async Task UntilAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Limit)
                throw new TimeoutException($"Never came true: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }
    }

    /// <summary>Lets other threads go on, for some milliseconds or until the condition holds.</summary>
    public static async Task BrieflyAsync(Func<bool> condition)
    {
        for (var i = 0; i < 5 && !condition(); i++)
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
    }

    public static Task<T> WithinLimitAsync<T>(Task<T> task) => task.WaitAsync(Limit);

    public static Task WithinLimitAsync(Task task) => task.WaitAsync(Limit);
}
