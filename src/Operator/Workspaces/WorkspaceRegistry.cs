using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Workspaces;

/// <summary>The workspaces that this replica has partitions of, and the signals between those and the workers.</summary>
internal sealed class WorkspaceRegistry(PartitionScheduler scheduler, ReplicaMessages messages) : IWorkspaceListener
{
    private readonly ConcurrentDictionary<string, Workspace> _workspaces = new();
    private readonly ConcurrentDictionary<string, string> _elsewhere = new();
    private readonly Channel<string> _replans = Channel.CreateUnbounded<string>();
    private readonly ConcurrentDictionary<(string Workspace, string Segment), bool> _changed = new();

    /// <summary>Raised when a serving segment gained or lost members in a partition. Handlers return at once.</summary>
    public event Action<string, string, int>? MembershipChanges;

    /// <summary>Raised when the replica that leads should hear of a workspace soon. Handlers return at once.</summary>
    public event Action<string>? ShareChanges;

    public IEnumerable<Workspace> All => _workspaces.Values;

    public ChannelReader<string> Replans => _replans.Reader;

    public Workspace? Find(string name) => _workspaces.GetValueOrDefault(name);

    public void Add(Workspace workspace)
    {
        _elsewhere.TryRemove(workspace.Name, out _);
        _workspaces[workspace.Name] = workspace;
    }

    /// <summary>The partitions let go of what they hold in memory, and take no more turns.</summary>
    public void Remove(Workspace workspace)
    {
        _workspaces.TryRemove(workspace.Name, out _);
        workspace.Close();
        WakeAll(workspace);
    }

    /// <summary>Notes that another operator serves a workspace.</summary>
    /// <param name="shard">The other's label selector; empty when it sees all objects.</param>
    /// <returns>Whether that is news.</returns>
    public bool IsElsewhere(string workspace, string shard)
    {
        var known = _elsewhere.TryGetValue(workspace, out var before) && before == shard;
        _elsewhere[workspace] = shard;
        return !known;
    }

    /// <summary>The label selector of the other operator that serves a workspace; null when none does, as far as is known.</summary>
    public string? OtherShard(string workspace) => _elsewhere.GetValueOrDefault(workspace);

    public void ReplanNeeded(string workspace) => _replans.Writer.TryWrite(workspace);

    public void NumbersComplete(string workspace)
    {
        foreach (var segment in Find(workspace)?.Segments.Keys ?? []) NumbersChanged(workspace, segment);
    }

    public void NumbersChanged(string workspace, string segment) => _changed.TryAdd((workspace, segment), true);

    public void MembershipChanged(string workspace, string segment, int partition)
    {
        NumbersChanged(workspace, segment);
        MembershipChanges?.Invoke(workspace, segment, partition);
    }

    public void ShareChanged(string workspace) => ShareChanges?.Invoke(workspace);

    public void Forwarded(string workspace, int partition)
    {
        if (!Wake(workspace, partition)) Tell(workspace, partition);
    }

    public void GivenUp(string workspace, int partition) => Tell(workspace, partition);

    /// <summary>The segments that changed since the last call.</summary>
    public IReadOnlyList<(string Workspace, string Segment)> TakeChanged()
    {
        var taken = _changed.Keys.ToArray();
        foreach (var key in taken) _changed.TryRemove(key, out _);
        return taken;
    }

    /// <summary>Gives a partition a turn soon, for what is new in its log.</summary>
    /// <returns>False when it is another replica's share.</returns>
    public bool Wake(string workspace, int partition)
    {
        if (OwnSlot(workspace, partition) is not { } slot) return false;
        slot.Partition.LogGrew();
        scheduler.Wake(slot, TurnFor.Events);
        return true;
    }

    /// <summary>Notes that a log of this replica's share may have grown, which nobody can tell: the partition's next turn looks.</summary>
    public void MayHaveGrown(string workspace, int partition) => OwnSlot(workspace, partition)?.Partition.LogGrew();

    /// <summary>Brings events to a partition of this replica's share.</summary>
    /// <returns>As <see cref="Inbox.Offer"/> does; false, too, when it is another replica's share.</returns>
    public Task<bool> Offer(string workspace, int partition, IReadOnlyList<CustomerEvent> events)
    {
        if (OwnSlot(workspace, partition) is not { } slot) return Task.FromResult(false);
        var committed = slot.Partition.Inbox.Offer(events);
        if (!committed.IsCompleted) scheduler.Wake(slot, TurnFor.Events);
        return committed;
    }

    public void WakeAll(Workspace workspace)
    {
        foreach (var slot in workspace.Slots) scheduler.Wake(slot);
    }

    /// <summary>No partition takes turns any more: what was brought to them has to go through the logs.</summary>
    public void CloseInboxes()
    {
        foreach (var slot in All.SelectMany(workspace => workspace.Slots)) slot.Partition.Inbox.Close();
    }

    private void Tell(string workspace, int partition) =>
        _ = messages.TellAsync(ReplicaMessages.Appended, workspace, partition.ToString(CultureInfo.InvariantCulture));

    private PartitionSlot? OwnSlot(string workspace, int partition) =>
        Find(workspace) is { } found && partition < found.Slots.Count && found.Owns(partition) ? found.Slots[partition] : null;
}
