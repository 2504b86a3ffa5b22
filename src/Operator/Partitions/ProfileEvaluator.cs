using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Partitions;

/// <summary>Evaluates profiles against a plan and puts what changed into a batch. One per partition: it reuses one <see cref="Evaluation"/>.</summary>
internal sealed class ProfileEvaluator
{
    private static readonly long DayMs = (long)TimeSpan.FromDays(1).TotalMilliseconds;

    private readonly List<(TrackedSegment Segment, bool Enters)> _moves = [];
    private readonly Dictionary<string, int> _moved = [];
    private Evaluation _evaluation = new();
    private WorkspacePlan _plan = WorkspacePlan.Empty;

    /// <summary>By policy, how many profiles changed tier by passes since <see cref="ForgetMoved"/>.</summary>
    public IReadOnlyDictionary<string, int> Moved => _moved;

    public void ForgetMoved() => _moved.Clear();

    /// <summary>
    /// Evaluates every instant up to <paramref name="toMs"/> (inclusive) at which time alone may have changed something, each at that instant, so
    /// that joined-at and the order of flips do not depend on when the operator came to it.
    /// </summary>
    public void CatchUp(CachedProfile cached, long toMs, WorkspacePlan plan, CommitBatch batch, long nowMs)
    {
        while (cached.DueMs <= toMs)
        {
            var atMs = cached.DueMs;
            cached.DueMs = Verdict.Never;
            EvaluateAt(cached, atMs, plan, plan.ByTime, FlipCause.Time, batch, nowMs);
        }
    }

    /// <summary>Evaluates the given segments and policies at an instant. The due time can only become earlier by it.</summary>
    public void EvaluateAt(CachedProfile cached, long atMs, WorkspacePlan plan, Affected affected, FlipCause cause, CommitBatch batch, long nowMs)
    {
        if (!ReferenceEquals(_plan, plan))
        {
            _evaluation = new Evaluation(); // or it would keep the definitions of former plans alive
            _plan = plan;
        }
        _evaluation.Begin(cached.Profile, atMs);
        var next = cached.DueMs;
        foreach (var index in affected.Policies) next = Math.Min(next, Score(cached, atMs, plan, index, cause, batch));
        foreach (var index in affected.Segments)
        {
            var segment = plan.Segments[index];
            var verdict = _evaluation.Evaluate(segment.Definition);
            next = Math.Min(next, verdict.NextChangeMs);
            ref var known = ref cached.MembershipAt(plan, index);
            var now = verdict.Matches ? Membership.In : Membership.Out;
            if (known == now) continue;
            var isCertain = known != Membership.Unknown;
            known = now;
            var countsInFlow = cause is (FlipCause.Event or FlipCause.Time) && atMs > nowMs - DayMs;
            if (isCertain && segment is { ServingRevision: null, AsksOfItself: false } && !(segment.IsServing && segment.HasAudience))
                batch.Move(segment.Name, segment.Revision, cached.Profile.Id, verdict.Matches, atMs, segment.IsServing, countsInFlow);
            else
                Set(batch, segment, cached.Profile.Id, verdict.Matches, atMs, countsInFlow, cause);
            if (plan.IsWatched(index)) _moves.Add((segment, verdict.Matches));
        }
        cached.DueMs = Math.Min(next, Remember(cached.Profile, atMs, plan));
    }

    /// <summary>Takes the profile out of everything: of every segment, suspended ones too, and of every policy.</summary>
    /// <param name="cached">The profile.</param>
    /// <param name="atMs">When.</param>
    /// <param name="plan">What it may be in.</param>
    /// <param name="batch">Takes what is to be written.</param>
    /// <param name="nowMs">The present.</param>
    /// <param name="mergedInto">The profile that it counts for from now on; null when it is erased.</param>
    public static void Erase(CachedProfile cached, long atMs, WorkspacePlan plan, CommitBatch batch, long nowMs, string? mergedInto = null)
    {
        var id = cached.Profile.Id;
        var cause = mergedInto is null ? FlipCause.Erasure : FlipCause.Merge;
        batch.Flush();
        for (var index = 0; index < plan.Segments.Count; index++)
        {
            if (cached.MembershipAt(plan, index) == Membership.Out) continue;
            var segment = plan.Segments[index];
            batch.SetMembership(
                segment.Name, segment.Revision, id, isMember: false, atMs, segment.Tells, countsInFlow: atMs > nowMs - DayMs, cause, joinedAtFrom: null);
        }
        foreach (var policy in plan.Policies) batch.SetRfm(policy.Key, id, default);
        batch.EraseProfile(id, [.. plan.Segments.Where(s => s.RemembersEntering).Select(s => s.Name)], mergedInto);
    }

    private static void Set(CommitBatch batch, TrackedSegment segment, string profileId, bool isMember, long atMs, bool countsInFlow, FlipCause cause) =>
        batch.SetMembership(
            segment.Name, segment.Revision, profileId, isMember, atMs, segment.Tells, countsInFlow, cause, segment.ServingRevision, segment.RemembersEntering);

    // Only when all are answered: what is remembered of one must not change the answer of another at the same instant.
    private long Remember(Profile profile, long atMs, WorkspacePlan plan)
    {
        var next = Verdict.Never;
        foreach (var (segment, enters) in _moves)
        {
            if (profile.Record(segment.Name, enters, atMs) && plan.EnteringChangesItself(segment.Name)) next = atMs + 1;
            if (!enters && !segment.AsksOfItself) profile.Memberships?.Forget(segment.Name);
        }
        _moves.Clear();
        return next;
    }

    private long Score(CachedProfile cached, long atMs, WorkspacePlan plan, int index, FlipCause cause, CommitBatch batch)
    {
        var policy = plan.Policies[index];
        var score = _evaluation.Score(policy.Definition);
        ref var known = ref cached.ScoreAt(plan, index);
        var now = StoredScore.Of(score);
        if (known != now)
            batch.SetRfm(policy.Key, cached.Profile.Id, score, withSpent: policy.Definition.Monetary == RfmMonetary.Average);
        if (policy.IsServing && cached.Profile.RecordTier(policy.Name, score.Tier, atMs))
        {
            batch.SetTier(policy.Name, cached.Profile.Id, score.Tier, atMs);
            if (cause == FlipCause.Rescore) _moved[policy.Name] = _moved.GetValueOrDefault(policy.Name) + 1;
        }
        known = now;
        return score.NextChangeMs;
    }
}
