using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Http;

/// <summary>
/// What is to be appended to one partition's log. One append is under way at a time, and what other requests bring meanwhile goes with the next: the
/// busier Redis is, the fewer and larger the entries become, and an idle one is never waited for.
/// </summary>
internal sealed class AppendQueue(EventLog log, BusinessClock clock, string prefix)
{
    private readonly Lock _lock = new();
    private readonly Queue<Entry> _waiting = new();
    private Entry? _last;
    private bool _isAppending;

    /// <summary>Appends lines (see <see cref="EventLog.AppendAsync(string, long, IReadOnlyList{ReadOnlyMemory{byte}})"/>), all in one entry.</summary>
    /// <param name="lines">At most <see cref="EventLog.EventsPerEntry"/>. Their bytes must stay as they are until the task has ended.</param>
    /// <returns>False when the log is full.</returns>
    /// <exception cref="StoreUnavailableException">Whether it was written is not known; sending it again is safe.</exception>
    public Task<bool> AppendAsync(ReadOnlySpan<ReadOnlyMemory<byte>> lines)
    {
        Entry entry;
        lock (_lock)
        {
            if (_last is null || _last.Lines.Count + lines.Length > EventLog.EventsPerEntry) _waiting.Enqueue(_last = new Entry());
            entry = _last;
            entry.Lines.AddRange(lines);
            if (_isAppending) return entry.Appended.Task;
            _isAppending = true;
        }
        _ = AppendAllAsync();
        return entry.Appended.Task;
    }

    private async Task AppendAllAsync()
    {
        while (Next() is { } entry)
        {
            try
            {
                entry.Appended.SetResult(await log.AppendAsync(prefix, clock.NowMs, entry.Lines));
            }
            catch (Exception e)
            {
                // For every request that waits, also those behind: after a time-out each they would wait the longer the more they are.
                for (Entry? failed = entry; failed is not null; failed = Next()) failed.Appended.SetException(e);
                return;
            }
        }
    }

    private Entry? Next()
    {
        lock (_lock)
        {
            _isAppending = _waiting.TryDequeue(out var next);
            if (ReferenceEquals(next, _last)) _last = null;
            return next;
        }
    }

    private sealed class Entry
    {
        public List<ReadOnlyMemory<byte>> Lines { get; } = [];

        public TaskCompletionSource<bool> Appended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
