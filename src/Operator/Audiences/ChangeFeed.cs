using System.Collections.Concurrent;
using System.Globalization;
using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Audiences;

/// <summary>
/// What an audience has yet to be told, from all partitions: in each first the members, then the outbox from where it stood before the first member
/// was read. A profile belongs to one partition, and a partition is read in order, so a profile's changes stay in order. Read by one loop;
/// <see cref="MarkDirty"/> may be called from any thread.
/// </summary>
internal sealed class ChangeFeed
{
    private readonly Outbox _outbox;
    private readonly string _uid;
    private readonly bool _skipDeletions;
    private readonly FeedPosition?[] _read;
    private readonly FeedPosition?[] _settled;
    private readonly ConcurrentQueue<int> _dirty = new();
    private readonly int[] _isDirty;
    private readonly HashSet<int> _waiting = [];
    private readonly List<AudienceChange> _changes = [];

    /// <param name="uid">The AudienceSync's.</param>
    /// <param name="skipDeletions">Whether removals that come of the segment's deletion are left out.</param>
    public ChangeFeed(Outbox outbox, string uid, int partitions, IReadOnlyDictionary<int, FeedPosition> positions, bool skipDeletions)
    {
        _outbox = outbox;
        _uid = uid;
        _skipDeletions = skipDeletions;
        _isDirty = new int[partitions];
        _settled = new FeedPosition?[partitions];
        _read = new FeedPosition?[partitions];
        StartFrom(positions);
    }

    /// <summary>What was read and is not settled yet.</summary>
    public IReadOnlyList<AudienceChange> Changes => _changes;

    /// <summary>Whether partitions wait for something before they can begin: the segment's first members, or commits that write the outbox.</summary>
    public bool HasWaiting => _waiting.Count > 0;

    /// <summary>Whether every member there was at the beginning has been read.</summary>
    public bool IsPastMembers => _read.All(p => p is Following);

    public bool HasDirty => !_dirty.IsEmpty;

    /// <summary>Begins at the given positions, and at the beginning in partitions that have none.</summary>
    public void StartFrom(IReadOnlyDictionary<int, FeedPosition> positions)
    {
        _changes.Clear();
        for (var p = 0; p < _settled.Length; p++) _read[p] = _settled[p] = positions.GetValueOrDefault(p);
        MarkAllDirty();
    }

    /// <summary>There may be something new in a partition.</summary>
    public void MarkDirty(int partition)
    {
        if (partition < _isDirty.Length && Interlocked.Exchange(ref _isDirty[partition], 1) == 0) _dirty.Enqueue(partition);
    }

    public void MarkAllDirty()
    {
        for (var p = 0; p < _isDirty.Length; p++) MarkDirty(p);
    }

    public void RetryWaiting()
    {
        foreach (var partition in _waiting) MarkDirty(partition);
    }

    /// <summary>Reads until there are <paramref name="limit"/> changes or nothing more.</summary>
    public async Task ReadAsync(int limit, int readSize)
    {
        while (_changes.Count < limit && _dirty.TryDequeue(out var partition))
        {
            Volatile.Write(ref _isDirty[partition], 0); // before the read: a change during it must mark again
            var count = Math.Min(limit - _changes.Count, readSize);
            var more = _read[partition] is Following following
                ? await ReadOutboxAsync(partition, following, count)
                : await ReadMembersAsync(partition, (AmongMembers?)_read[partition], count);
            if (more) MarkDirty(partition);
        }
    }

    /// <summary>The positions that hold once <see cref="Changes"/> are delivered, as far as they differ from the settled ones.</summary>
    public IReadOnlyDictionary<int, FeedPosition> Moved() =>
        Enumerable.Range(0, _read.Length).Where(p => _read[p] is not null && !_read[p]!.Equals(_settled[p])).ToDictionary(p => p, p => _read[p]!);

    /// <summary>What was read is delivered and written down.</summary>
    public void Settle()
    {
        _changes.Clear();
        _read.CopyTo(_settled, 0);
    }

    /// <summary>Goes back to what is settled.</summary>
    public void Rewind()
    {
        _changes.Clear();
        foreach (var partition in Moved().Keys) MarkDirty(partition);
        _settled.CopyTo(_read, 0);
    }

    /// <summary>How many changes are not settled yet.</summary>
    /// <param name="servingRevision">Whose members count for partitions that are not past their members, or null.</param>
    public async Task<long> CountPendingAsync(string? servingRevision)
    {
        var counts = new List<Task<long>>();
        for (var p = 0; p < _read.Length; p++)
        {
            if (_settled[p] is Following following)
            {
                if (Volatile.Read(ref _isDirty[p]) == 1 || !following.Equals(_read[p])) counts.Add(_outbox.CountAsync(p, following.Id));
            }
            else if (servingRevision is not null)
            {
                counts.Add(_outbox.CountMembersAsync(p, servingRevision));
            }
        }
        return (await Task.WhenAll(counts)).Sum();
    }

    private async Task<bool> ReadOutboxAsync(int partition, Following position, int count)
    {
        var entries = await _outbox.ReadAsync(partition, position.Id, count);
        foreach (var entry in entries)
        {
            if (!_skipDeletions || entry.Change.Cause != CommitBatch.CauseName(FlipCause.Deletion)) _changes.Add(entry.Change);
        }
        if (entries.Length > 0) _read[partition] = new Following(entries[^1].Id);
        return entries.Length == count;
    }

    private async Task<bool> ReadMembersAsync(int partition, AmongMembers? position, int count)
    {
        var page = await _outbox.ReadMembersAsync(partition, position, count);
        if (position is null && (page.Revision.Length == 0 || !page.Audiences.Contains(_uid)))
        {
            _waiting.Add(partition);
            return false;
        }

        _waiting.Remove(partition);
        position ??= new AmongMembers(page.NewestId, page.Revision, "", "");
        foreach (var (profile, joinedAt) in page.Members)
        {
            var atMs = (long)double.Parse(joinedAt, CultureInfo.InvariantCulture);
            _changes.Add(new AudienceChange(profile, Added: true, atMs, CommitBatch.CauseName(FlipCause.Initial)));
        }

        // A revision that took over meanwhile is read from its beginning: those who stayed are told of nowhere else. Without a serving revision
        // the outbox tells who left.
        _read[partition] = page.Members.Count == count
            ? position with { Revision = page.Revision, JoinedAt = page.Members[^1].JoinedAt, ProfileId = page.Members[^1].ProfileId }
            : new Following(position.NotedId);
        return true;
    }
}
