namespace Segmentation.Operator.Partitions;

/// <summary>
/// Wakes partitions when their earliest due time has come, all of them by one thread that sleeps. Timers of the runtime would wake them later: they go by a
/// clock that Linux moves on only every 4 ms, or whatever its kernel is built with.
/// </summary>
internal sealed class DueTimer(BusinessClock clock) : IDisposable
{
    // The business clock may be stepped under a running sleep; nothing sleeps longer than this without looking.
    private const long LongestSleepMs = 1_000;

    private readonly Lock _lock = new();
    private readonly PriorityQueue<PartitionSlot, long> _queue = new();
    private readonly AutoResetEvent _changed = new(false);

    public void Dispose() => _changed.Dispose();

    /// <summary>Sets a partition's timer. An earlier setting that is still queued is ignored when its turn comes.</summary>
    public void Set(PartitionSlot slot, long dueMs)
    {
        lock (_lock)
        {
            if (slot.TimerMs == dueMs) return;
            slot.TimerMs = dueMs;
            _queue.Enqueue(slot, dueMs);
            if (!ReferenceEquals(_queue.Peek(), slot)) return;
        }
        _changed.Set();
    }

    /// <summary>Wakes partitions until cancelled.</summary>
    public Task RunAsync(Action<PartitionSlot> wake, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(() => Run(wake, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(Action<PartitionSlot> wake, CancellationToken cancellationToken)
    {
        void Look() => _changed.Set();
        clock.Moved += Look;
        using var stop = cancellationToken.Register(Look);
        while (!cancellationToken.IsCancellationRequested) _changed.WaitOne((int)WakeDue(wake));
        clock.Moved -= Look;
    }

    /// <returns>In how many milliseconds to look again.</returns>
    private long WakeDue(Action<PartitionSlot> wake)
    {
        var nowMs = clock.NowMs;
        lock (_lock)
        {
            while (_queue.TryPeek(out var slot, out var dueMs))
            {
                if (dueMs > nowMs) return Math.Min(dueMs - nowMs, LongestSleepMs);
                _queue.Dequeue();
                if (slot.TimerMs != dueMs) continue;
                slot.TimerMs = Verdict.Never;
                wake(slot);
            }
        }
        return LongestSleepMs;
    }
}
