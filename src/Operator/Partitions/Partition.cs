using Segmentation.Operator.Storage;
using Segmentation.Operator.Telemetry;
using StackExchange.Redis;

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
    private readonly ForgottenEvents _forgotten = new();
    private readonly RetentionWalk _retention;
    private readonly HashSet<string> _changed = [];
    private volatile OwnerState? _state;
    private WorkspacePlan _plan = WorkspacePlan.Empty;
    private volatile WorkspacePlan? _committedPlan;
    private long _nextDueMs;
    private long _nextExpiryMs;
    private int _entriesToRead;
    private bool _tiersDropped;

    public Partition(
        RedisConnection redis, EventLog log, IPartitionHost host, string workspace, int number, DataPlaneOptions options, TimeSpan retentionInterval,
        CacheBudget budget)
    {
        Workspace = workspace;
        Number = number;
        _store = new PartitionStore(redis, workspace, number);
        _log = log;
        _host = host;
        _options = options;
        _entriesToRead = options.EntriesPerTurn;
        _cache = new ProfileCache(_store, budget);
        _turn = new PartitionTurn(_cache, _passes, _forgotten, options.EventsPerName);
        _retention = new RetentionWalk(_store, _turn, options.BackfillPerTurn, retentionInterval);
    }

    public string Workspace { get; }

    public int Number { get; }

    public SegmentTally Tally { get; } = new();

    /// <summary>Before which time, exclusive, in milliseconds since the Unix epoch, events of the name may have been forgotten; 0 when none were.</summary>
    public long ForgottenBeforeMs(string eventName) => _forgotten.BeforeMs(eventName);

    /// <summary>Whether a turn by this plan has been committed, so that nothing is left of what the plan no longer has.</summary>
    public bool Follows(WorkspacePlan plan) => ReferenceEquals(_committedPlan, plan);

    /// <summary>The earliest instant at which time alone asks for a turn.</summary>
    public long NextDueMs => _state is null ? Verdict.Never : _nextDueMs;

    /// <summary>
    /// Whether a turn now would find something to do, as far as one look at the store tells. Cheaper than a turn, and from any thread.
    /// </summary>
    public async Task<bool> HasWorkAsync()
    {
        if (_state is not { } state || _host.NowMs >= Volatile.Read(ref _nextExpiryMs) || _retention.IsDue(_plan, _host.NowMs)) return true;
        try
        {
            return !await _store.IsWhereAsync(state) && ReferenceEquals(_state, state);
        }
        catch (Exception e) when (e is StoreUnavailableException or RedisException)
        {
            return true; // the turn will say so, and try again
        }
    }

    /// <summary>Does one bounded piece of work.</summary>
    /// <returns>True when there is more to do at once; false, with nothing done, while the workspace has no plan.</returns>
    /// <exception cref="FencedException">Another owner has taken over; <see cref="Release"/> has been done.</exception>
    /// <exception cref="StoreUnavailableException">Nothing is known of the last commit; the next turn takes the partition over anew.</exception>
    public async Task<bool> TakeTurnAsync()
    {
        // An event applied before it is known what to evaluate would be evaluated for nothing, and never again.
        if (_host.Plan is not { } plan)
        {
            Release();
            return false;
        }
        using var span = Tracing.StartTurn(Workspace, Number);
        try
        {
            var state = _state ?? await TakeOverAsync();
            var nowMs = _host.NowMs;
            _turn.Begin(plan, nowMs, state.ClockMs);
            var adopts = !ReferenceEquals(plan, _plan);
            if (adopts) await AdoptAsync(plan, state, Math.Max(nowMs, state.ClockMs));

            var (entries, logLeft) = await ApplyLogAsync(state);

            // Time runs only as far as the log has been applied: an accepted order must not find its profile already lapsed.
            var untilMs = logLeft ? _turn.ClockMs : Math.Max(nowMs, _turn.ClockMs);
            var dueLeft = await ApplyDueAsync(untilMs);
            var passLeft = await ApplyPassAsync(plan, untilMs);
            var oldLeft = await _retention.StepAsync(plan, untilMs);
            _passes.StepOff(_turn.Erased, _turn.Batch);
            ExpireFlow(nowMs);
            if (await CommitAsync(state, entries.Count > 0 ? entries[^1].Id : state.Offset))
                span?.SetTag("segmentation.events", _turn.EventsApplied).SetTag("segmentation.membership_operations", _turn.Batch.Memberships.Count + _turn.Batch.Moves.Count);
            else
                span?.Forget();

            _committedPlan = plan;

            // Only now is the data gone for certain: told earlier, a segment that comes back could find remains of the former one.
            if (adopts) foreach (var name in plan.DeletedSegments) _host.SegmentDropped(Number, name);
            foreach (var segment in _changed) _host.MembershipChanged(Number, segment);
            _changed.Clear();
            _cache.Trim(_turn.Touched);
            if (_tiersDropped) _cache.Clear(); // or profiles in memory would still be in a tier of a policy that is gone
            _tiersDropped = false;
            return logLeft || dueLeft || passLeft || oldLeft;
        }
        catch (Exception e)
        {
            span?.Failed(e.GetType().Name);
            Release();
            throw;
        }
    }

    /// <summary>Forgets everything; the next turn takes the partition over with a new epoch.</summary>
    public void Release()
    {
        _state = null;
        _plan = WorkspacePlan.Empty;
        _tiersDropped = false;
        _retention.Restart();
        _cache.Clear();
        _changed.Clear();
    }

    private async Task<OwnerState> TakeOverAsync()
    {
        var state = await _store.AcquireAsync(_host.Identity);
        _passes.Load(state.Passes);
        _forgotten.Load(state.Forgotten);
        var members = await Task.WhenAll(state.Passes.Keys.Select(CountAsync));
        Tally.Load(members.OfType<(string, string, long)>(), await _store.ReadFlowAsync());
        _host.TakenOver(Number);
        foreach (var (key, passId) in _passes.Done) _host.PassDone(Number, key, passId);
        _nextDueMs = _host.NowMs;
        return _state = state;
    }

    private async Task<(string Segment, string Revision, long Members)?> CountAsync(string passKey) =>
        PassKeys.TryParse(passKey, out var isSegment, out var name, out var revision) && isSegment
            ? (name, revision, await _store.CountMembersAsync(name, revision))
            : null;

    private async Task AdoptAsync(WorkspacePlan plan, OwnerState state, long atMs)
    {
        var active = new Dictionary<string, string>(state.ActiveRevisions);
        var begin = plan.Segments.Where(s => s.IsServing && active.GetValueOrDefault(s.Name) != s.Revision).ToArray();
        var changes = await Task.WhenAll(begin.Select(segment => _store.ActivateAsync(
            state.Epoch, segment.Name, segment.Revision, atMs, segment.HasAudience,
            active.ContainsKey(segment.Name) ? FlipCause.Edit : FlipCause.Initial, segment.AsksOfItself)));
        foreach (var (segment, (entered, left)) in begin.Zip(changes))
        {
            if (segment.AsksOfItself) _nextDueMs = Math.Min(_nextDueMs, atMs + 1);

            // The former revision's members are gone; it may come back later, and counts from nothing then.
            if (active.TryGetValue(segment.Name, out var former)) Tally.Forget(segment.Name, former);
            active[segment.Name] = segment.Revision;
            _changed.Add(segment.Name);
            if (entered + left > 0) Tally.Activated(segment.Name, atMs);
        }
        foreach (var name in plan.DeletedSegments)
        {
            if (active.Remove(name))
            {
                await _store.ActivateAsync(state.Epoch, name, revision: null, atMs, tellAudiences: state.Audiences.ContainsKey(name), FlipCause.Deletion);
                _changed.Add(name);
            }
            foreach (var field in Tally.TakeFlow(name)) _turn.Batch.RemoveFlowBucket(field);
        }
        _state = state with { ActiveRevisions = active, Audiences = WriteAudiences(plan, state.Audiences) };
        RemoveWhatIsGone(plan);
        _cache.Watch(plan.Watched);
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
                    _tiersDropped = true;
                }
            }
            _passes.Remove(key, _turn.Batch);
        }
    }

    private async Task<(IReadOnlyList<LogEntry> Applied, bool IsLeft)> ApplyLogAsync(OwnerState state)
    {
        var count = _entriesToRead;
        var entries = await _log.ReadAsync(_store.Prefix, state.Offset, count);
        var fitting = 0;
        for (var events = 0; fitting < entries.Count && (fitting == 0 || events + entries[fitting].Events.Count <= _options.EventsPerTurn); fitting++)
            events += entries[fitting].Events.Count;

        // What does not fit is read again, so the next read brings about as much as a turn applies.
        _entriesToRead = fitting < entries.Count ? fitting : Math.Min(_options.EntriesPerTurn, Math.Max(1, count) * 2);
        IReadOnlyList<LogEntry> applied = [.. entries.Take(fitting)];
        if (applied.Count > 0) await _turn.ApplyAsync(applied);
        return (applied, fitting < entries.Count || entries.Count == count);
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
        Volatile.Write(ref _nextExpiryMs, nowMs + (10 * 60_000));
        foreach (var field in Tally.TakeExpired(nowMs)) _turn.Batch.RemoveFlowBucket(field);
    }

    /// <returns>False when there was nothing to commit.</returns>
    private async Task<bool> CommitAsync(OwnerState state, string newOffset)
    {
        _turn.WriteDueTimes();
        _nextDueMs = Math.Min(_nextDueMs, _turn.EarliestDueMs);
        var batch = _turn.Batch;
        if (batch.IsEmpty && newOffset == state.Offset)
        {
            // An idle partition would otherwise never learn that Redis lost its last commits, whose log entries may have survived.
            await _store.CheckAsync(state.Epoch, state.Sequence);
            return false;
        }

        var changed = await _store.CommitAsync(batch, state.Epoch, state.Sequence, state.Offset, newOffset, _turn.ClockMs);
        _state = _state! with { Sequence = state.Sequence + 1, Offset = newOffset, ClockMs = _turn.ClockMs };
        foreach (var operation in batch.Memberships.Where((_, i) => changed[i] == '1').Concat(batch.Moves))
        {
            Tally.Count(operation);
            if (operation.Audience != FlipAudience.None) _changed.Add(operation.Segment);
        }
        foreach (var (key, passId) in _passes.Finished) _host.PassDone(Number, key, passId);
        _host.Committed(
            _turn.EventsApplied, _turn.DuplicatesIgnored, batch.Memberships.Count + batch.Moves.Count, _turn.Erased.Count, _turn.EventsForgotten);
        return true;
    }
}
