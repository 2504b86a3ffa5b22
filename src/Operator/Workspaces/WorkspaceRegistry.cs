using System.Collections.Concurrent;
using System.Threading.Channels;
using Segmentation.Operator.Partitions;

namespace Segmentation.Operator.Workspaces;

/// <summary>The workspaces that this replica owns, and the signals between their partitions and the workers. Empty while it does not lead.</summary>
internal sealed class WorkspaceRegistry(PartitionScheduler scheduler) : IWorkspaceListener
{
    private readonly ConcurrentDictionary<string, Workspace> _workspaces = new();
    private readonly Channel<string> _replans = Channel.CreateUnbounded<string>();
    private readonly ConcurrentDictionary<(string Workspace, string Segment), bool> _changed = new();

    /// <summary>Raised when a serving segment gained or lost members in a partition. Handlers return at once.</summary>
    public event Action<string, string, int>? MembershipChanges;

    public IEnumerable<Workspace> All => _workspaces.Values;

    public ChannelReader<string> Replans => _replans.Reader;

    public Workspace? Find(string name) => _workspaces.GetValueOrDefault(name);

    public void Add(Workspace workspace) => _workspaces[workspace.Name] = workspace;

    public void Clear() => _workspaces.Clear();

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
