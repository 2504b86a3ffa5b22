using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Segmentation.Benchmarks.Live;

/// <summary>
/// Waits for less than a millisecond, which the runtime rounds up to one or two, and which waiting without sleep would take from the
/// servers that are measured on the same cores. Late by about 0.1 ms on an idle machine.
/// </summary>
internal static class PreciseTimer
{
    /// <summary>Has the thread sleep until an instant.</summary>
    /// <param name="at">In ticks of <see cref="Stopwatch"/>.</param>
    public static void SleepUntil(long at)
    {
        while (at - Stopwatch.GetTimestamp() is var left and > 0) Sleep(left);
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
