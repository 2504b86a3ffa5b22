using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Partitions;

/// <summary>
/// One partition and its single writer. A turn reads what is new, applies it to the profiles in memory and commits all of it at once; the commit
/// is refused when another owner has taken over. Turns never overlap: <see cref="PartitionScheduler"/> sees to that.
/// </summary>
internal sealed class Partition
{
    private readonly PartitionStore _store;
    private readonly EventLog _log;
    private readonly IPartitionHost _host;
    private readonly DataPlaneOptions _options;
    private readonly ProfileCache _cache;
    private readonly PartitionTurn _turn;
    private readonly PassCursors _passes = new();
    private readonly HashSet<string> _changed = [];
    private OwnerState? _state;
    private WorkspacePlan _plan = WorkspacePlan.Empty;
    private int _entriesPerRead = 64;
    private long _nextDueMs;
    private long _nextExpiryMs;

    public Partition(RedisConnection redis, EventLog log, IPartitionHost host, string workspace, int number, DataPlaneOptions options)
    {
        Workspace = workspace;
        Number = number;
        _store = new PartitionStore(redis, workspace, number);
        _log = log;
        _host = host;
        _options = options;
        _cache = new ProfileCache(_store, Math.Max(64, options.CachedOccurrences / host.PartitionCount));
        _turn = new PartitionTurn(_cache, _passes);
    }

    public string Workspace { get; }

    public int Number { get; }

    public SegmentTally Tally { get; } = new();

    /// <summary>The earliest instant at which time alone asks for a turn.</summary>
    public long NextDueMs => _state is null ? Verdict.Never : _nextDueMs;

    /// <summary>Does one bounded piece of work.</summary>
    /// <returns>True when there is more to do at once.</returns>
    /// <exception cref="FencedException">Another owner has taken over; <see cref="Release"/> has been done.</exception>
    /// <exception cref="StoreUnavailableException">Nothing is known of the last commit; the next turn takes the partition over anew.</exception>
    public async Task<bool> TakeTurnAsync()
    {
        try
        {
            var state = _state ?? await TakeOverAsync();
            var plan = _host.Plan;
            var nowMs = _host.NowMs;
            _turn.Begin(plan, nowMs, state.ClockMs);
            var adopts = !ReferenceEquals(plan, _plan);
            if (adopts) await AdoptAsync(plan, state, nowMs);

            var (offset, logLeft) = await ApplyLogAsync(state);

            // Time runs only as far as the log has been applied: an accepted order must not find its profile already lapsed.
            var untilMs = logLeft ? _turn.ClockMs : Math.Max(nowMs, _turn.ClockMs);
            var dueLeft = await ApplyDueAsync(untilMs);
            var passLeft = await ApplyPassAsync(plan, untilMs);
            ExpireFlow(nowMs);
            await CommitAsync(state, offset);
            foreach (var segment in _changed) _host.MembershipChanged(Number, segment);
            _changed.Clear();
            if (adopts) foreach (var segment in plan.DeletedSegments) _host.SegmentDropped(Number, segment);
            _cache.Trim(_turn.Touched);
            return logLeft || dueLeft || passLeft;
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>Forgets everything; the next turn takes the partition over with a new epoch.</summary>
    public void Release()
    {
        _state = null;
        _plan = WorkspacePlan.Empty;
        _cache.Clear();
        _changed.Clear();
    }

    private async Task<OwnerState> TakeOverAsync()
    {
        var state = await _store.AcquireAsync(_host.Identity);
        _passes.Load(state.Passes);
        var members = await Task.WhenAll(state.Passes.Keys.Select(CountAsync));
        Tally.Load(members.OfType<(string, string, long)>(), await _store.ReadFlowAsync());
        _host.TakenOver(Number);
        foreach (var (key, passId) in _passes.Done) _host.PassDone(Number, key, passId);
        _nextDueMs = 0;
        return _state = state;
    }

    private async Task<(string Segment, string Revision, long Members)?> CountAsync(string passKey) =>
        PassKeys.TryParse(passKey, out var isSegment, out var name, out var revision) && isSegment
            ? (name, revision, await _store.CountMembersAsync(name, revision))
            : null;

    private async Task AdoptAsync(WorkspacePlan plan, OwnerState state, long nowMs)
    {
        var active = new Dictionary<string, string>(state.ActiveRevisions);
        foreach (var segment in plan.Segments.Where(s => s.IsServing && active.GetValueOrDefault(s.Name) != s.Revision))
        {
            var cause = active.ContainsKey(segment.Name) ? FlipCause.Edit : FlipCause.Initial;
            var (entered, left) = await _store.ActivateAsync(state.Epoch, segment.Name, segment.Revision, nowMs, segment.HasAudience, cause);
            active[segment.Name] = segment.Revision;
            _changed.Add(segment.Name);
            if (entered + left > 0) Tally.Activated(segment.Name, nowMs);
        }
        foreach (var name in plan.DeletedSegments.Where(active.ContainsKey))
        {
            await _store.ActivateAsync(state.Epoch, name, revision: null, nowMs, tellAudiences: state.Audiences.ContainsKey(name), FlipCause.Deletion);
            active.Remove(name);
            _changed.Add(name);
        }
        _state = state with { ActiveRevisions = active, Audiences = WriteAudiences(plan, state.Audiences) };
        RemoveWhatIsGone(plan);
        foreach (var field in plan.DeletedSegments.SelectMany(Tally.Drop)) _turn.Batch.RemoveFlowBucket(field);
        _plan = plan;
    }

    // Says in the store which audiences every commit from this turn's on tells: an audience that began to follow before could miss a change.
    private Dictionary<string, string> WriteAudiences(WorkspacePlan plan, IReadOnlyDictionary<string, string> before)
    {
        var audiences = plan.Segments.Where(s => s.IsServing && s.HasAudience).ToDictionary(s => s.Name, s => s.Audience);
        foreach (var name in before.Keys.Union(audiences.Keys).Where(n => before.GetValueOrDefault(n) != audiences.GetValueOrDefault(n)))
        {
            _turn.Batch.SetOwnerField(OwnerState.AudiencePrefix + name, audiences.GetValueOrDefault(name));
            _changed.Add(name);
        }
        return audiences;
    }

    private void RemoveWhatIsGone(WorkspacePlan plan)
    {
        var wanted = plan.Segments.Select(s => s.PassKey).Concat(plan.Policies.Select(p => p.PassKey)).ToHashSet();
        foreach (var key in _passes.Keys.Where(k => !wanted.Contains(k)).ToArray())
        {
            if (!PassKeys.TryParse(key, out var isSegment, out var name, out var revision)) continue;
            if (isSegment)
            {
                _turn.Batch.RemoveKey(Keys.MembersSuffix(name, revision));
                Tally.Forget(name, revision);
            }
            else
            {
                foreach (var dimension in RfmDimensions.All) _turn.Batch.RemoveKey(Keys.RfmSuffix(name, revision, dimension));
                if (plan.Policies.All(p => p.Name != name))
                {
                    foreach (var tier in RfmDimensions.TierNames) _turn.Batch.RemoveKey(Keys.TierSuffix(name, tier));
                }
            }
            _passes.Remove(key, _turn.Batch);
        }
    }

    /// <returns>The offset after what was applied, and whether more may be waiting.</returns>
    private async Task<(string Offset, bool More)> ApplyLogAsync(OwnerState state)
    {
        var entries = await _log.ReadAsync(_store.Prefix, state.Offset, _entriesPerRead);
        if (entries.Count == 0) return (state.Offset, false);

        // Entries hold one event or hundreds: a turn is bounded by events, and the next read by how many entries those were.
        var taken = 0;
        for (var events = 0; taken < entries.Count && events < _options.EventsPerTurn; taken++) events += Math.Max(1, entries[taken].Events.Count);
        var more = taken < entries.Count || entries.Count == _entriesPerRead;
        _entriesPerRead = taken < entries.Count ? Math.Max(1, taken) : Math.Min(_options.EventsPerTurn, _entriesPerRead * 2);
        await _turn.ApplyAsync(taken == entries.Count ? entries : [.. entries.Take(taken)]);
        return (entries[taken - 1].Id, more);
    }

    private async Task<bool> ApplyDueAsync(long untilMs)
    {
        if (untilMs < _nextDueMs) return false;
        var earliest = await _store.EarliestDueAsync(_options.DuePerTurn);
        var due = earliest.Where(e => e.DueMs <= untilMs).Select(e => e.ProfileId).ToArray();
        await _turn.CatchUpAsync(due, untilMs);
        _nextDueMs = due.Length < earliest.Count ? earliest[due.Length].DueMs
            : earliest.Count == _options.DuePerTurn ? untilMs
            : Verdict.Never;
        return _nextDueMs <= untilMs;
    }

    private async Task<bool> ApplyPassAsync(WorkspacePlan plan, long atMs)
    {
        if (_passes.Next(plan) is not { } step) return false;
        var profiles = await _store.ProfilesAfterAsync(step.From, step.Until, _options.BackfillPerTurn);
        await _turn.EvaluateAsync(profiles, step.Affected, atMs);
        var cursor = profiles.Length == _options.BackfillPerTurn ? profiles[^1] : step.Until;
        _passes.Advance(plan, step, cursor, _turn.Batch);
        return true;
    }

    private void ExpireFlow(long nowMs)
    {
        if (nowMs < _nextExpiryMs) return;
        _nextExpiryMs = nowMs + (10 * 60_000);
        foreach (var field in Tally.TakeExpired(nowMs)) _turn.Batch.RemoveFlowBucket(field);
    }

    private async Task CommitAsync(OwnerState state, string newOffset)
    {
        _turn.WriteDueTimes();
        _nextDueMs = Math.Min(_nextDueMs, _turn.EarliestDueMs);
        var batch = _turn.Batch;
        if (batch.IsEmpty && newOffset == state.Offset) return;

        var changed = await _store.CommitAsync(batch, state.Epoch, state.Sequence, state.Offset, newOffset, _turn.ClockMs);
        _state = _state! with { Sequence = state.Sequence + 1, Offset = newOffset, ClockMs = _turn.ClockMs };
        for (var i = 0; i < batch.Memberships.Count; i++)
        {
            if (changed[i] != '1') continue;
            var operation = batch.Memberships[i];
            Tally.Count(operation);
            if (operation.Audience != FlipAudience.None) _host.MembershipChanged(Number, operation.Segment);
        }
        foreach (var (key, passId) in _passes.Finished) _host.PassDone(Number, key, passId);
        _host.Committed(_turn.EventsApplied, _turn.DuplicatesIgnored, batch.Memberships.Count);
    }
}
