using System.Collections.Concurrent;
using System.Threading.Channels;
using Segmentation.Operator.Partitions;

namespace Segmentation.Operator.Workspaces;

/// <summary>The workspaces that this replica owns, and the signals between their partitions and the workers. Empty while it does not lead.</summary>
internal sealed class WorkspaceRegistry(PartitionScheduler scheduler) : IWorkspaceListener
{
    private readonly ConcurrentDictionary<string, Workspace> _workspaces = new();
    private readonly ConcurrentDictionary<string, string> _elsewhere = new();
    private readonly Channel<string> _replans = Channel.CreateUnbounded<string>();
    private readonly ConcurrentDictionary<(string Workspace, string Segment), bool> _changed = new();

    /// <summary>Raised when a serving segment gained or lost members in a partition. Handlers return at once.</summary>
    public event Action<string, string, int>? MembershipChanges;

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
        workspace.Plan = null;
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

    public void Clear()
    {
        _workspaces.Clear();
        _elsewhere.Clear();
    }

    public void ReplanNeeded(string workspace) => _replans.Writer.TryWrite(workspace);

    public void NumbersComplete(string workspace)
    {
        foreach (var segment in Find(workspace)?.Segments.Keys ?? []) _changed.TryAdd((workspace, segment), true);
    }

    public void MembershipChanged(string workspace, string segment, int partition)
    {
        _changed.TryAdd((workspace, segment), true);
        MembershipChanges?.Invoke(workspace, segment, partition);
    }

    /// <summary>The segments that changed since the last call.</summary>
    public IReadOnlyList<(string Workspace, string Segment)> TakeChanged()
    {
        var taken = _changed.Keys.ToArray();
        foreach (var key in taken) _changed.TryRemove(key, out _);
        return taken;
    }

    /// <summary>Gives a partition a turn soon.</summary>
    /// <returns>False when this replica does not own the workspace.</returns>
    public bool Wake(string workspace, int partition)
    {
        if (Find(workspace) is not { } found || partition >= found.Slots.Count) return false;
        scheduler.Wake(found.Slots[partition]);
        return true;
    }

    public void WakeAll(Workspace workspace)
    {
        foreach (var slot in workspace.Slots) scheduler.Wake(slot);
    }
}
