using Segmentation.Operator.Storage;
using Segmentation.Resources;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>
/// The exact moves of all segments of a workspace while its definitions stand, where rules ask of the past: each profile is taken from instant to
/// instant, all segments and tiers are worked out anew at each, and only then is noted what has changed.
/// </summary>
internal sealed class HistoryOracle(WorkspaceDefinition workspace)
{
    private readonly Dictionary<string, (Profile Profile, long DueMs)> _states = [];

    /// <summary>The moves of each profile in each segment, in order.</summary>
    public List<(string Segment, Flip Flip)> Flips { get; } = [];

    /// <summary>The profiles with what is known of their past at the end.</summary>
    public IReadOnlyDictionary<string, Profile> Profiles => _states.ToDictionary(s => s.Key, s => s.Value.Profile);

    public HistoryOracle Run(DataPlane plane)
    {
        foreach (var entry in plane.Acknowledged)
        {
            var (acceptedAtMs, events, change, erased) = entry;
            var atMs = entry.TakesEffectMs;
            foreach (var group in events.GroupBy(e => e.ProfileId)) Apply(group.Key, atMs, profile => AddAll(profile, group));
            if (change is not null) Apply(change.ProfileId, atMs, profile => Change(profile, change, acceptedAtMs));
            if (erased is not null && _states.ContainsKey(erased)) Erase(erased, atMs);
        }
        foreach (var id in _states.Keys.ToArray()) AdvanceTo(id, plane.Clock.NowMs);
        return this;
    }

    // What an entry does is asked of the rules that it concerns. Those that ask of what they did themselves at this very instant see that in the next one.
    private static Func<RuleDependencies, bool> AddAll(Profile profile, IEnumerable<CustomerEvent> events)
    {
        var names = events.Where(profile.Add).SelectMany(e => new[] { e.Name, e.Refunds is { } id ? profile.Find(id)?.Name : null }).OfType<string>().ToHashSet();
        return rule => rule.EventNames.Any(names.Contains);
    }

    private static Func<RuleDependencies, bool> Change(Profile profile, ProfileChange change, long acceptedAtMs)
    {
        Oracle.Change(profile, change, acceptedAtMs);
        return rule => rule.ReadsProfileProperties;
    }

    private void Apply(string id, long atMs, Func<Profile, Func<RuleDependencies, bool>> change)
    {
        var isNew = !_states.ContainsKey(id);
        if (isNew) _states[id] = (new Profile(id) { Memberships = new(), Tiers = new() }, Verdict.Never);
        AdvanceTo(id, atMs);
        var concerns = change(_states[id].Profile);
        Note(id, atMs, "event", isNew ? null : concerns);
    }

    private void Erase(string id, long atMs)
    {
        AdvanceTo(id, atMs);
        _states.Remove(id, out var state);
        var left = state.Profile.Memberships!.Stays.Where(s => s.Value.IsMember).Select(s => s.Key);
        Flips.AddRange(left.Select(name => (name, new Flip(id, false, atMs, "erasure"))));
    }

    private void AdvanceTo(string id, long toMs)
    {
        while (_states[id].DueMs is var dueMs && dueMs <= toMs) Note(id, dueMs, "time");
    }

    private void Note(string id, long atMs, string cause, Func<RuleDependencies, bool>? concerns = null)
    {
        var profile = _states[id].Profile;
        var verdicts = workspace.ValidSegments.ToDictionary(s => s.Name, s => Oracle.Evaluate(profile, s.Definition!, atMs));
        var scores = workspace.Policies.ToDictionary(p => p.Key, p => Score(profile, p.Value.Definition!, atMs));
        var enters = false;
        foreach (var (name, verdict) in verdicts)
        {
            if (verdict.Matches == profile.Memberships!.JoinedAtMs(name) is not null) continue;
            if (concerns is not null && !concerns(workspace.Segments[name].Definition!.Dependencies)) continue;
            Flips.Add((name, new Flip(id, verdict.Matches, atMs, cause)));
            enters |= verdict.Matches;
            if (verdict.Matches) profile.Memberships.Enter(name, atMs);
            else profile.Memberships.Leave(name);
        }
        foreach (var (name, score) in scores) profile.Tiers!.Enter(name, score.Tier, atMs);

        // Whoever entered is looked at in the next millisecond again, whether or not a rule asks of it.
        var next = verdicts.Values.Select(v => v.NextChangeMs).Concat(scores.Values.Select(s => s.NextChangeMs)).Min();
        if (enters) next = Math.Min(next, atMs + 1);
        if (_states[id].DueMs > atMs) next = Math.Min(next, _states[id].DueMs);
        _states[id] = (profile, next);
    }

    private static RfmScore Score(Profile profile, RfmPolicyDefinition policy, long atMs)
    {
        var evaluation = new Evaluation();
        evaluation.Begin(profile, atMs);
        return evaluation.Score(policy);
    }
}
