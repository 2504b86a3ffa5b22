using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Partitions;

/// <summary>What one turn of a partition applies to its profiles, collected into one batch.</summary>
internal sealed partial class PartitionTurn(ProfileCache cache, PassCursors passes, ForgottenEvents forgotten, int eventsPerName)
{
    private readonly ProfileEvaluator _evaluator = new();
    private readonly HashSet<CachedProfile> _touched = [];
    private readonly HashSet<string> _erased = [];
    private readonly List<(string ProfileId, long DueMs)> _dueTimes = [];
    private readonly List<CachedProfile> _toEvaluate = [];
    private WorkspacePlan _plan = WorkspacePlan.Empty;
    private long _nowMs;

    public CommitBatch Batch { get; } = new();

    /// <summary>
    /// The latest instant at which anything was evaluated; stored with the commit, so that a repeated turn uses the same. Entries accepted by a
    /// replica whose clock lags do not turn time back.
    /// </summary>
    public long ClockMs { get; private set; }

    public long EarliestDueMs { get; private set; }

    /// <summary>The profiles that this turn has used.</summary>
    public IReadOnlySet<CachedProfile> Touched => _touched;

    public int EventsApplied { get; private set; }

    public int DuplicatesIgnored { get; private set; }

    /// <summary>By policy, how many profiles changed tier by passes in this turn.</summary>
    public IReadOnlyDictionary<string, int> Moved => _evaluator.Moved;

    /// <summary>Events that are no longer kept, for their age or their number.</summary>
    public int EventsForgotten { get; private set; }

    /// <summary>The profiles that this turn has erased; later entries of the same turn may have made some of them anew.</summary>
    public IReadOnlySet<string> Erased => _erased;

    public void Begin(WorkspacePlan plan, long nowMs, long clockMs)
    {
        _plan = plan;
        _nowMs = nowMs;
        ClockMs = clockMs;
        EarliestDueMs = Verdict.Never;
        EventsApplied = 0;
        DuplicatesIgnored = 0;
        EventsForgotten = 0;
        _touched.Clear();
        _erased.Clear();
        _evaluator.ForgetMoved();
        passes.BeginTurn();
    }

    /// <summary>Applies log entries in order, each at the instant at which it was accepted.</summary>
    public async Task ApplyAsync(IReadOnlyList<LogEntry> entries)
    {
        await cache.EnsureAsync(
            entries.SelectMany(e => e.Events.Select(e => e.ProfileId))
                .Concat(entries.Select(e => e.Profile?.ProfileId ?? e.Erased ?? e.Merge?.ProfileId ?? e.Parted).OfType<string>()));
        foreach (var entry in entries)
        {
            ClockMs = Math.Max(ClockMs, entry.AcceptedAtMs);
            Apply(entry.Events, entry.AcceptedAtMs, ClockMs);
            if (entry.Profile is { } change && !SendsOn(change, entry)) Apply(change, entry.AcceptedAtMs, ClockMs);
            if (entry.Erased is { } profileId) Erase(profileId, entry, ClockMs);
            if (entry.Merge is { } merge) Merge(merge, entry.AcceptedAtMs, ClockMs);
            if (entry.Parted is { } merged) Part(merged, entry.Path);
        }
    }

    /// <summary>Evaluates the due instants of the given profiles up to an instant (inclusive).</summary>
    public async Task CatchUpAsync(IReadOnlyCollection<string> profileIds, long toMs)
    {
        if (profileIds.Count == 0) return;
        await cache.EnsureAsync(profileIds);
        ClockMs = Math.Max(ClockMs, toMs);
        foreach (var id in profileIds) _evaluator.CatchUp(Touch(id), toMs, _plan, Batch, _nowMs);
    }

    /// <summary>Evaluates some segments and policies of the given profiles at an instant, as a pass does.</summary>
    public async Task EvaluateAsync(IReadOnlyCollection<string> profileIds, Affected affected, long atMs)
    {
        await CatchUpAsync(profileIds, atMs);
        foreach (var id in profileIds)
        {
            // One that this turn has erased is still in the store.
            if (Touch(id) is { Exists: true } cached) _evaluator.EvaluateAt(cached, ClockMs, _plan, affected, FlipCause.Rescore, Batch, _nowMs);
        }
    }

    /// <summary>Lets the given profiles forget the events that are too old at an instant. Nothing that is evaluated from then on needs them.</summary>
    public async Task ForgetAsync(IReadOnlyCollection<string> profileIds, long atMs)
    {
        await CatchUpAsync(profileIds, atMs);
        foreach (var id in profileIds)
        {
            if (Touch(id) is { Exists: true } cached) Write(cached.Profile, cached.Profile.Forget(_plan.KeepMs, ClockMs));
        }
    }

    /// <summary>Writes one due time per touched profile.</summary>
    public void WriteDueTimes()
    {
        _dueTimes.Clear();
        foreach (var cached in _touched)
        {
            if (cached.DueMs == cached.StoredDueMs) continue;
            _dueTimes.Add((cached.Profile.Id, cached.DueMs));
            cached.StoredDueMs = cached.DueMs;
            EarliestDueMs = Math.Min(EarliestDueMs, cached.DueMs);
        }
        Batch.SetDue(_dueTimes);
    }

    // All that a profile did is known of it before it is evaluated, once.
    private void Apply(IReadOnlyList<CustomerEvent> events, long acceptedAtMs, long atMs)
    {
        _toEvaluate.Clear();
        List<CustomerEvent>? ofMerged = null;
        foreach (var e in events)
        {
            var cached = Touch(e.ProfileId);
            if (cached.MergedInto is not null)
            {
                (ofMerged ??= []).Add(e);
                continue;
            }
            if (cached.Affected is null)
            {
                _toEvaluate.Add(cached);
                cached.Affected = Affected.Nothing;
                _evaluator.CatchUp(cached, atMs, _plan, Batch, _nowMs);
            }
            Add(cached, e);
        }
        foreach (var cached in _toEvaluate)
        {
            var affected = FirstTime(cached) ? _plan.Everything : cached.Affected!;
            cached.Affected = null;
            ForgetExcess(cached.Profile);
            _evaluator.EvaluateAt(cached, atMs, _plan, affected, FlipCause.Event, Batch, _nowMs);
        }
        if (ofMerged is not null) SendOn(ofMerged, acceptedAtMs);
    }

    private void Add(CachedProfile cached, CustomerEvent e)
    {
        var isNewName = cached.Profile.History(e.Name) is null;
        if (!cached.Profile.Add(e))
        {
            DuplicatesIgnored++;
            return;
        }
        EventsApplied++;
        Batch.AddOccurrence(e);
        cached.Affected = Join(cached.Affected!, _plan.ByEvent(e.Name));
        if (e.Refunds is { } id && cached.Profile.Find(id) is { } refunded) cached.Affected = Join(cached.Affected, _plan.ByEvent(refunded.Name));
        if (isNewName) WriteNames(cached.Profile);
    }

    // Some more than allowed, so that not every further event moves all of them.
    private void ForgetExcess(Profile profile)
    {
        if (profile.Count <= eventsPerName) return;
        foreach (var name in profile.EventNames.ToArray())
        {
            if (profile.History(name)!.Count <= eventsPerName + (eventsPerName / 10)) continue;
            if (profile.ForgetAllBut(name, eventsPerName) is not { } excess) continue;
            Batch.ForgetOccurrences(profile.Id, excess);
            EventsForgotten += excess.Count;
        }
    }

    private void Write(Profile profile, IReadOnlyList<Forgotten> all)
    {
        foreach (var one in all)
        {
            Batch.ForgetOccurrences(profile.Id, one);
            forgotten.Note(one, Batch);
            EventsForgotten += one.Count;
        }
        if (all.Any(one => profile.History(one.Name) is null)) WriteNames(profile);
    }

    private void WriteNames(Profile profile) =>
        Batch.SetProfileField(profile.Id, "names", string.Join('\n', profile.EventNames.Select(Keys.EscapeEventName)));

    // The history has the instant at which the change was accepted, which the log alone tells; the evaluation's may be later.
    private void Apply(ProfileChange change, long acceptedAtMs, long atMs)
    {
        var cached = Touch(change.ProfileId);
        _evaluator.CatchUp(cached, atMs, _plan, Batch, _nowMs);
        var historyChanged = change.ApplyTo(cached.Profile, acceptedAtMs);
        if (change.Merged is { } merged) NoteMerged(cached, merged);
        Batch.SetProfileField(change.ProfileId, "props", OccurrenceCodec.EncodeProperties(cached.Profile.Properties));
        if (historyChanged && cached.Profile.PropertyHistory is { } history)
            Batch.SetProfileField(change.ProfileId, "changes", ProfileCodec.EncodeHistory(history));
        _evaluator.EvaluateAt(cached, atMs, _plan, FirstTime(cached) ? _plan.Everything : _plan.ByProperty, FlipCause.Event, Batch, _nowMs);
    }

    // What it flipped by time alone before is told first, as if it had gone on.
    private void Erase(string profileId, LogEntry entry, long atMs)
    {
        var cached = Touch(profileId);
        if (SendsErasureOn(cached, entry) || !cached.Exists) return;
        _evaluator.CatchUp(cached, atMs, _plan, Batch, _nowMs);
        ProfileEvaluator.Erase(cached, atMs, _plan, Batch, _nowMs);
        Renew(cached);
        _erased.Add(profileId);
    }

    private CachedProfile Renew(CachedProfile cached)
    {
        var renewed = cache.Renew(cached.Profile.Id);
        _touched.Remove(cached);
        _touched.Add(renewed);
        return renewed;
    }

    // A profile that never was may match by having done nothing, so its first event concerns every segment.
    private bool FirstTime(CachedProfile cached)
    {
        if (cached.Exists) return false;
        cached.Exists = true;
        Batch.AddProfile(cached.Profile.Id);
        return true;
    }

    private CachedProfile Touch(string profileId)
    {
        var cached = cache.Get(profileId);
        _touched.Add(cached);
        return cached;
    }

    private static Affected Join(Affected all, Affected more) =>
        ReferenceEquals(all, more) || more.IsEmpty ? all : all.IsEmpty ? more : all.Union(more);
}
