namespace Segmentation.Operator.Partitions;

/// <summary>Wakes partitions when their earliest due time has come. One sleeping loop for all of them.</summary>
internal sealed class DueTimer(BusinessClock clock, TimeProvider time) : IDisposable
{
    // The business clock may be stepped under a running sleep; nothing sleeps longer than this without looking.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<PartitionSlot, long> _queue = new();
    private readonly SemaphoreSlim _changed = new(0);

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
        _changed.Release();
    }

    public async Task RunAsync(Action<PartitionSlot> wake, CancellationToken cancellationToken)
    {
        void Look() => _changed.Release();
        clock.Moved += Look;
        try
        {
            while (!cancellationToken.IsCancellationRequested) await SleepAsync(WakeDue(wake), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        finally
        {
            clock.Moved -= Look;
        }
    }

    /// <returns>How long until the next is due.</returns>
    private TimeSpan WakeDue(Action<PartitionSlot> wake)
    {
        var nowMs = clock.NowMs;
        lock (_lock)
        {
            while (_queue.TryPeek(out var slot, out var dueMs))
            {
                if (dueMs > nowMs) return TimeSpan.FromMilliseconds(Math.Min(dueMs - nowMs, LongestSleep.TotalMilliseconds));
                _queue.Dequeue();
                if (slot.TimerMs != dueMs) continue;
                slot.TimerMs = Verdict.Never;
                wake(slot);
            }
        }
        return LongestSleep;
    }

    private async Task SleepAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        using var sleep = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var elapsed = Task.Delay(delay, time, sleep.Token);
        var changed = _changed.WaitAsync(sleep.Token);
        await Task.WhenAny(elapsed, changed);
        await sleep.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
