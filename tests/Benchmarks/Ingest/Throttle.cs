using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Segmentation.Benchmarks.Ingest;

/// <summary>
/// Makes processes small: each gets a share of a core and no more, as a container with a limit does. One that has used up what it was due is stopped until it
/// is due more; what it does not use within some milliseconds is lost to it. Until it is disposed of, or a process ends; all go on unthrottled then.
/// </summary>
internal sealed partial class Throttle : IDisposable
{
    private const int Continue = 18;
    private const int Stop = 19;
    private const double BurstSeconds = 0.01;

    private readonly int[] _pids;
    private readonly double _share;
    private readonly ManualResetEventSlim _ended = new();
    private readonly Thread _thread;

    /// <param name="pids">The processes.</param>
    /// <param name="share">Of one core, between 0 and 1.</param>
    public Throttle(int[] pids, double share)
    {
        (_pids, _share) = (pids, share);
        _thread = new Thread(Run) { IsBackground = true, Name = "throttle", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    public void Dispose()
    {
        _ended.Set();
        _thread.Join();
        _ended.Dispose();
    }

    private void Run()
    {
        var watch = Stopwatch.StartNew();
        var isStopped = new bool[_pids.Length];
        try
        {
            var start = Array.ConvertAll(_pids, Used);
            while (!_ended.Wait(1))
            {
                for (var i = 0; i < _pids.Length; i++)
                {
                    var left = start[i] + (_share * watch.Elapsed.TotalSeconds) - Used(_pids[i]);
                    if (left > BurstSeconds) start[i] -= left - BurstSeconds;
                    if (isStopped[i] == left <= 0) continue;
                    isStopped[i] = left <= 0;
                    Signal(_pids[i], isStopped[i] ? Stop : Continue);
                }
            }
        }
        catch (Win32Exception)
        {
            // One has ended.
        }
        foreach (var pid in _pids) _ = Kill(pid, Continue);
    }

    // CLOCK_PROCESS_CPUTIME_ID of another process, to the nanosecond; /proc has hundredths of a second.
    private static double Used(int pid) => Time((~pid << 3) | 2, out var time) == 0 ? time.Seconds + (time.Nanoseconds / 1e9) : throw new Win32Exception();

    private static void Signal(int pid, int signal)
    {
        if (Kill(pid, signal) != 0) throw new Win32Exception();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Time(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Timespec
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
