namespace Kubernetes.LeaderElection;

/// <summary>
/// Work that every replica does, whether it leads or not. It starts after the informers have synced, and its token is cancelled when the process is
/// asked to stop; this replica's Lease is given up only when all of it has ended. When it throws it is started again after a wait; when it returns
/// it is done.
/// </summary>
public interface IReplicaWork
{
    Task RunAsync(CancellationToken cancellationToken);
}
