using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Workspaces;
using StackExchange.Redis;

namespace Segmentation.Operator.Http;

/// <summary>What became of an append.</summary>
internal enum AppendOutcome
{
    /// <summary>All of it is in the log.</summary>
    Appended,

    /// <summary>At least one partition's log is full; what was appended elsewhere is recognised when it is sent again.</summary>
    Full,

    /// <summary>Redis did not confirm; what was appended is recognised when it is sent again.</summary>
    Unavailable,
}

/// <summary>Puts accepted events and property changes into their partitions' logs and wakes the owner.</summary>
internal sealed class EventAppender(EventLog log, CatalogStore catalogs, WorkspaceRegistry registry, WakeChannel wakes, BusinessClock clock)
{
    private readonly ConcurrentDictionary<string, AppendQueue[]> _queues = new();

    /// <summary>Appends events; they take effect at the instant at which that is done. Their bytes are not used any more when the task has ended.</summary>
    public Task<AppendOutcome> AppendAsync(string workspace, IReadOnlyList<AcceptedEvent> events) =>
        AppendAsync(workspace, queues =>
        {
            var lines = new List<ReadOnlyMemory<byte>>?[queues.Length];
            foreach (var e in events) (lines[PartitionHash.Of(e.ProfileId, queues.Length)] ??= []).Add(e.Json);
            var appends = new List<(int, Task<bool>)>();
            for (var partition = 0; partition < lines.Length; partition++)
            {
                var rest = CollectionsMarshal.AsSpan(lines[partition]);
                while (rest.Length > 0)
                {
                    var entry = rest[..Math.Min(rest.Length, EventLog.EventsPerEntry)];
                    appends.Add((partition, queues[partition].AppendAsync(entry)));
                    rest = rest[entry.Length..];
                }
            }
            return appends;
        });

    /// <param name="acceptedAtMs">The instant at which the change takes effect.</param>
    public Task<AppendOutcome> AppendAsync(string workspace, long acceptedAtMs, ProfileChange change) =>
        AppendAsync(workspace, queues =>
        {
            var partition = PartitionHash.Of(change.ProfileId, queues.Length);
            return [(partition, log.AppendAsync(Keys.Partition(workspace, partition), acceptedAtMs, change))];
        });

    /// <param name="acceptedAtMs">The instant at which the profile is erased.</param>
    public Task<AppendOutcome> EraseAsync(string workspace, long acceptedAtMs, string profileId) =>
        AppendAsync(workspace, queues =>
        {
            var partition = PartitionHash.Of(profileId, queues.Length);
            return [(partition, log.AppendErasureAsync(Keys.Partition(workspace, partition), acceptedAtMs, profileId))];
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

    private async Task<AppendOutcome> AppendAsync(string workspace, Func<AppendQueue[], List<(int Partition, Task<bool> Append)>> start)
    {
        try
        {
            var appends = start(await QueuesOfAsync(workspace));
            var appended = await Task.WhenAll(appends.Select(a => a.Append));
            var elsewhere = appends.Select(a => a.Partition).Where(partition => !registry.Wake(workspace, partition)).Distinct().ToArray();
            if (elsewhere.Length > 0) await wakes.TellAsync(workspace, elsewhere);
            return appended.All(done => done) ? AppendOutcome.Appended : AppendOutcome.Full;
        }
        catch (Exception e) when (e is StoreUnavailableException or RedisException)
        {
            return AppendOutcome.Unavailable;
        }
    }
}
