using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Segmentation.Benchmarks.Live;

/// <summary>
/// Waits for less than a millisecond, which <see cref="Task"/>'s own delay rounds up to one or two, and which waiting without sleep would take from the
/// servers that are measured on the same cores. Late by about 0.1 ms on an idle machine.
/// </summary>
internal static class PreciseTimer
{
    private static readonly long LongestSleep = Stopwatch.Frequency / 5_000;
    private static readonly Lock Guard = new();
    private static readonly PriorityQueue<TaskCompletionSource, long> Waiting = new();
    private static readonly AutoResetEvent Added = new(false);

    static PreciseTimer() => new Thread(Run) { IsBackground = true, Name = "precise timer" }.Start();

    /// <summary>Ends at an instant.</summary>
    /// <param name="at">In ticks of <see cref="Stopwatch"/>.</param>
    public static Task UntilAsync(long at)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (Guard)
        {
            Waiting.Enqueue(ended, at);
            if (Waiting.Count > 1) return ended.Task;
        }
        Added.Set();
        return ended.Task;
    }

    /// <summary>Has the thread sleep until an instant.</summary>
    /// <param name="at">In ticks of <see cref="Stopwatch"/>.</param>
    public static void SleepUntil(long at)
    {
        while (at - Stopwatch.GetTimestamp() is var left and > 0) Sleep(left);
    }

    // Sleeps are short, so that one that is added for sooner is not late.
    private static void Run()
    {
        while (true)
        {
            var (ended, wait) = Next();
            if (ended is not null) ended.SetResult();
            else if (wait > 0) Sleep(Math.Min(wait, LongestSleep));
            else Added.WaitOne();
        }
    }

    /// <returns>One whose time has come; or else how long there is until the next, 0 when there is none.</returns>
    private static (TaskCompletionSource? Ended, long Wait) Next()
    {
        lock (Guard)
        {
            if (!Waiting.TryPeek(out var first, out var at)) return (null, 0);
            if (at - Stopwatch.GetTimestamp() is var left and > 0) return (null, left);
            return (Waiting.Dequeue(), 0);
        }
    }

    private static void Sleep(long ticks)
    {
        var time = new Timespec { Seconds = (nint)(ticks / Stopwatch.Frequency), Nanoseconds = (nint)(ticks % Stopwatch.Frequency * 1_000_000_000 / Stopwatch.Frequency) };
        _ = NanoSleep(in time, 0);
    }

    [DllImport("libc", EntryPoint = "nanosleep")]
    private static extern int NanoSleep(in Timespec time, nint remaining);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
