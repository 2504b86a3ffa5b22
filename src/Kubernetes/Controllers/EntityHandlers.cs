using Kubernetes.Model;
using Microsoft.Extensions.DependencyInjection;

namespace Kubernetes.Controllers;

/// <summary>The controller and finalizers that were registered for a kind.</summary>
internal interface IEntityHandlers<T>
    where T : class, IKubernetesObject
{
    Task<ReconciliationResult<T>> ReconcileAsync(T entity, CancellationToken cancellationToken);

    Task<ReconciliationResult<T>> DeletedAsync(T entity, CancellationToken cancellationToken);

    Task<ReconciliationResult<T>> FinalizeAsync(string finalizer, T entity, CancellationToken cancellationToken);
}

/// <summary>A finalizer's name on the object, and the class that does its work.</summary>
internal sealed record FinalizerRegistration(Type Entity, string Name, Type Implementation);

/// <summary>Takes them from the container, in a scope of their own per call.</summary>
internal sealed class ScopedEntityHandlers<T>(IServiceScopeFactory scopes, Type controller, IReadOnlyList<FinalizerRegistration> finalizers)
    : IEntityHandlers<T>
    where T : class, IKubernetesObject
{
    public async Task<ReconciliationResult<T>> ReconcileAsync(T entity, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await Controller(scope).ReconcileAsync(entity, cancellationToken);
    }

    public async Task<ReconciliationResult<T>> DeletedAsync(T entity, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await Controller(scope).DeletedAsync(entity, cancellationToken);
    }

    public async Task<ReconciliationResult<T>> FinalizeAsync(string finalizer, T entity, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var type = finalizers.First(registration => registration.Name == finalizer).Implementation;
        return await ((IEntityFinalizer<T>)scope.ServiceProvider.GetRequiredService(type)).FinalizeAsync(entity, cancellationToken);
    }

    private IEntityController<T> Controller(AsyncServiceScope scope) =>
        (IEntityController<T>)scope.ServiceProvider.GetRequiredService(controller);
}
