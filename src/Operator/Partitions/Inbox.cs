namespace Segmentation.Operator.Partitions;

/// <summary>
/// Events that requests bring to the partition's owner itself: a turn commits them at once, which spares them the way through the log. Whatever is not
/// certain to be committed goes through the log all the same, where those that were are recognised. Safe to use from several threads.
/// </summary>
/// <param name="capacity">Events that may wait; the last request may bring more than that.</param>
internal sealed class Inbox(int capacity)
{
    private static readonly Task<bool> NotTaken = Task.FromResult(false);

    private readonly Lock _lock = new();
    private readonly Queue<Request> _waiting = new();
    private readonly List<Request> _taken = [];
    private int _eventsWaiting;
    private bool _isOpen;

    /// <summary>Brings the events of one request. The partition has to be given a turn then.</summary>
    /// <returns>
    /// Whether a turn has committed them; if not, they have to be appended to the log. At once false while the inbox is closed or full.
    /// </returns>
    public Task<bool> Offer(IReadOnlyList<CustomerEvent> events)
    {
        lock (_lock)
        {
            if (!_isOpen || _eventsWaiting >= capacity) return NotTaken;
            var request = new Request(events);
            _waiting.Enqueue(request);
            _eventsWaiting += events.Count;
            return request.Committed.Task;
        }
    }

    /// <summary>Takes whole requests for the turn under way.</summary>
    /// <param name="most">The most events to take; a first request that alone has more is taken all the same.</param>
    /// <returns>The events to apply, and whether some are left.</returns>
    public (IReadOnlyList<CustomerEvent> Events, bool IsLeft) Take(int most)
    {
        lock (_lock)
        {
            var events = 0;
            while (_waiting.TryPeek(out var next) && (_taken.Count == 0 || events + next.Events.Count <= most))
            {
                _taken.Add(_waiting.Dequeue());
                events += next.Events.Count;
            }
            _eventsWaiting -= events;
            return (_taken.Count == 1 ? _taken[0].Events : [.. _taken.SelectMany(request => request.Events)], _waiting.Count > 0);
        }
    }

    /// <summary>What was taken is committed.</summary>
    public void Committed()
    {
        lock (_lock)
        {
            foreach (var request in _taken) request.Committed.SetResult(true);
            _taken.Clear();
        }
    }

    /// <summary>From now on requests may bring events.</summary>
    public void Open()
    {
        lock (_lock)
            _isOpen = true;
    }

    /// <summary>Nothing is brought any more, and what was not committed has to go through the log.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isOpen = false;
            foreach (var request in _taken.Concat(_waiting)) request.Committed.SetResult(false);
            _taken.Clear();
            _waiting.Clear();
            _eventsWaiting = 0;
        }
    }

    private sealed class Request(IReadOnlyList<CustomerEvent> events)
    {
        public IReadOnlyList<CustomerEvent> Events => events;

        public TaskCompletionSource<bool> Committed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
