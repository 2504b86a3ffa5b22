using Kubernetes.Model;

namespace Kubernetes.Controllers;

/// <summary>Brings the world in line with an object's spec. One object is never handled twice at the same time.</summary>
/// <remarks>
/// The entity is a private copy. What is set in its status is written once, by the runtime, when the method returns; an exception
/// leaves the status as it was. See <see cref="ReconciliationResult{T}"/> for what each answer causes.
/// </remarks>
public interface IEntityController<T>
    where T : class, IKubernetesObject
{
    /// <summary>
    /// Called for an object that is new or changed, that asked for it, or whose delay is over. Never while it is being deleted.
    /// </summary>
    Task<ReconciliationResult<T>> ReconcileAsync(T entity, CancellationToken cancellationToken);

    /// <summary>
    /// Called when an object is gone, with its last known state; tried again until it succeeds. A process that was down at that
    /// time never learns of it: what must not be missed belongs in an <see cref="IEntityFinalizer{T}"/>.
    /// </summary>
    Task<ReconciliationResult<T>> DeletedAsync(T entity, CancellationToken cancellationToken);
}
