using Kubernetes.LeaderElection;
using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Partitions;

/// <summary>What a partition asks of, and tells, the workspace that it belongs to. Called from several partitions at once.</summary>
internal interface IPartitionHost
{
    /// <summary>What to evaluate now; null until the workspace has been planned, and nothing may be applied before.</summary>
    WorkspacePlan? Plan { get; }

    int PartitionCount { get; }

    /// <summary>The business clock, ms since the Unix epoch.</summary>
    long NowMs { get; }

    /// <summary>The replicas that the partitions are shared by; this one's name stands in the owner hash.</summary>
    LiveReplicas Replicas { get; }

    /// <summary>The clock of waits; not the business clock.</summary>
    TimeProvider Time { get; }

    /// <summary>Whether the partition is this replica's share at present.</summary>
    bool Owns(int partition);

    /// <summary>Whether no newer plan than this one has been made. If one has, it will be published.</summary>
    /// <exception cref="StoreUnavailableException">Redis did not answer.</exception>
    Task<bool> IsNewestAsync(WorkspacePlan plan);

    /// <summary>A partition knows its numbers: <see cref="Partition.Tally"/> is as in the store. May be told more than once.</summary>
    void TakenOver(int partition);

    /// <summary>A partition that is another replica's share is free to be taken over by that.</summary>
    void GivenUp(int partition);

    /// <summary>Something was put into a partition's log.</summary>
    void Forwarded(int partition);

    /// <summary>Another replica has taken a partition away.</summary>
    void Fenced(int partition);

    /// <summary>A pass over all profiles of a partition has finished. May be told more than once.</summary>
    void PassDone(int partition, string passKey, string passId);

    /// <summary>A partition has adopted a plan: what that no longer has is gone from the store. May be told more than once.</summary>
    void Followed(int partition, WorkspacePlan plan);

    /// <summary>At least one profile entered or left a serving segment.</summary>
    void MembershipChanged(int partition, string segment);

    void Committed(int events, int duplicates, int membershipOperations, int erasedProfiles, int forgottenEvents);
}
