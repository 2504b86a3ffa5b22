namespace Segmentation.Operator.Partitions;

/// <summary>What a partition is to be given a turn for.</summary>
internal enum TurnFor
{
    /// <summary>Something is new in its log.</summary>
    Events = 0,

    /// <summary>Time, a pass, a new plan, or whatever there is.</summary>
    All = 1,
}

/// <summary>A partition's place with the scheduler: it may wait for a turn of either kind, and has one turn at a time.</summary>
internal sealed class PartitionSlot(Partition partition)
{
    private readonly Lock _lock = new();
    private readonly bool[] _isWanted = new bool[2];
    private readonly bool[] _isQueued = new bool[2];
    private bool _isRunning;

    public Partition Partition { get; } = partition;

    /// <summary>How long it waited after its last failure; zero after a good turn.</summary>
    public TimeSpan Backoff { get; set; }

    /// <summary>The due time its timer is set to, guarded by the timer.</summary>
    public long TimerMs { get; set; } = Verdict.Never;

    /// <returns>True when the caller must put it into that queue.</returns>
    public bool TryQueue(TurnFor kind)
    {
        lock (_lock)
        {
            _isWanted[(int)kind] = true;
            return Queues(kind);
        }
    }

    /// <summary>Begins the turn for which it was in a queue.</summary>
    /// <returns>False when it has one just now, and is to come again after that, or when the turn is not wanted any more.</returns>
    public bool TryBeginTurn(TurnFor kind)
    {
        lock (_lock)
        {
            _isQueued[(int)kind] = false;
            if (_isRunning || !_isWanted[(int)kind]) return false;
            _isWanted[(int)kind] = false;
            if (kind == TurnFor.All) _isWanted[(int)TurnFor.Events] = false;
            return _isRunning = true;
        }
    }

    /// <returns>Into which queues the caller must put it again: it was woken meanwhile.</returns>
    public (bool Events, bool All) EndTurn()
    {
        lock (_lock)
        {
            _isRunning = false;
            return (Queues(TurnFor.Events), Queues(TurnFor.All));
        }
    }

    private bool Queues(TurnFor kind) => !_isRunning && _isWanted[(int)kind] && !_isQueued[(int)kind] && (_isQueued[(int)kind] = true);
}
