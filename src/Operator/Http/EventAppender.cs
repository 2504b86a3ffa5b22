using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Workspaces;
using StackExchange.Redis;

namespace Segmentation.Operator.Http;

/// <summary>What became of an append.</summary>
internal enum AppendOutcome
{
    /// <summary>All of it is committed, or in a log.</summary>
    Appended,

    /// <summary>At least one partition's log is full; what was committed or appended elsewhere is recognised when it is sent again.</summary>
    Full,

    /// <summary>Redis did not confirm; what was committed or appended is recognised when it is sent again.</summary>
    Unavailable,
}

/// <summary>
/// Brings accepted events to the partitions of this replica's share, and puts all else that is accepted into the logs and wakes the owner.
/// </summary>
internal sealed class EventAppender(EventLog log, CatalogStore catalogs, WorkspaceRegistry registry, ReplicaMessages messages, BusinessClock clock)
{
    private readonly ConcurrentDictionary<string, AppendQueue[]> _queues = new();

    /// <summary>
    /// Commits or appends events; they take effect at the instant at which that is done. Their bytes are not used any more when the task has ended.
    /// </summary>
    public Task<AppendOutcome> AppendAsync(string workspace, IReadOnlyList<AcceptedEvent> events) =>
        AppendAsync(workspace, queues =>
        {
            var shares = ByPartition(events, queues.Length);
            var appends = new List<(int, Task<AppendResult>)>();
            for (var partition = 0; partition < shares.Length; partition++)
            {
                for (var from = 0; shares[partition] is { } share && from < share.Count; from += EventLog.EventsPerEntry)
                {
                    var some = share.Count <= EventLog.EventsPerEntry ? share : share.Slice(from, Math.Min(EventLog.EventsPerEntry, share.Count - from));
                    appends.Add((partition, CommitOrAppendAsync(workspace, partition, queues[partition], some)));
                }
            }
            return appends;
        });

    /// <param name="acceptedAtMs">The instant at which the change takes effect.</param>
    public Task<AppendOutcome> AppendAsync(string workspace, long acceptedAtMs, ProfileChange change) =>
        AppendAsync(workspace, queues =>
        {
            var partition = PartitionHash.Of(change.ProfileId, queues.Length);
            return [(partition, ResultOfAsync(log.AppendAsync(Keys.Partition(workspace, partition), acceptedAtMs, change)))];
        });

    /// <param name="acceptedAtMs">The instant at which the profile is erased.</param>
    public Task<AppendOutcome> EraseAsync(string workspace, long acceptedAtMs, string profileId) =>
        AppendAsync(workspace, queues =>
        {
            var partition = PartitionHash.Of(profileId, queues.Length);
            return [(partition, ResultOfAsync(log.AppendErasureAsync(Keys.Partition(workspace, partition), acceptedAtMs, profileId)))];
        });

    /// <param name="acceptedAtMs">The instant at which the profile is merged.</param>
    public Task<AppendOutcome> MergeAsync(string workspace, long acceptedAtMs, ProfileMerge merge) =>
        AppendAsync(workspace, queues =>
        {
            var partition = PartitionHash.Of(merge.ProfileId, queues.Length);
            return [(partition, ResultOfAsync(log.AppendAsync(Keys.Partition(workspace, partition), acceptedAtMs, merge)))];
        });

    /// <summary>How many partitions the workspace has; opens it when this is its first use.</summary>
    /// <exception cref="StoreUnavailableException">Redis did not answer.</exception>
    public async ValueTask<int> PartitionsOfAsync(string workspace) => (await QueuesOfAsync(workspace)).Length;

    private async ValueTask<AppendQueue[]> QueuesOfAsync(string workspace)
    {
        if (_queues.TryGetValue(workspace, out var known)) return known;
        var partitions = (await catalogs.OpenAsync(workspace)).Partitions;
        return _queues.GetOrAdd(workspace, _ => [.. Enumerable.Range(0, partitions).Select(p => new AppendQueue(log, clock, Keys.Partition(workspace, p)))]);
    }

    // Counted first: lists that grow step by step would be a good part of what a request allocates.
    private static List<AcceptedEvent>?[] ByPartition(IReadOnlyList<AcceptedEvent> events, int partitions)
    {
        var partitionOf = new int[events.Count];
        var counts = new int[partitions];
        for (var i = 0; i < partitionOf.Length; i++) counts[partitionOf[i] = PartitionHash.Of(events[i].Event.ProfileId, partitions)]++;
        var shares = new List<AcceptedEvent>?[partitions];
        for (var i = 0; i < partitionOf.Length; i++) (shares[partitionOf[i]] ??= new List<AcceptedEvent>(counts[partitionOf[i]])).Add(events[i]);
        return shares;
    }

    private async Task<AppendResult> CommitOrAppendAsync(string workspace, int partition, AppendQueue queue, List<AcceptedEvent> events)
    {
        if (await registry.Offer(workspace, partition, events.ConvertAll(e => e.Event))) return AppendResult.Committed;
        return await ResultOfAsync(queue.AppendAsync(CollectionsMarshal.AsSpan(events.ConvertAll(e => e.Json))));
    }

    private static async Task<AppendResult> ResultOfAsync(Task<bool> append) => await append ? AppendResult.Appended : AppendResult.Full;

    private async Task<AppendOutcome> AppendAsync(string workspace, Func<AppendQueue[], List<(int Partition, Task<AppendResult> Append)>> start)
    {
        List<(int Partition, Task<AppendResult> Append)> appends = [];
        try
        {
            appends = start(await QueuesOfAsync(workspace));
            var results = await Task.WhenAll(appends.Select(a => a.Append));
            var elsewhere = appends.Where((_, i) => results[i] != AppendResult.Committed).Select(a => a.Partition).Distinct()
                .Where(partition => !registry.Wake(workspace, partition)).ToArray();
            if (elsewhere.Length > 0) await messages.TellAsync(ReplicaMessages.Appended, workspace, elsewhere.Select(partition => partition.ToString(CultureInfo.InvariantCulture)));
            return results.Contains(AppendResult.Full) ? AppendOutcome.Full : AppendOutcome.Appended;
        }
        catch (Exception e) when (e is StoreUnavailableException or RedisException)
        {
            foreach (var (partition, _) in appends) registry.MayHaveGrown(workspace, partition);
            return AppendOutcome.Unavailable;
        }
    }

    private enum AppendResult
    {
        Committed,
        Appended,
        Full,
    }
}
