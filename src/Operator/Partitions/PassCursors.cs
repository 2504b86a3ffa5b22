using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Partitions;

/// <summary>
/// How far the passes over one partition's profiles have got. Several passes share the way: each step takes those that are furthest behind, and
/// they go on together once they have caught up.
/// </summary>
internal sealed class PassCursors
{
    private readonly Dictionary<string, (string PassId, string? Cursor)> _passes = [];
    private readonly List<(string Key, string PassId)> _finished = [];

    /// <summary>Passes that finished in this turn.</summary>
    public IReadOnlyList<(string Key, string PassId)> Finished => _finished;

    public IEnumerable<(string Key, string PassId)> Done => _passes.Where(p => p.Value.Cursor is null).Select(p => (p.Key, p.Value.PassId));

    public void BeginTurn() => _finished.Clear();

    /// <summary>Starts from what the owner hash holds.</summary>
    public void Load(IReadOnlyDictionary<string, string> fields)
    {
        _passes.Clear();
        foreach (var (key, text) in fields)
        {
            var separator = text.IndexOf('\n', StringComparison.Ordinal);
            _passes[key] = separator < 0 ? (text, null) : (text[..separator], text[(separator + 1)..]);
        }
    }

    public IEnumerable<string> Keys => _passes.Keys;

    /// <summary>The passes furthest behind, where they stand, and the next standing of others (where they will have caught up).</summary>
    public PassStep? Next(WorkspacePlan plan)
    {
        var pending = new List<(string Cursor, bool IsSegment, int Index)>();
        for (var i = 0; i < plan.Segments.Count; i++)
        {
            var segment = plan.Segments[i];
            if (!segment.IsFrozen && MoveOf(segment.PassKey, segment.Moves) is null && CursorOf(segment.PassKey, segment.PassId) is { } cursor)
                pending.Add((cursor, true, i));
        }
        for (var i = 0; i < plan.Policies.Count; i++)
        {
            var policy = plan.Policies[i];
            if (MoveOf(policy.PassKey, policy.Moves) is null && CursorOf(policy.PassKey, policy.PassId) is { } cursor) pending.Add((cursor, false, i));
        }
        if (pending.Count == 0) return null;

        var from = pending.Select(p => p.Cursor).Min(StringComparer.Ordinal)!;
        var behind = pending.Where(p => p.Cursor == from).ToArray();
        var until = pending.Where(p => p.Cursor != from).Select(p => p.Cursor).Min(StringComparer.Ordinal);
        return new PassStep(
            from, until, new Affected([.. behind.Where(p => p.IsSegment).Select(p => p.Index)], [.. behind.Where(p => !p.IsSegment).Select(p => p.Index)]));
    }

    /// <summary>The passes that were done with former break points and nothing but those has changed since; and how they have moved.</summary>
    public (Affected Affected, IReadOnlyList<PointMove> Moves) Moved(WorkspacePlan plan)
    {
        var segments = Enumerable.Range(0, plan.Segments.Count).Where(i => !plan.Segments[i].IsFrozen)
            .Select(i => (Index: i, Move: MoveOf(plan.Segments[i].PassKey, plan.Segments[i].Moves))).Where(s => s.Move is not null).ToArray();
        var policies = Enumerable.Range(0, plan.Policies.Count)
            .Select(i => (Index: i, Move: MoveOf(plan.Policies[i].PassKey, plan.Policies[i].Moves))).Where(p => p.Move is not null).ToArray();
        return (
            new Affected([.. segments.Select(s => s.Index)], [.. policies.Select(p => p.Index)]),
            [.. segments.Concat(policies).Select(pass => pass.Move!).DistinctBy(move => move.PolicyKey)]);
    }

    // Nobody can be found by a policy's values where they were removed with it, or are being gathered anew.
    private PointMove? MoveOf(string key, IReadOnlyDictionary<string, PointMove> moves) =>
        moves.Count > 0 && IsDone(key, out var passId) && moves.GetValueOrDefault(passId) is { } move && IsDone(PassKeys.Policy(move.PolicyKey), out _) ? move : null;

    private bool IsDone(string key, out string passId)
    {
        var isKnown = _passes.TryGetValue(key, out var pass);
        passId = pass.PassId;
        return isKnown && pass.Cursor is null;
    }

    /// <summary>Notes the passes that are new before their first step: from now on there is data of them, which is counted, and removed when they are gone.</summary>
    public void Begin(WorkspacePlan plan, CommitBatch batch)
    {
        foreach (var (key, passId) in plan.Passes)
        {
            if (!_passes.ContainsKey(key)) Set(key, passId, "", batch);
        }
    }

    /// <param name="cursor">The last profile done, or null when there are no more.</param>
    public void Advance(WorkspacePlan plan, PassStep step, string? cursor, CommitBatch batch)
    {
        foreach (var index in step.Affected.Segments) Set(plan.Segments[index].PassKey, plan.Segments[index].PassId, cursor, batch);
        foreach (var index in step.Affected.Policies) Set(plan.Policies[index].PassKey, plan.Policies[index].PassId, cursor, batch);
    }

    public void Remove(string key, CommitBatch batch)
    {
        _passes.Remove(key);
        batch.SetOwnerField(OwnerState.PassPrefix + key, null);
    }

    /// <summary>Begins those passes anew that stand at one of the given profiles: their ids must not be kept.</summary>
    public void StepOff(IReadOnlySet<string> profileIds, CommitBatch batch)
    {
        foreach (var (key, (passId, cursor)) in _passes.ToArray())
        {
            if (cursor is not null && profileIds.Contains(cursor)) Set(key, passId, "", batch);
        }
    }

    private string? CursorOf(string key, string passId) =>
        !_passes.TryGetValue(key, out var pass) || pass.PassId != passId ? "" : pass.Cursor;

    private void Set(string key, string passId, string? cursor, CommitBatch batch)
    {
        _passes[key] = (passId, cursor);
        if (cursor is null) _finished.Add((key, passId));
        batch.SetOwnerField(OwnerState.PassPrefix + key, cursor is null ? passId : passId + "\n" + cursor);
    }
}

/// <summary>A stretch of profiles, after <paramref name="From"/> (exclusive) up to <paramref name="Until"/> (inclusive; null: to the end), for some passes.</summary>
internal sealed record PassStep(string From, string? Until, Affected Affected);
