namespace Kubernetes.Queue;

/// <summary>How urgent a key is.</summary>
public enum QueuePriority
{
    /// <summary>Someone changed something now.</summary>
    Live = 0,

    /// <summary>
    /// The first list, a resync: goes behind live changes, but only for <see cref="WorkQueue{TKey}.LowPriorityPenalty"/>.
    /// </summary>
    Low = 1,
}
