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
    // What takes less than a millisecond, so that a few memberships that end are not later for events that arrive.
    private const int DueBesideEvents = 16;

    private readonly PartitionStore _store;
    private readonly EventLog _log;
    private readonly IPartitionHost _host;
    private readonly DataPlaneOptions _options;
    private readonly ProfileCache _cache;
    private readonly PartitionTurn _turn;
    private readonly PartitionClaim _claim;
    private readonly PassCursors _passes = new();
    private readonly ForgottenEvents _forgotten = new();
    private readonly PlanAdoption _adoption;
    private readonly Rescoring _rescoring;
    private readonly RescoreCounts _rescored = new();
    private readonly RetentionWalk _retention;
    private readonly Forwarding _forwarding;
    private readonly HashSet<string> _changed = [];
    private volatile OwnerState? _state;
    private WorkspacePlan _plan = WorkspacePlan.Empty;
    private volatile WorkspacePlan? _committedPlan;
    private long _nextDueMs;
    private long _nextExpiryMs;
    private int _entriesToRead;
    private int _dueToRead = DueBesideEvents;
    private bool _tiersDropped;
    private volatile bool _logMayHaveMore;

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
        Inbox = new Inbox(options.EventsPerTurn);
        _cache = new ProfileCache(_store, budget);
        _turn = new PartitionTurn(_cache, _passes, _forgotten, options.EventsPerName);
        _adoption = new PlanAdoption(_store, _passes, Tally);
        _rescoring = new Rescoring(_store, _passes, _cache, options.DuePerTurn);
        _retention = new RetentionWalk(_store, _turn, options.BackfillPerTurn, retentionInterval);
        _forwarding = new Forwarding(new ForwardStream(redis, workspace, number), host);
        _claim = new PartitionClaim(host.Replicas, host.Time);
    }

    public string Workspace { get; }

    public int Number { get; }

    public SegmentTally Tally { get; } = new();

    /// <summary>Takes events to the turns without the log, while this replica owns the partition and the log is not behind.</summary>
    public Inbox Inbox { get; }

    /// <summary>By event name the time before which, exclusive, in milliseconds since the Unix epoch, events may have been forgotten.</summary>
    public IReadOnlyDictionary<string, long> ForgottenBeforeMs => _forgotten.BeforeMs;

    /// <summary>
    /// The version of the plan by which a turn was last committed here, so that nothing is left of what that no longer has, whoever owns the partition now;
    /// -1 before the first.
    /// </summary>
    public long FollowedVersion => _committedPlan?.Version ?? -1;

    /// <summary>Whether this replica owns the partition, as far as it knows: <see cref="Tally"/> counts.</summary>
    public bool IsOwned { get; private set; }

    /// <summary>
    /// When to look again although nobody tells: the partition is this replica's share and may not be taken over yet, or what it has for others could not be
    /// sent. Null when not.
    /// </summary>
    public TimeSpan? LookAgainIn { get; private set; }

    /// <summary>The earliest instant at which time alone asks for a turn.</summary>
    public long NextDueMs => _state is null ? Verdict.Never : _nextDueMs;

    /// <summary>Notes that the log has grown: the next turn for events reads it. A partition that is shared with nobody spares itself to look otherwise.</summary>
    public void LogGrew() => _logMayHaveMore = true;

    /// <summary>
    /// Whether a turn now would find something to do, as far as one look at the store tells. Cheaper than a turn, and from any thread.
    /// </summary>
    public async Task<bool> HasWorkAsync()
    {
        if (!_host.Owns(Number)) return _state is not null;
        if (_state is not { } state || !ReferenceEquals(_plan, _host.Plan) || _host.NowMs >= Volatile.Read(ref _nextExpiryMs) || _retention.IsDue(_plan, _host.NowMs)) return true;
        try
        {
            var (isThere, hasToSend) = await _store.LookAsync(state);
            if (hasToSend) _forwarding.Look(); // sent, perhaps, but Redis has lost that, which no sequence number tells
            return (!isThere || hasToSend) && ReferenceEquals(_state, state);
        }
        catch (Exception e) when (e is StoreUnavailableException or RedisException)
        {
            return true; // the turn will say so, and try again
        }
    }

    /// <summary>Does one bounded piece of work.</summary>
    /// <param name="eventsFirst">
    /// What is new in the log and the inbox, and no more of what may take longer than a few due times, by the plan that the turn before followed if a new
    /// one takes long to follow: the rest is left for another turn, without which a wave of flips, a backfill, new break points or a revision of many members
    /// that begins to serve would hold up events. A turn that takes the partition over or follows a new plan does everything all the same.
    /// </param>
    /// <returns>
    /// True when there is more to do at once; false, with nothing done, while the workspace has no plan, and when the partition is another replica's share or
    /// may not be taken over yet.
    /// </returns>
    /// <exception cref="FencedException">Another owner has taken over; <see cref="Release"/> has been done.</exception>
    /// <exception cref="StoreUnavailableException">Nothing is known of the last commit; the next turn takes the partition over anew.</exception>
    public async Task<bool> TakeTurnAsync(bool eventsFirst = false)
    {
        // An event applied before it is known what to evaluate would be evaluated for nothing, and never again.
        LookAgainIn = null;
        if (_host.Plan is not { } plan || !_host.Owns(Number))
        {
            await GiveUpAsync();
            return false;
        }
        using var span = Tracing.StartTurn(Workspace, Number);
        try
        {
            if ((_state ?? await TakeOverAsync(plan)) is not { } state)
            {
                span?.Forget();
                return false;
            }
            var nowMs = _host.NowMs;
            var planLeft = !ReferenceEquals(plan, _plan) && !ReferenceEquals(_plan, WorkspacePlan.Empty) && await GoesOnAsBeforeAsync(plan, state, eventsFirst);
            if (planLeft) plan = _plan;
            _turn.Begin(plan, nowMs, state.ClockMs);
            var adopts = !ReferenceEquals(plan, _plan);
            if (adopts) await AdoptAsync(plan, state, Math.Max(nowMs, state.ClockMs));
            var all = !eventsFirst || adopts;

            var (entries, logLeft) = all || _logMayHaveMore || _host.Replicas.Current.Count > 1 ? await ApplyLogAsync(state) : ([], false);
            var inboxLeft = await ApplyInboxAsync(nowMs, logLeft);

            // Time runs only as far as the log has been applied: an accepted order must not find its profile already lapsed.
            var untilMs = logLeft ? _turn.ClockMs : Math.Max(nowMs, _turn.ClockMs);
            var dueLeft = await ApplyDueAsync(untilMs, all ? _options.DuePerTurn : Math.Min(DueBesideEvents, _options.DuePerTurn));
            var passLeft = all && await ApplyPassAsync(plan, untilMs);
            var oldLeft = all && await _retention.StepAsync(plan, untilMs);
            _passes.StepOff(_turn.Erased, _turn.Batch);
            ExpireFlow(nowMs);
            if (await CommitAsync(state, entries.Count > 0 ? entries[^1].Id : state.Offset))
                span?.SetTag("segmentation.events", _turn.EventsApplied).SetTag("segmentation.membership_operations", _turn.Batch.Memberships.Count + _turn.Batch.Moves.Count);
            else
                span?.Forget();

            _committedPlan = plan;
            Inbox.Committed();

            // Only now is the data gone for certain: told earlier, a segment that comes back could find remains of the former one.
            if (adopts) _host.Followed(Number, plan);
            foreach (var segment in _changed) _host.MembershipChanged(Number, segment);
            _changed.Clear();
            _rescoring.Used(_turn.Touched);
            _cache.Trim(_turn.Touched);
            if (_tiersDropped) _cache.Clear(); // or profiles in memory would still be in a tier of a policy that is gone
            _tiersDropped = false;
            var toSendLeft = await _forwarding.StepAsync();
            LookAgainIn = _forwarding.RetryIn;
            return logLeft || inboxLeft || toSendLeft || (all && (dueLeft || passLeft || oldLeft || planLeft)); // due times that are left come back by their timer
        }
        catch (Exception e)
        {
            span?.Failed(e.GetType().Name);
            Release();
            if (e is FencedException) Yield();
            throw;
        }
        finally
        {
            _turn.Batch.Clear(); // or it would keep alive until the next turn, for collections to copy, what is written by now
        }
    }

    /// <summary>Forgets everything; the next turn takes the partition over with a new epoch.</summary>
    public void Release()
    {
        Inbox.Close();
        _state = null;
        _plan = WorkspacePlan.Empty;
        _tiersDropped = false;
        _retention.Restart();
        _rescoring.ForgetPrepared();
        _forwarding.Look();
        _cache.Clear();
        _changed.Clear();
    }

    // The turn before this one has ended: whoever takes the partition over finds all of it committed.
    private async Task GiveUpAsync()
    {
        if (_state is { } state) await _store.ReleaseAsync(state.Epoch);
        Release();
        if (!IsOwned) return;
        IsOwned = false;
        _host.GivenUp(Number);
    }

    private void Yield()
    {
        IsOwned = false;
        _claim.Fenced();
        _host.Fenced(Number);
    }

    /// <returns>Null when that must wait.</returns>
    private async Task<OwnerState?> TakeOverAsync(WorkspacePlan plan)
    {
        var owner = await _store.OwnerAsync();
        LookAgainIn = _claim.WaitFor(owner);
        if (LookAgainIn > TimeSpan.Zero) return null;
        LookAgainIn = PartitionClaim.Soon;
        if (await _store.AcquireAsync(_host.Replicas.Self, owner) is not { } state) return null;

        // The owner before may have followed a newer plan: what that dropped or put into force must not be undone.
        if (!await _host.IsNewestAsync(plan)) return null;
        LookAgainIn = null;
        _claim.Taken();
        _passes.Load(state.Passes);
        _rescored.Load(state.Rescored);
        _forgotten.Load(state.Forgotten);
        var members = await Task.WhenAll(state.Passes.Keys.Select(CountAsync));
        Tally.Load(members.OfType<(string, string, long)>(), await _store.ReadFlowAsync());
        IsOwned = true;
        _host.TakenOver(Number);
        foreach (var (key, passId) in _passes.Done) _host.PassDone(Number, key, passId);
        _nextDueMs = _host.NowMs;
        return _state = state;
    }

    private async Task<(string Segment, string Revision, long Members)?> CountAsync(string passKey) =>
        PassKeys.TryParse(passKey, out var isSegment, out var name, out var revision) && isSegment
            ? (name, revision, await _store.CountMembersAsync(name, revision))
            : null;

    // What takes long is not done in turns for events, and in others as much at a time as can be.
    private async Task<bool> GoesOnAsBeforeAsync(WorkspacePlan plan, OwnerState state, bool eventsFirst) => eventsFirst
        ? _adoption.TakesLong(plan, state) || _rescoring.Concerns(plan)
        : !await _rescoring.PrepareAsync(plan, state.Epoch, Math.Max(_host.NowMs, state.ClockMs), _turn.Batch);

    private async Task AdoptAsync(WorkspacePlan plan, OwnerState state, long atMs)
    {
        var adopted = await _adoption.AdoptAsync(plan, state, atMs, _turn.Batch, _changed);
        _state = adopted.State;
        _tiersDropped |= adopted.TiersDropped;
        if (adopted.MembersAreDue) _nextDueMs = Math.Min(_nextDueMs, atMs + 1);
        _rescored.Keep(plan, _turn.Batch);
        if (!plan.GoesOnFrom(_plan)) _cache.ForgetStored();
        _cache.Watch(plan.Watched);
        if (await _rescoring.BeginAsync(plan, state.Epoch, atMs, _turn.Batch)) _nextDueMs = Math.Min(_nextDueMs, atMs);
        _plan = plan;
    }

    private async Task<(IReadOnlyList<LogEntry> Applied, bool IsLeft)> ApplyLogAsync(OwnerState state)
    {
        _logMayHaveMore = false;
        var count = _entriesToRead;
        var entries = await _log.ReadAsync(_store.Prefix, state.Offset, count);
        var fitting = 0;
        for (var events = 0; fitting < entries.Count && (fitting == 0 || events + entries[fitting].Events.Count <= _options.EventsPerTurn); fitting++)
            events += entries[fitting].Events.Count;

        // What does not fit is read again, so the next read brings about as much as a turn applies.
        _entriesToRead = fitting < entries.Count ? fitting : Math.Min(_options.EntriesPerTurn, Math.Max(1, count) * 2);
        IReadOnlyList<LogEntry> applied = [.. entries.Take(fitting)];
        if (applied.Count > 0) await _turn.ApplyAsync(applied);
        var isLeft = fitting < entries.Count || entries.Count == count;
        if (isLeft) _logMayHaveMore = true;
        return (applied, isLeft);
    }

    /// <returns>Whether some are left for the next turn.</returns>
    private async Task<bool> ApplyInboxAsync(long beganMs, bool logLeft)
    {
        // What is in the log was accepted before.
        if (logLeft)
        {
            Inbox.Close();
            return false;
        }
        Inbox.Open();
        var (events, isLeft) = Inbox.Take(_options.EventsPerTurn);

        // Some may have happened after the turn began: at that instant they would still be in the future. A clock may have been put back since.
        if (events.Count > 0) await _turn.ApplyAsync([new LogEntry("", Math.Max(beganMs, _host.NowMs), events, null)]);
        return isLeft;
    }

    private async Task<bool> ApplyDueAsync(long untilMs, int most)
    {
        if (untilMs < _nextDueMs) return false;
        var count = Math.Min(most, _dueToRead);
        var earliest = await _store.EarliestDueAsync(count);
        var due = earliest.Where(e => e.DueMs <= untilMs).Select(e => e.ProfileId).ToArray();
        await _turn.CatchUpAsync(due, untilMs);
        _nextDueMs = due.Length < earliest.Count ? earliest[due.Length].DueMs
            : earliest.Count == count ? untilMs
            : Verdict.Never;

        // Most turns find one or a few; those that find a wave are followed by larger ones.
        _dueToRead = due.Length < count ? DueBesideEvents : Math.Max(_dueToRead, Math.Min(_options.DuePerTurn, count * 8));
        return _nextDueMs <= untilMs;
    }

    private async Task<bool> ApplyPassAsync(WorkspacePlan plan, long atMs)
    {
        if (_rescoring.IsPending)
        {
            var (some, affected) = _rescoring.Next(_options.BackfillPerTurn);
            await _turn.EvaluateAsync(some, affected, atMs);
            _rescored.Add(plan, affected, some.Count, _turn.Moved, _turn.Batch);
            _rescoring.Finish(plan, _turn.Batch);
            return true;
        }
        if (_passes.Next(plan) is not { } step) return false;
        var profiles = await _store.ProfilesAfterAsync(step.From, step.Until, _options.BackfillPerTurn);
        await _turn.EvaluateAsync(profiles, step.Affected, atMs);
        _rescored.Add(plan, step.Affected, profiles.Length, _turn.Moved, _turn.Batch);
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
            if (_turn.DuplicatesIgnored > 0) _host.Committed(0, _turn.DuplicatesIgnored, 0, 0, 0);
            return false;
        }

        var changed = await _store.CommitAsync(batch, state.Epoch, state.Sequence, state.Offset, newOffset, _turn.ClockMs);
        if (batch.Forwards) _forwarding.Look();
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
