using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Partitions;

/// <summary>
/// Brings a partition in line with a new plan: makes revisions serve, drops segments, says whom commits tell from now on and where tiers are filed, and
/// removes the data of what is gone.
/// </summary>
internal sealed class PlanAdoption(PartitionStore store, PassCursors passes, SegmentTally tally)
{
    // What takes some milliseconds of Redis.
    private const int ManyMembers = 1_000;

    /// <summary>Whether a revision of many members begins to serve by a plan, or takes the place of one.</summary>
    public bool TakesLong(WorkspacePlan plan, OwnerState state) => plan.Segments.Any(s =>
        s.IsServing && state.ActiveRevisions.GetValueOrDefault(s.Name) is var active && active != s.Revision
        && tally.MembersOf(s.Name, s.Revision) + (active is null ? 0 : tally.MembersOf(s.Name, active)) > ManyMembers);

    /// <param name="plan">The new one.</param>
    /// <param name="state">The owner's, by the plan before.</param>
    /// <param name="atMs">The instant at which revisions begin to serve.</param>
    /// <param name="batch">Gets what the turn's commit is to write of it.</param>
    /// <param name="changed">Gets the segments that have other members or audiences now.</param>
    /// <exception cref="FencedException">Another owner has taken over.</exception>
    public async Task<AdoptedPlan> AdoptAsync(WorkspacePlan plan, OwnerState state, long atMs, CommitBatch batch, HashSet<string> changed)
    {
        var active = new Dictionary<string, string>(state.ActiveRevisions);
        var begin = plan.Segments.Where(s => s.IsServing && active.GetValueOrDefault(s.Name) != s.Revision).ToArray();
        var changes = await Task.WhenAll(begin.Select(segment => store.ActivateAsync(
            state.Epoch, segment.Name, segment.Revision, atMs, segment.HasAudience,
            active.ContainsKey(segment.Name) ? FlipCause.Edit : FlipCause.Initial, segment.AsksOfItself)));
        foreach (var (segment, (entered, left)) in begin.Zip(changes))
        {
            batch.Want();
            // The former revision's members are gone; it may come back later, and counts from nothing then.
            if (active.TryGetValue(segment.Name, out var former)) tally.Forget(segment.Name, former);
            active[segment.Name] = segment.Revision;
            changed.Add(segment.Name);
            if (entered + left > 0) tally.Activated(segment.Name, atMs);
        }
        foreach (var name in plan.DeletedSegments)
        {
            if (active.Remove(name))
            {
                await store.ActivateAsync(state.Epoch, name, revision: null, atMs, tellAudiences: state.Audiences.ContainsKey(name), FlipCause.Deletion);
                batch.Want();
                changed.Add(name);
            }
            foreach (var field in tally.TakeFlow(name)) batch.RemoveFlowBucket(field);
        }
        RemoveWhatIsGone(plan, batch);
        passes.Begin(plan, batch);
        var adopted = state with
        {
            ActiveRevisions = active,
            Audiences = WriteAudiences(plan, state.Audiences, batch, changed),
            Tiers = WriteTiers(plan, state.Tiers, batch),
        };
        return new AdoptedPlan(adopted, begin.Any(segment => segment.AsksOfItself), state.Tiers.Keys.Except(adopted.Tiers.Keys).Any());
    }

    // Says in the store which audiences every commit from this turn's on tells: an audience that began to follow before could miss a change.
    private static Dictionary<string, string> WriteAudiences(WorkspacePlan plan, IReadOnlyDictionary<string, string> before, CommitBatch batch, HashSet<string> changed)
    {
        var audiences = plan.Segments.Where(s => s.IsServing && s.HasAudience).ToDictionary(s => s.Name, s => s.Audience);
        foreach (var name in before.Keys.Union(audiences.Keys).Where(n => before.GetValueOrDefault(n) != audiences.GetValueOrDefault(n)))
        {
            batch.SetOwnerField(OwnerState.AudiencePrefix + name, audiences.GetValueOrDefault(name));
            changed.Add(name);
        }
        return audiences;
    }

    // Says in the store under which tiers profiles are filed, those of former revisions too: a list of one's own is not known any more when the policy is gone.
    private static Dictionary<string, string> WriteTiers(WorkspacePlan plan, IReadOnlyDictionary<string, string> before, CommitBatch batch)
    {
        var tiers = new Dictionary<string, string>();
        foreach (var policy in plan.Policies.GroupBy(p => p.Name))
        {
            var names = Names(before.GetValueOrDefault(policy.Key)).Union(policy.Where(p => p.IsServing).SelectMany(p => p.Definition.Tiers.Names));
            tiers[policy.Key] = string.Join(' ', names);
            if (tiers[policy.Key] != before.GetValueOrDefault(policy.Key, "")) batch.SetOwnerField(OwnerState.TiersPrefix + policy.Key, tiers[policy.Key]);
        }
        foreach (var (policy, names) in before.Where(policy => !tiers.ContainsKey(policy.Key)))
        {
            foreach (var tier in Names(names)) batch.RemoveKey(Keys.TierSuffix(policy, tier));
            batch.SetOwnerField(OwnerState.TiersPrefix + policy, null);
        }
        return tiers;

        static string[] Names(string? names) => names?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
    }

    private void RemoveWhatIsGone(WorkspacePlan plan, CommitBatch batch)
    {
        var wanted = plan.Segments.Select(s => s.PassKey).Concat(plan.Policies.Select(p => p.PassKey)).ToHashSet();
        foreach (var key in passes.Keys.Where(k => !wanted.Contains(k)).ToArray())
        {
            if (!PassKeys.TryParse(key, out var isSegment, out var name, out var revision)) continue;
            if (isSegment)
            {
                batch.RemoveKey(Keys.MembersSuffix(name, revision));
                tally.Forget(name, revision);
            }
            else
            {
                foreach (var dimension in RfmDimensions.All) batch.RemoveKey(Keys.RfmSuffix(name, revision, dimension));
            }
            passes.Remove(key, batch);
        }
    }
}

/// <param name="State">The owner's from now on.</param>
/// <param name="MembersAreDue">Whether those who entered by it are due at the next millisecond.</param>
/// <param name="TiersDropped">Whether a policy is gone of which profiles in memory still know their tier.</param>
internal sealed record AdoptedPlan(OwnerState State, bool MembersAreDue, bool TiersDropped);
