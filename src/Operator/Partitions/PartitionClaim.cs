using Kubernetes.LeaderElection;

namespace Segmentation.Operator.Partitions;

/// <summary>
/// When a replica may take over a partition that is its share. From nobody, from itself and from a replica that has ended: at once. From one that is at
/// work, and is to give it up by itself: after a while. From one that took it away and that is not seen to be at work: later each time, as two replicas
/// that see each other differently must not fight without end.
/// </summary>
internal sealed class PartitionClaim(LiveReplicas replicas, TimeProvider time)
{
    /// <summary>How long an owner that is at work has to finish its turn and give the partition up.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The wait before looking again at what others are about to change.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest wait after having been fenced.</summary>
    public static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UndisturbedReset = TimeSpan.FromMinutes(5);

    private TimeSpan _backoff;
    private long _fencedAt;
    private long _takenAt;
    private string? _waitsFor;
    private long _waitsSince;

    /// <param name="owner">The present owner; empty for none.</param>
    /// <returns>Zero when it may be taken over now, else how long to wait before looking again.</returns>
    public TimeSpan WaitFor(string owner)
    {
        if (owner == replicas.Self) return TimeSpan.Zero;
        if (!replicas.IsProven) return TimeSpan.FromSeconds(1); // the others may not count this replica any more
        if (owner.Length == 0) return TimeSpan.Zero;
        var backoff = Left(_backoff, _fencedAt);
        if (!replicas.Current.Contains(owner)) return owner == _waitsFor ? TimeSpan.Zero : backoff;
        if (owner != _waitsFor) (_waitsFor, _waitsSince) = (owner, time.GetTimestamp());
        var wait = Left(Patience, _waitsSince) is var patience && patience > backoff ? patience : backoff;
        return wait < Soon ? wait : Soon;
    }

    /// <summary>The partition was taken over.</summary>
    public void Taken()
    {
        _waitsFor = null;
        _takenAt = time.GetTimestamp();
    }

    /// <summary>Another replica has taken the partition away.</summary>
    public void Fenced()
    {
        _backoff = time.GetElapsedTime(_takenAt) > UndisturbedReset || _backoff == TimeSpan.Zero ? FirstBackoff
            : _backoff * 2 < LongestBackoff ? _backoff * 2
            : LongestBackoff;
        _fencedAt = time.GetTimestamp();
    }

    private TimeSpan Left(TimeSpan of, long since) => of - time.GetElapsedTime(since) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;
}
