using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Resources;
using StackExchange.Redis;

namespace Segmentation.Operator.Workspaces;

/// <summary>Computes the quantile break points of RFM policies from the dimensions' sorted sets, when they are missing or due.</summary>
internal sealed class BreakPointCalculator(RedisConnection redis, BusinessClock clock, ILogger<BreakPointCalculator> logger)
{
    // New profiles shift the quantiles; waiting for the schedule would leave a workspace that was just filled without sensible tiers.
    private const decimal GrowthThatRecomputes = 0.10m;
    private const long ShortestIntervalMs = 5_000;

    /// <summary>Whether <see cref="ScoreAsync"/> would compute anything for a serving policy now.</summary>
    public async Task<bool> IsAnyDueAsync(Workspace workspace)
    {
        foreach (var (name, entry) in workspace.Catalog.Policies)
        {
            if (entry.Serving is { } serving && await IsDueAsync(workspace, name, serving, workspace.Catalog)) return true;
        }
        return false;
    }

    /// <returns>The catalog with new break points, or null when none were due.</returns>
    public async Task<Catalog?> ScoreAsync(Workspace workspace, Planning planning)
    {
        var computed = new Dictionary<string, BreakPointsEntry>();
        foreach (var (name, entry) in planning.Catalog.Policies)
        {
            var revision = entry.Building is not null && planning.Unscored.Contains(name) ? entry.Building
                : entry.Serving is { } serving && await IsDueAsync(workspace, name, serving, planning.Catalog) ? serving
                : null;
            if (revision is null) continue;
            var key = WorkspacePlanner.PolicyKey(name, revision.Revision);
            var before = planning.Catalog.BreakPoints.GetValueOrDefault(key);
            computed[key] = await ComputeAsync(workspace, name, revision, before);
            Log.BreakPointsComputed(logger, workspace.Name, name, computed[key].Profiles, computed[key].Version);
        }
        if (computed.Count == 0) return null;
        var all = new Dictionary<string, BreakPointsEntry>(planning.Catalog.BreakPoints);
        foreach (var (key, entry) in computed) all[key] = entry;
        return planning.Catalog with { BreakPoints = all };
    }

    private async Task<bool> IsDueAsync(Workspace workspace, string policy, PolicyRevision revision, Catalog catalog)
    {
        if (revision.Spec.Scoring.Method != RfmScoringMethod.Quantiles || revision.Spec.Suspend) return false;
        if (!catalog.BreakPoints.TryGetValue(WorkspacePlanner.PolicyKey(policy, revision.Revision), out var points)) return false;

        // A revision that comes back serves by the break points it had, while what new ones are drawn from is gathered anew.
        if (!workspace.Passes.IsDone(PassKeys.Policy(policy, revision.Revision), revision.PassId(policy, catalog))) return false;
        var ageMs = clock.NowMs - points.ComputedAtMs;
        if (ageMs >= DurationText.ParseMs(revision.Spec.Scoring.RecomputeEvery ?? RfmScoringSpec.DefaultRecomputeEvery)) return true;
        if (ageMs < ShortestIntervalMs && points.Profiles > 0) return false;
        var profiles = await CountAsync(workspace, policy, revision.Revision);
        return Math.Abs(profiles - points.Profiles) > points.Profiles * GrowthThatRecomputes;
    }

    /// <summary>How many profiles have a purchase in the policy's window.</summary>
    public async Task<long> CountAsync(Workspace workspace, string policy, string revision)
    {
        var counts = await redis.AskAsync(db => Task.WhenAll(Enumerable.Range(0, workspace.PartitionCount).Select(partition => db.SortedSetLengthAsync(
            Keys.Rfm(Keys.Partition(workspace.Name, partition), policy, revision, RfmDimensions.Frequency), flags: CommandFlags.DemandMaster))));
        return counts.Sum();
    }

    /// <summary>How many profiles each tier holds, in the order given.</summary>
    public async Task<IReadOnlyList<long>> CountTiersAsync(Workspace workspace, string policy, IReadOnlyList<string> tiers)
    {
        var counts = await redis.AskAsync(db => Task.WhenAll(tiers.Select(tier => Task.WhenAll(Enumerable.Range(0, workspace.PartitionCount).Select(partition =>
            db.SortedSetLengthAsync(Keys.Tier(Keys.Partition(workspace.Name, partition), policy, tier), flags: CommandFlags.DemandMaster))))));
        return [.. counts.Select(perPartition => perPartition.Sum())];
    }

    /// <summary>How many profiles were evaluated for the present break points of a policy, and how many changed tier by that.</summary>
    public async Task<RescoreCount> CountRescoredAsync(Workspace workspace, TrackedPolicy policy)
    {
        var texts = await redis.AskAsync(db => Task.WhenAll(Enumerable.Range(0, workspace.PartitionCount).Select(partition =>
            db.HashGetAsync(Keys.Owner(Keys.Partition(workspace.Name, partition)), OwnerState.RescoredPrefix + policy.Name, CommandFlags.DemandMaster))));
        var counts = texts.Where(text => !text.IsNull).Select(text => RescoreCount.Parse((string)text!)).Where(count => count.PassId == policy.PassId).ToArray();
        return new RescoreCount(policy.PassId, counts.Sum(count => count.Rescored), counts.Sum(count => count.Moved));
    }

    private async Task<BreakPointsEntry> ComputeAsync(Workspace workspace, string policy, PolicyRevision revision, BreakPointsEntry? before)
    {
        var nowMs = clock.NowMs;
        var ages = new List<long>();
        var frequencies = new List<long>();
        var monetaries = new List<decimal>();
        for (var partition = 0; partition < workspace.PartitionCount; partition++)
        {
            // One after the other: nobody waits behind more than one such set.
            var prefix = Keys.Partition(workspace.Name, partition);
            ages.AddRange((await ScoresAsync(prefix, policy, revision, RfmDimensions.Recency)).Select(lastMs => Math.Max(0, nowMs - (long)lastMs)));
            frequencies.AddRange((await ScoresAsync(prefix, policy, revision, RfmDimensions.Frequency)).Select(count => (long)count));
            monetaries.AddRange((await ScoresAsync(prefix, policy, revision, RfmDimensions.Monetary)).Select(RfmDimensions.Amount));
        }

        // A turn may have committed between two of the reads; the count is that of the smallest set.
        var profiles = Math.Min(ages.Count, Math.Min(frequencies.Count, monetaries.Count));
        var version = (before?.Version ?? 0) + 1;
        if (profiles == 0) return new BreakPointsEntry([], [], [], version, nowMs, 0);
        var points = RfmPolicyCompiler.Compile(policy, revision.Spec).Definition!.Draw([.. ages], [.. frequencies], [.. monetaries]);
        return new BreakPointsEntry(points.RecencyMs, points.Frequency, points.Monetary, version, nowMs, profiles)
        {
            Before = before?.ToBreakPoints()?.Scores == points.Scores ? before with { Before = null } : null,
        };
    }

    private async Task<IEnumerable<double>> ScoresAsync(string prefix, string policy, PolicyRevision revision, string dimension) =>
        (await redis.AskAsync(db => db.SortedSetRangeByRankWithScoresAsync(
            Keys.Rfm(prefix, policy, revision.Revision, dimension), 0, -1, flags: CommandFlags.DemandMaster))).Select(entry => entry.Score);
}
