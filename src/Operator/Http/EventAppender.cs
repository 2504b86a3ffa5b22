using System.Collections.Concurrent;
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
internal sealed class EventAppender(EventLog log, CatalogStore catalogs, WorkspaceRegistry registry, WakeChannel wakes)
{
    private readonly ConcurrentDictionary<string, int> _partitions = new();

    /// <param name="acceptedAtMs">The instant at which the events take effect.</param>
    public Task<AppendOutcome> AppendAsync(string workspace, long acceptedAtMs, IReadOnlyList<CustomerEvent> events) =>
        AppendAsync(workspace, partitions => events.GroupBy(e => PartitionHash.Of(e.ProfileId, partitions))
            .Select(group => (group.Key, log.AppendAsync(Keys.Partition(workspace, group.Key), acceptedAtMs, group))));

    /// <inheritdoc cref="AppendAsync(string, long, IReadOnlyList{CustomerEvent})"/>
    public Task<AppendOutcome> AppendAsync(string workspace, long acceptedAtMs, ProfileChange change) =>
        AppendAsync(workspace, partitions =>
        {
            var partition = PartitionHash.Of(change.ProfileId, partitions);
            return [(partition, log.AppendAsync(Keys.Partition(workspace, partition), acceptedAtMs, change))];
        });

    /// <summary>How many partitions the workspace has; opens it when this is its first use.</summary>
    /// <exception cref="StoreUnavailableException">Redis did not answer.</exception>
    public async ValueTask<int> PartitionsOfAsync(string workspace)
    {
        if (_partitions.TryGetValue(workspace, out var known)) return known;
        return _partitions[workspace] = (await catalogs.OpenAsync(workspace)).Partitions;
    }

    private async Task<AppendOutcome> AppendAsync(string workspace, Func<int, IEnumerable<(int Partition, Task<bool> Append)>> start)
    {
        try
        {
            var appends = start(await PartitionsOfAsync(workspace)).ToArray();
            var appended = await Task.WhenAll(appends.Select(a => a.Append));
            var elsewhere = appends.Select(a => a.Partition).Where(partition => !registry.Wake(workspace, partition)).ToArray();
            if (elsewhere.Length > 0) await wakes.TellAsync(workspace, elsewhere);
            return appended.All(done => done) ? AppendOutcome.Appended : AppendOutcome.Full;
        }
        catch (Exception e) when (e is StoreUnavailableException or RedisException)
        {
            return AppendOutcome.Unavailable;
        }
    }
}
