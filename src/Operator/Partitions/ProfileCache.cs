using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Partitions;

/// <summary>The profiles of one partition that were used last, at most <paramref name="capacity"/> after each turn. Not thread safe.</summary>
internal sealed class ProfileCache(PartitionStore store, int capacity)
{
    private readonly Dictionary<string, LinkedListNode<CachedProfile>> _byId = [];
    private readonly LinkedList<CachedProfile> _byUse = [];

    public int Count => _byId.Count;

    /// <summary>Makes sure that the given profiles are in memory, with one round trip for all that are not.</summary>
    public async Task EnsureAsync(IReadOnlyCollection<string> profileIds)
    {
        var missing = profileIds.Where(id => !_byId.ContainsKey(id)).Distinct().ToArray();
        foreach (var stored in await store.LoadAsync(missing))
            _byId[stored.Profile.Id] = _byUse.AddFirst(new CachedProfile(stored));
    }

    /// <summary>A profile that <see cref="EnsureAsync"/> has loaded.</summary>
    public CachedProfile Get(string profileId)
    {
        var node = _byId[profileId];
        if (!ReferenceEquals(_byUse.First, node))
        {
            _byUse.Remove(node);
            _byUse.AddFirst(node);
        }
        return node.Value;
    }

    /// <summary>Drops those used longest ago. Call between turns only: what a turn has changed must stay until it is committed.</summary>
    public void Trim()
    {
        while (_byId.Count > capacity)
        {
            _byId.Remove(_byUse.Last!.Value.Profile.Id);
            _byUse.RemoveLast();
        }
    }

    public void Clear()
    {
        _byId.Clear();
        _byUse.Clear();
    }
}
