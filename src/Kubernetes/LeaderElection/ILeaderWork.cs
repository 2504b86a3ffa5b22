namespace Kubernetes.LeaderElection;

/// <summary>
/// Work that exactly one replica does. It starts when this replica becomes the leader, after the informers have synced, and its token is
/// cancelled when leadership ends or the process stops. When it throws it is started again after a wait; when it returns it is done.
/// </summary>
public interface ILeaderWork
{
    Task RunAsync(CancellationToken cancellationToken);
}
