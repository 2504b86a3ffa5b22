using System.Globalization;
using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Partitions;

/// <summary>
/// Follows new break points in one partition: instead of all profiles, those are evaluated that lie between the points before and the new ones.
/// Only where everything had been evaluated with the points before; elsewhere an ordinary pass does it.
/// </summary>
/// <param name="duePerTurn">How many due times one turn brings forward for a plan that is not followed yet.</param>
internal sealed class Rescoring(PartitionStore store, PassCursors passes, ProfileCache cache, int duePerTurn)
{
    private readonly Queue<string> _profiles = [];
    private readonly Queue<(string PolicyKey, ScoreRange Range, long AfterMs)> _toBringForward = [];
    private readonly HashSet<string> _usedSince = [];
    private WorkspacePlan? _prepared;
    private IReadOnlyList<PointMove> _preparedMoves = [];
    private Affected _affected = Affected.Nothing;
    private int _atOnce;

    /// <summary>Whether a step is left: there is one even when no profile is concerned.</summary>
    public bool IsPending => !_affected.IsEmpty;

    /// <summary>Whether following a plan means to look for profiles that its new break points concern.</summary>
    public bool Concerns(WorkspacePlan plan) => passes.Moved(plan).Moves.Count > 0;

    /// <summary>
    /// Has some more of the profiles that pass one of the plan's new break points earlier be due earlier. Before the plan is followed that changes nothing: a
    /// due time may be early.
    /// </summary>
    /// <param name="plan">The new one.</param>
    /// <param name="epoch">The owner's.</param>
    /// <param name="atMs">Now.</param>
    /// <param name="batch">What the turn commits.</param>
    /// <returns>Whether that is all of them.</returns>
    /// <exception cref="FencedException">Another owner has taken over.</exception>
    public async Task<bool> PrepareAsync(WorkspacePlan plan, long epoch, long atMs, CommitBatch batch)
    {
        if (!ReferenceEquals(_prepared, plan)) Prepare(plan, atMs);
        for (var looked = 0; looked < duePerTurn && _toBringForward.TryDequeue(out var next);)
        {
            var page = await store.BringForwardAsync(epoch, next.PolicyKey, next.Range, next.AfterMs, duePerTurn);
            foreach (var (profileId, dueMs) in page) cache.BringForward(profileId, dueMs);
            if (page.Count > 0) batch.Want();
            looked += page.Count;
            if (page.Count < duePerTurn) continue;

            // From the last score on, for more may have it; after it when all that were found do.
            var last = (page[^1].DueMs - next.AfterMs).ToString(CultureInfo.InvariantCulture);
            _toBringForward.Enqueue(next with { Range = next.Range with { Least = page[0].DueMs == page[^1].DueMs ? "(" + last : last } });
        }
        return _toBringForward.Count == 0;
    }

    /// <summary>Notes the profiles that a turn has used by the plan before: their due times are those of its break points.</summary>
    public void Used(IReadOnlySet<CachedProfile> profiles)
    {
        if (_prepared is not null) _usedSince.UnionWith(profiles.Select(cached => cached.Profile.Id));
    }

    /// <summary>Finds the profiles that the plan's new break points concern, and has those that pass one earlier be due earlier.</summary>
    /// <inheritdoc cref="PrepareAsync" path="/param"/>
    /// <returns>Whether due times were changed.</returns>
    /// <exception cref="FencedException">Another owner has taken over.</exception>
    public async Task<bool> BeginAsync(WorkspacePlan plan, long epoch, long atMs, CommitBatch batch)
    {
        (_affected, var moves) = passes.Moved(plan);
        if (!ReferenceEquals(_prepared, plan) || !moves.SequenceEqual(_preparedMoves)) Prepare(plan, atMs);
        while (!await PrepareAsync(plan, epoch, atMs, batch))
        {
        }
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var move in moves)
        {
            foreach (var range in move.Between(atMs)) found.UnionWith(await store.ScoredBetweenAsync(move.PolicyKey, range));
        }
        _profiles.Clear();
        if (IsPending)
        {
            _atOnce = _usedSince.Count;
            foreach (var id in _usedSince.Concat(found.Except(_usedSince))) _profiles.Enqueue(id);
        }
        ForgetPrepared();
        return moves.Count > 0;
    }

    /// <summary>Forgets what was prepared for a plan that is not followed yet.</summary>
    public void ForgetPrepared()
    {
        _prepared = null;
        _preparedMoves = [];
        _toBringForward.Clear();
        _usedSince.Clear();
    }

    /// <summary>The next profiles, and what is to be evaluated of them.</summary>
    /// <param name="count">How many; at first all that have used since it was prepared, for whom no due time of the new break points is known.</param>
    public (IReadOnlyCollection<string> ProfileIds, Affected Affected) Next(int count)
    {
        var some = new List<string>();
        while (some.Count < Math.Max(count, _atOnce) && _profiles.TryDequeue(out var id)) some.Add(id);
        _atOnce = 0;
        return (some, _affected);
    }

    /// <summary>Says that the passes are done, when no profile is left.</summary>
    public void Finish(WorkspacePlan plan, CommitBatch batch)
    {
        if (_profiles.Count > 0) return;
        passes.Advance(plan, new PassStep("", null, _affected), cursor: null, batch);
        _affected = Affected.Nothing;
    }

    private void Prepare(WorkspacePlan plan, long atMs)
    {
        ForgetPrepared();
        _prepared = plan;
        _preparedMoves = passes.Moved(plan).Moves;
        foreach (var move in _preparedMoves)
        {
            foreach (var (range, afterMs) in move.Earlier(atMs)) _toBringForward.Enqueue((move.PolicyKey, range, afterMs));
        }
    }
}
