namespace Segmentation.Operator.Partitions;

/// <summary>A partition's place with the scheduler.</summary>
internal sealed class PartitionSlot(Partition partition)
{
    private const int Idle = 0;
    private const int Queued = 1;
    private const int Running = 2;
    private const int RunningAndWoken = 3;

    private int _state;

    public Partition Partition { get; } = partition;

    /// <summary>How long it waited after its last failure; zero after a good turn.</summary>
    public TimeSpan Backoff { get; set; }

    /// <summary>The due time its timer is set to, guarded by the timer.</summary>
    public long TimerMs { get; set; } = Verdict.Never;

    /// <returns>True when the caller must put it into the queue.</returns>
    public bool TryQueue()
    {
        while (true)
        {
            switch (Volatile.Read(ref _state))
            {
                case Idle when Interlocked.CompareExchange(ref _state, Queued, Idle) == Idle: return true;
                case Running when Interlocked.CompareExchange(ref _state, RunningAndWoken, Running) == Running: return false;
                case Queued or RunningAndWoken: return false;
            }
        }
    }

    public void BeginTurn() => Volatile.Write(ref _state, Running);

    /// <returns>True when the caller must put it into the queue again: there is more to do, or it was woken meanwhile.</returns>
    public bool EndTurn(bool more)
    {
        if (!more && Interlocked.CompareExchange(ref _state, Idle, Running) == Running) return false;
        Volatile.Write(ref _state, Queued);
        return true;
    }
}
