using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Partitions;

/// <summary>The profiles of one partition that were used last, as many as the budget allows. Not thread safe.</summary>
internal sealed class ProfileCache(PartitionStore store, CacheBudget budget)
{
    private readonly Dictionary<string, CachedProfile> _byId = [];
    private readonly UseList _byUse = new();
    private IReadOnlyList<WatchedSegment> _watched = [];
    private OccurrenceMemory _memory = new();
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
    public Task EnsureAsync(IEnumerable<string> profileIds)
    {
        HashSet<string>? missing = null;
        foreach (var id in profileIds)
        {
            if (!_byId.ContainsKey(id)) (missing ??= []).Add(id);
        }
        return missing is null ? Task.CompletedTask : LoadAsync([.. missing]);
    }

    /// <summary>A profile that <see cref="EnsureAsync"/> has loaded.</summary>
    public CachedProfile Get(string profileId)
    {
        var cached = _byId[profileId];
        _byUse.MoveToFront(cached);
        return cached;
    }

    /// <summary>Forgets of the profiles in memory which memberships and scores are stored: something else than commits of turns has changed them.</summary>
    public void ForgetStored()
    {
        foreach (var cached in _byId.Values) cached.ForgetStored();
    }

    /// <summary>Notes that the store has a profile due at an instant at the latest. Call only between turns: what a turn has changed must be written.</summary>
    public void BringForward(string profileId, long dueMs)
    {
        if (_byId.GetValueOrDefault(profileId) is { } cached && dueMs < cached.DueMs) cached.DueMs = cached.StoredDueMs = dueMs;
    }

    /// <summary>Puts one of which nothing is known in the place of a profile that <see cref="EnsureAsync"/> has loaded.</summary>
    public CachedProfile Renew(string profileId)
    {
        Remove(_byId[profileId]);
        return Add(new CachedProfile(StoredProfile.Unknown(profileId, _memory)));
    }

    /// <summary>
    /// Drops those used longest ago, and those that are no more. Call between turns only: what a turn has changed must stay until it is committed.
    /// </summary>
    /// <param name="touched">The profiles that the last turn used: their weight may have changed, and the next one may well use them again.</param>
    public void Trim(IReadOnlySet<CachedProfile> touched)
    {
        long more = 0;
        foreach (var cached in touched)
        {
            if (cached.Exists) more += cached.Weigh();
            else if (_byId.TryGetValue(cached.Profile.Id, out var known) && ReferenceEquals(known, cached)) Remove(cached);
        }
        Weigh(more);
        // The one used last stays, however heavy: to read a long history anew in every turn would hold up all the others.
        while (_weight > budget.Share && _byId.Count > 1 && _byUse.Last is { } oldest
            && (budget.IsOverdrawn || (budget.IsSpent && !touched.Contains(oldest))))
            Remove(oldest);
        if (_memory.IsSparse) _memory.Compact(_byId.Values.Select(cached => cached.Profile));
    }

    public void Clear()
    {
        _byId.Clear();
        _byUse.Clear();
        _memory = new OccurrenceMemory();
        Weigh(-_weight);
    }

    private async Task LoadAsync(string[] missing)
    {
        foreach (var stored in await store.LoadAsync(missing, _watched, _memory)) Add(new CachedProfile(stored));
    }

    private CachedProfile Add(CachedProfile cached)
    {
        _byId[cached.Profile.Id] = cached;
        _byUse.AddFirst(cached);
        return cached;
    }

    private void Remove(CachedProfile cached)
    {
        Weigh(-cached.Weight);
        _byId.Remove(cached.Profile.Id);
        _byUse.Remove(cached);
        cached.Profile.Release();
    }

    private void Weigh(long more)
    {
        _weight += more;
        budget.Spend(more);
    }
}
