namespace Segmentation.Operator.Partitions;

/// <summary>
/// What the partitions of a workspace may keep in memory together, in the weight of <see cref="CachedProfile.Weigh"/>. None has to give up its even
/// share, and one with customers who do more than others takes what these leave. Safe to use from several threads.
/// </summary>
internal sealed class CacheBudget(int capacity, int partitions)
{
    private long _used;

    /// <summary>What a partition may keep whatever the others do.</summary>
    public int Share { get; } = Math.Max(64, capacity / partitions);

    /// <summary>Whether partitions have to give up, of what is above their share, all that they did not use in their last turn.</summary>
    public bool IsSpent => Volatile.Read(ref _used) > capacity;

    /// <summary>Whether they have to give up all that is above their share.</summary>
    public bool IsOverdrawn => Volatile.Read(ref _used) > capacity + (capacity / 4);

    public void Spend(long weight) => Interlocked.Add(ref _used, weight);
}
