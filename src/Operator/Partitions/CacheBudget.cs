using Microsoft.Extensions.Options;

namespace Segmentation.Operator.Partitions;

/// <summary>
/// What all partitions of this replica may keep in memory together, in the weight of <see cref="CachedProfile.Weigh"/>. None has to give up its even
/// share, and one with customers who do more than others takes what these leave. Safe to use from several threads.
/// </summary>
internal sealed class CacheBudget(IOptions<DataPlaneOptions> options)
{
    // With what the garbage collector has not yet collected; measured, see docs/sizing.md.
    private const int BytesEach = 450;

    // The rest is for what is being worked on, and for what partitions that had no turn since hold above their share.
    private const int PartOfMemory = 3;

    private readonly long _capacity = options.Value.CachedOccurrences ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / PartOfMemory / BytesEach;
    private long _used;
    private int _partitions;

    /// <summary>What a partition may keep whatever the others do.</summary>
    public long Share => Math.Max(64, _capacity / Math.Max(1, Volatile.Read(ref _partitions)));

    /// <summary>Whether partitions have to give up, of what is above their share, all that they did not use in their last turn.</summary>
    public bool IsSpent => Volatile.Read(ref _used) > _capacity;

    /// <summary>Whether they have to give up all that is above their share.</summary>
    public bool IsOverdrawn => Volatile.Read(ref _used) > _capacity + (_capacity / 4);

    public void Spend(long weight) => Interlocked.Add(ref _used, weight);

    /// <summary>Partitions come, or go if negative; those that go give back what they have spent.</summary>
    public void ShareWith(int partitions) => Interlocked.Add(ref _partitions, partitions);
}
