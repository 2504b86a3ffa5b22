namespace Segmentation.Operator.Partitions;

/// <summary>What a partition asks of, and tells, the workspace that it belongs to. Called from several partitions at once.</summary>
internal interface IPartitionHost
{
    /// <summary>What to evaluate now; null until the workspace has been planned, and nothing may be applied before.</summary>
    WorkspacePlan? Plan { get; }

    int PartitionCount { get; }

    /// <summary>The business clock, ms since the Unix epoch.</summary>
    long NowMs { get; }

    /// <summary>Names this process in the owner hash, for people.</summary>
    string Identity { get; }

    /// <summary>A partition knows its numbers: <see cref="Partition.Tally"/> is as in the store. May be told more than once.</summary>
    void TakenOver(int partition);

    /// <summary>A pass over all profiles of a partition has finished. May be told more than once.</summary>
    void PassDone(int partition, string passKey, string passId);

    /// <summary>A deleted segment's data is gone from a partition. May be told more than once.</summary>
    void SegmentDropped(int partition, string segment);

    /// <summary>At least one profile entered or left a serving segment.</summary>
    void MembershipChanged(int partition, string segment);

    void Committed(int events, int duplicates, int membershipOperations, int erasedProfiles, int forgottenEvents);
}
