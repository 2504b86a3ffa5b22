namespace Kubernetes.LeaderElection;

/// <summary>How replicas agree on which of them leads.</summary>
public sealed class LeaderElectionOptions
{
    /// <summary>False: this process always leads. Only right when there is one.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The name of the lease; the same for all replicas.</summary>
    public string LeaseName { get; set; } = "";

    /// <summary>Null: the namespace of this process.</summary>
    public string? LeaseNamespace { get; set; }

    /// <summary>What this replica is called in the lease; null: the host's name and something random.</summary>
    public string? Identity { get; set; }

    /// <summary>How long others wait for a leader that no longer renews; more than <see cref="RenewDeadline"/>.</summary>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the leader tries to renew before it gives up leading; more than <see cref="RetryPeriod"/>.</summary>
    public TimeSpan RenewDeadline { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The wait between two tries; others than the leader wait up to 1.2 times longer on top, by chance.</summary>
    public TimeSpan RetryPeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// True: a leader that cannot reach the API server goes on leading until it learns that another replica holds the lease, instead of ending
    /// after <see cref="RenewDeadline"/>. Only right when two leaders at once can do no harm, because what they write is fenced elsewhere.
    /// </summary>
    public bool KeepLeadingWhileUnreachable { get; set; }

    /// <summary>
    /// The key of the label by which replicas find each other's Leases, such as <c>example.com/replica-of</c>; its value is <see cref="LeaseName"/>, of 63
    /// characters at most. Empty: a replica has no Lease of its own, and <see cref="LiveReplicas"/> knows of no other.
    /// </summary>
    public string ReplicaLabel { get; set; } = "";

    internal bool SharesWork => Enabled && ReplicaLabel.Length > 0;

    internal string ReplicaSelector => $"{ReplicaLabel}={LeaseName}";

    internal void Validate()
    {
        if (!Enabled)
            return;
        if (LeaseName.Length == 0)
        {
            throw new InvalidOperationException(
                "LeaderElection.LeaseName is empty: name a lease that all replicas share, or set LeaderElection.Enabled to false.");
        }

        if (!(RetryPeriod > TimeSpan.Zero && RetryPeriod * 1.2 < RenewDeadline && RenewDeadline < LeaseDuration))
        {
            throw new InvalidOperationException(
                "LeaderElection needs 0 < RetryPeriod × 1.2 < RenewDeadline < LeaseDuration; "
                + $"they are {RetryPeriod}, {RenewDeadline}, {LeaseDuration}.");
        }

        if (SharesWork && LeaseName.Length > 63)
            throw new InvalidOperationException($"LeaderElection.LeaseName is a label's value, too, of 63 characters at most; '{LeaseName}' is longer.");
        if (LeaseDuration.TotalSeconds % 1 != 0)
            throw new InvalidOperationException($"LeaderElection.LeaseDuration is in whole seconds; it is {LeaseDuration}.");
    }
}
