using Kubernetes.Informers;
using Kubernetes.Model;

namespace Kubernetes.Queue;

/// <summary>
/// Asks for objects to be reconciled, from anywhere in the process. While this replica does not lead, requests are dropped:
/// whoever becomes the leader begins with every object.
/// </summary>
public sealed class EntityQueue<T>(WorkQueue<EntityKey> queue)
    where T : class, IKubernetesObject
{
    private volatile bool _open;

    /// <summary>True when nothing is waiting to be reconciled now, or being reconciled.</summary>
    public bool IsIdle => queue.IsIdle;

    /// <summary>Asks for one object, now or after a delay; the earliest of several requests counts.</summary>
    public void Enqueue(string? @namespace, string name, TimeSpan? delay = null)
    {
        if (_open)
            queue.AddAfter(new EntityKey(@namespace, name), delay ?? TimeSpan.Zero);
    }

    /// <inheritdoc cref="Enqueue(string?, string, TimeSpan?)"/>
    public void Enqueue(T entity, TimeSpan? delay = null) => Enqueue(entity.Metadata.Namespace, entity.Metadata.Name, delay);

    internal WorkQueue<EntityKey> Work => queue;

    internal void Open() => _open = true;

    internal void Close() => _open = false;
}
