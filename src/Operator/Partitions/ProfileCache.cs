using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Partitions;

/// <summary>The profiles of one partition that were used last, as many as the budget allows. Not thread safe.</summary>
internal sealed class ProfileCache(PartitionStore store, CacheBudget budget)
{
    private readonly Dictionary<string, LinkedListNode<CachedProfile>> _byId = [];
    private readonly LinkedList<CachedProfile> _byUse = [];
    private IReadOnlyList<WatchedSegment> _watched = [];
    private long _weight;

    public int Count => _byId.Count;

    /// <summary>Loads profiles with what is known of these segments from now on. Those in memory know of others, and are forgotten.</summary>
    public void Watch(IReadOnlyList<WatchedSegment> watched)
    {
        if (watched.SequenceEqual(_watched)) return;
        _watched = watched;
        Clear();
    }

    /// <summary>Makes sure that the given profiles are in memory, with one round trip for all that are not.</summary>
    public async Task EnsureAsync(IReadOnlyCollection<string> profileIds)
    {
        var missing = profileIds.Where(id => !_byId.ContainsKey(id)).Distinct().ToArray();
        foreach (var stored in await store.LoadAsync(missing, _watched))
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

    /// <summary>Puts one of which nothing is known in the place of a profile that <see cref="EnsureAsync"/> has loaded.</summary>
    public CachedProfile Renew(string profileId)
    {
        var node = _byId[profileId];
        Weigh(-node.Value.Weight);
        return node.Value = new CachedProfile(StoredProfile.Unknown(profileId));
    }

    /// <summary>
    /// Drops those used longest ago, and those that are no more. Call between turns only: what a turn has changed must stay until it is committed.
    /// </summary>
    /// <param name="touched">The profiles that the last turn used: their weight may have changed, and the next one may well use them again.</param>
    public void Trim(IReadOnlySet<CachedProfile> touched)
    {
        foreach (var cached in touched)
        {
            if (cached.Exists) Weigh(cached.Weigh());
            else if (_byId.Remove(cached.Profile.Id, out var node)) _byUse.Remove(node);
        }
        // The one used last stays, however heavy: to read a long history anew in every turn would hold up all the others.
        while (_weight > budget.Share && _byUse.Count > 1 && _byUse.Last is { } oldest
            && (budget.IsOverdrawn || (budget.IsSpent && !touched.Contains(oldest.Value))))
        {
            Weigh(-oldest.Value.Weight);
            _byId.Remove(oldest.Value.Profile.Id);
            _byUse.RemoveLast();
        }
    }

    public void Clear()
    {
        _byId.Clear();
        _byUse.Clear();
        Weigh(-_weight);
    }

    private void Weigh(long more)
    {
        _weight += more;
        budget.Spend(more);
    }
}
