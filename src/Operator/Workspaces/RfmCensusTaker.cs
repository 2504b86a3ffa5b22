using System.Collections.Concurrent;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using StackExchange.Redis;

namespace Segmentation.Operator.Workspaces;

/// <summary>
/// Takes the census of RFM policies now and then, from the sorted sets of every partition, whichever replica owns it. One partition at a time, with a rest
/// as long as it took, so that orders never wait behind more than that.
/// </summary>
internal sealed class RfmCensusTaker(RedisConnection redis, BusinessClock clock, TimeProvider time, ILogger<RfmCensusTaker> logger)
{
    // A small workspace is counted as often as its status is looked at, a large one takes a fiftieth of the time.
    private const int RestPerCensus = 50;
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<(string Workspace, string Policy), (long EndedAt, TimeSpan Took)> _last = new();

    /// <summary>Takes those that are due, and leaves them with the workspace.</summary>
    /// <exception cref="StoreUnavailableException">Redis did not answer.</exception>
    public async Task TakeDueAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        var scored = workspace.Plan?.Policies.Where(policy => policy is { IsServing: true, Definition.BreakPoints: not null }).ToArray() ?? [];
        foreach (var gone in workspace.Censuses.Keys.Except(scored.Select(policy => policy.Name))) workspace.Censuses.TryRemove(gone, out _);
        foreach (var policy in scored.Where(policy => IsDue(workspace, policy)))
            workspace.Censuses[policy.Name] = (await TakeAsync(workspace, policy, cancellationToken)).After(workspace.Censuses.GetValueOrDefault(policy.Name));
    }

    /// <summary>Takes the census of a policy that has break points, as of now.</summary>
    public async Task<RfmCensus> TakeAsync(Workspace workspace, TrackedPolicy policy, CancellationToken cancellationToken)
    {
        var tally = new RfmTally(policy, clock.NowMs);
        var took = TimeSpan.Zero;
        for (var partition = 0; partition < workspace.PartitionCount; partition++)
        {
            var started = time.GetTimestamp();
            await CountAsync(Keys.Partition(workspace.Name, partition), policy, tally);
            var elapsed = time.GetElapsedTime(started);
            took += elapsed;
            await Task.Delay(elapsed, time, cancellationToken);
        }
        _last[(workspace.Name, policy.Name)] = (time.GetTimestamp(), took);
        var census = tally.ToCensus();
        Log.CustomersCounted(logger, workspace.Name, policy.Name, census.Cells.Sum(cell => cell.Profiles), (long)took.TotalMilliseconds);
        return census;
    }

    private bool IsDue(Workspace workspace, TrackedPolicy policy)
    {
        if (workspace.Censuses.GetValueOrDefault(policy.Name)?.PolicyKey != policy.Key) return true;
        if (!_last.TryGetValue((workspace.Name, policy.Name), out var last)) return true;
        var rest = RestPerCensus * last.Took;
        return time.GetElapsedTime(last.EndedAt) >= (rest > ShortestInterval ? rest : ShortestInterval);
    }

    // A turn may commit between two of the reads: whoever is not in all of the dimensions comes or goes just then.
    private async Task CountAsync(string prefix, TrackedPolicy policy, RfmTally tally)
    {
        var spentAs = policy.Definition.Monetary == RfmMonetary.Average ? RfmDimensions.Spent : RfmDimensions.Monetary;
        var dimensions = redis.AskAsync(db => Task.WhenAll(new[] { RfmDimensions.Recency, RfmDimensions.Frequency, spentAs }.Select(dimension =>
            db.SortedSetRangeByRankWithScoresAsync(Keys.Rfm(prefix, policy.Name, policy.Revision, dimension), 0, -1, flags: CommandFlags.DemandMaster))));
        var tiers = redis.AskAsync(db => Task.WhenAll(policy.Definition.Tiers.Names.Select(tier =>
            db.SortedSetRangeByRankAsync(Keys.Tier(prefix, policy.Name, tier), 0, -1, flags: CommandFlags.DemandMaster))));
        var sets = await dimensions;
        var frequencies = sets[1].ToDictionary(entry => entry.Element, entry => (long)entry.Score);
        var spent = sets[2].ToDictionary(entry => entry.Element, entry => RfmDimensions.Amount(entry.Score));
        var tierOf = new Dictionary<RedisValue, int>();
        foreach (var (members, tier) in (await tiers).Select((members, tier) => (members, tier)))
        {
            foreach (var member in members) tierOf[member] = tier;
        }
        foreach (var entry in sets[0])
        {
            if (frequencies.TryGetValue(entry.Element, out var frequency) && spent.TryGetValue(entry.Element, out var amount))
                tally.Add((long)entry.Score, frequency, amount, tierOf.GetValueOrDefault(entry.Element, -1));
        }
    }
}
