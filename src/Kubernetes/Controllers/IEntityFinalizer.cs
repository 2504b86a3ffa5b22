using Kubernetes.Model;

namespace Kubernetes.Controllers;

/// <summary>
/// Cleans up before an object goes. The runtime puts the finalizer on every object before its first reconciliation and takes it off
/// when <see cref="FinalizeAsync"/> succeeds; until then the object stays.
/// </summary>
public interface IEntityFinalizer<T>
    where T : class, IKubernetesObject
{
    /// <summary>May be called again after it succeeded, when the process ended in between.</summary>
    Task<ReconciliationResult<T>> FinalizeAsync(T entity, CancellationToken cancellationToken);
}
