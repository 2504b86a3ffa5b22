namespace Segmentation.Operator.Tests.Partitions;

/// <summary>
/// The exact moves of one segment while its definition stands: each entry takes effect at its acceptance, after every flip by time up to then
/// (inclusive); what happens between turns depends on nothing else.
/// </summary>
internal sealed class FlipOracle(SegmentDefinition definition)
{
    private readonly Dictionary<string, (Profile Profile, bool IsMember, long AtMs)> _states = [];
    private readonly List<Flip> _flips = [];

    /// <returns>The moves of each profile in order.</returns>
    public ILookup<string, Flip> Run(DataPlane plane) => Run(plane.Acknowledged, plane.Clock.NowMs);

    /// <param name="acknowledged">In the order in which they take effect.</param>
    /// <param name="nowMs">Up to when time is followed, inclusive.</param>
    public ILookup<string, Flip> Run(IEnumerable<Acknowledged> acknowledged, long nowMs)
    {
        foreach (var entry in acknowledged)
        {
            var (acceptedAtMs, events, change, erased) = entry;
            var atMs = entry.TakesEffectMs;
            foreach (var group in events.GroupBy(e => e.ProfileId))
                Apply(group.Key, atMs, profile => AddAll(profile, group));
            if (change is not null) Apply(change.ProfileId, atMs, profile => Oracle.Change(profile, change, acceptedAtMs));
            if (erased is not null && _states.ContainsKey(erased)) Erase(erased, atMs, entry.ErasedBy);
        }
        foreach (var id in _states.Keys.ToArray()) AdvanceTo(id, nowMs);
        return _flips.ToLookup(f => f.Profile);
    }

    private static void AddAll(Profile profile, IEnumerable<CustomerEvent> events)
    {
        foreach (var e in events) profile.Add(e);
    }

    private void Apply(string id, long atMs, Action<Profile> change)
    {
        if (_states.ContainsKey(id)) AdvanceTo(id, atMs);
        else _states[id] = (new Profile(id), false, atMs);
        change(_states[id].Profile);
        Note(id, atMs, "event");
    }

    private void Erase(string id, long atMs, string cause)
    {
        AdvanceTo(id, atMs);
        if (_states.Remove(id, out var state) && state.IsMember) _flips.Add(new Flip(id, false, atMs, cause));
    }

    private void AdvanceTo(string id, long toMs)
    {
        var (profile, _, atMs) = _states[id];
        while (Oracle.FlipAfter(profile, definition, atMs) is { } flipMs && flipMs <= toMs)
        {
            Note(id, flipMs, "time");
            atMs = flipMs;
        }
        _states[id] = _states[id] with { AtMs = toMs };
    }

    private void Note(string id, long atMs, string cause)
    {
        var (profile, was, _) = _states[id];
        var matches = Oracle.Evaluate(profile, definition, atMs).Matches;
        _states[id] = (profile, matches, atMs);
        if (matches != was) _flips.Add(new Flip(id, matches, atMs, cause));
    }
}
