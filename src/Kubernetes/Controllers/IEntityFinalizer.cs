using Kubernetes.Model;

namespace Kubernetes.Controllers;

/// <summary>
/// Cleans up before an object goes. The runtime puts the finalizer on every object before its first reconciliation and takes it off
/// when <see cref="FinalizeAsync"/> succeeds without asking for another call; until then the object stays.
/// </summary>
public interface IEntityFinalizer<T>
    where T : class, IKubernetesObject
{
    /// <summary>
    /// Success means that all is cleaned up; success with a requeue delay means "so far so good, ask again". May be called again
    /// after it succeeded, when the process ended in between.
    /// </summary>
    Task<ReconciliationResult<T>> FinalizeAsync(T entity, CancellationToken cancellationToken);
}
