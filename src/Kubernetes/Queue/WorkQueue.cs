namespace Kubernetes.Queue;

/// <summary>
/// Keys that wait to be worked on. A key is in it once, however often it was added; it is never handed out twice at the same
/// time, and when it was added while being worked on it comes once more afterwards. Thread-safe.
/// </summary>
public sealed class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    /// <summary>By how much later a low-priority key counts as added: the longest that live changes can hold it back.</summary>
    public static readonly TimeSpan LowPriorityPenalty = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(365);
    private static readonly TimeSpan LongestAlarm = TimeSpan.FromDays(1);
    private static readonly Comparer<Ticket> ByOrder =
        Comparer<Ticket>.Create((a, b) => (a.Order, a.Sequence).CompareTo((b.Order, b.Sequence)));

    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, Entry> _entries = [];
    private readonly SortedSet<Ticket> _ready = new(ByOrder);
    private readonly SortedSet<Ticket> _delayed = new(ByOrder);
    private readonly SemaphoreSlim _available = new(0);
    private readonly FailureCounter<TKey> _failures;
    private readonly TimeProvider _time;
    private readonly QueueMetrics _metrics;
    private readonly ITimer _alarm;
    private long _sequence;
    private bool _disposed;

    public WorkQueue(TimeProvider time, QueueMetrics metrics)
    {
        _time = time;
        _metrics = metrics;
        _failures = new FailureCounter<TKey>();
        _alarm = time.CreateTimer(_ => OnAlarm(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Keys ready to be taken; not those delayed or being worked on.</summary>
    public int Depth
    {
        get
        {
            lock (_lock)
                return _ready.Count;
        }
    }

    /// <summary>True when no key is ready or being worked on. Delayed ones may be there.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
                return _ready.Count == 0 && _entries.Count == _delayed.Count;
        }
    }

    /// <summary>Adds a key to be worked on as soon as a worker is free. A delay it had is over.</summary>
    public void Add(TKey key, QueuePriority priority = QueuePriority.Live)
    {
        lock (_lock)
            AddLocked(key, priority);
    }

    /// <summary>
    /// Adds a key for later, at most a year. Of several delays the earliest counts; a key that is ready already stays ready.
    /// </summary>
    public void AddAfter(TKey key, TimeSpan delay, QueuePriority priority = QueuePriority.Live)
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            var entry = EntryOf(key);
            if (entry.Ready is not null || entry.Again)
                return;
            if (delay <= TimeSpan.Zero)
            {
                AddLocked(key, priority);
                return;
            }

            var due = _time.GetTimestamp() + Ticks(delay < LongestDelay ? delay : LongestDelay);
            if (entry.Delayed is { } earlier)
            {
                if (earlier.Order <= due)
                    return;
                _delayed.Remove(earlier);
            }

            entry.Delayed = new Ticket(due, _sequence++, key, priority);
            _delayed.Add(entry.Delayed);
            SetAlarm();
        }
    }

    /// <summary>Adds a key after a failure: 750 ms later, and twice as long with every further failure up to 15 min, without end.</summary>
    /// <returns>The wait.</returns>
    public TimeSpan AddAfterFailure(TKey key)
    {
        TimeSpan wait;
        lock (_lock)
            wait = _failures.Next(key);
        _metrics.Retried();
        AddAfter(key, wait);
        return wait;
    }

    /// <summary>The next failure of this key is its first again.</summary>
    public void Forget(TKey key)
    {
        lock (_lock)
            _failures.Forget(key);
    }

    /// <summary>Takes the most urgent key, waiting for one. Whoever takes it calls <see cref="Done"/> afterwards.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before there was one.</exception>
    public async ValueTask<TKey> TakeAsync(CancellationToken cancellationToken)
    {
        await _available.WaitAsync(cancellationToken);
        lock (_lock)
        {
            var ticket = _ready.Min!;
            _ready.Remove(ticket);
            var entry = _entries[ticket.Key];
            entry.Ready = null;
            entry.StartedAt = _time.GetTimestamp();
            _metrics.Taken(_time.GetElapsedTime(entry.AddedAt, entry.StartedAt.Value));
            return ticket.Key;
        }
    }

    /// <summary>The work on a key is over; should it have been added meanwhile, it is ready again now.</summary>
    public void Done(TKey key)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var entry) || entry.StartedAt is not { } started)
                throw new InvalidOperationException($"'{key}' was not being worked on.");
            _metrics.Worked(_time.GetElapsedTime(started));
            entry.StartedAt = null;
            if (entry.Again)
            {
                entry.Again = false;
                MakeReady(key, entry, entry.AgainPriority);
            }
            else if (entry.Delayed is null)
            {
                _entries.Remove(key);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
            _disposed = true;
        _alarm.Dispose();
    }

    private void AddLocked(TKey key, QueuePriority priority)
    {
        if (_disposed)
            return;
        var entry = EntryOf(key);
        if (entry.Delayed is { } delayed)
        {
            _delayed.Remove(delayed);
            entry.Delayed = null;
        }

        if (entry.StartedAt is not null)
        {
            if (!entry.Again)
                _metrics.Added();
            entry.AgainPriority = entry.Again && entry.AgainPriority < priority ? entry.AgainPriority : priority;
            entry.AddedAt = entry.Again ? entry.AddedAt : _time.GetTimestamp();
            entry.Again = true;
        }
        else if (entry.Ready is not { } waiting)
        {
            _metrics.Added();
            entry.AddedAt = _time.GetTimestamp();
            MakeReady(key, entry, priority);
        }
        else if (priority < waiting.Priority)
        {
            // More urgent than it was: it goes to where it would be had it been live from the start.
            _ready.Remove(waiting);
            entry.Ready = waiting with { Order = waiting.Order - Ticks(LowPriorityPenalty), Priority = priority };
            _ready.Add(entry.Ready);
        }
    }

    private void MakeReady(TKey key, Entry entry, QueuePriority priority)
    {
        var order = entry.AddedAt + (priority == QueuePriority.Low ? Ticks(LowPriorityPenalty) : 0);
        entry.Ready = new Ticket(order, _sequence++, key, priority);
        _ready.Add(entry.Ready);
        _metrics.Queued();
        _available.Release();
    }

    private void OnAlarm()
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            while (!_disposed && _delayed.Min is { } due && due.Order <= now)
                AddLocked(due.Key, due.Priority);
            SetAlarm();
        }
    }

    private void SetAlarm()
    {
        if (_disposed || _delayed.Min is not { } next)
            return;
        var wait = TimeSpan.FromSeconds(Math.Max(0, next.Order - _time.GetTimestamp()) / (double)_time.TimestampFrequency);
        if (wait > LongestAlarm)
            wait = LongestAlarm;
        // Timers count whole milliseconds and cut the rest off: one more, or the alarm rings too early, again and again.
        _alarm.Change(wait + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }

    private Entry EntryOf(TKey key)
    {
        if (!_entries.TryGetValue(key, out var entry))
            _entries[key] = entry = new Entry();
        return entry;
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);

    private sealed class Entry
    {
        public Ticket? Ready;
        public Ticket? Delayed;
        public long AddedAt;
        public long? StartedAt;
        public bool Again;
        public QueuePriority AgainPriority;
    }

    private sealed record Ticket(long Order, long Sequence, TKey Key, QueuePriority Priority);
}
