using Kubernetes.Client;
using Kubernetes.Model;

namespace Kubernetes.Informers;

/// <summary>Collects the whole state that a watch sends at its beginning, until the bookmark that ends it.</summary>
internal sealed class InitialState<T>
    where T : class, IKubernetesObject
{
    private readonly Dictionary<EntityKey, T> _objects = [];
    private readonly Dictionary<EntityKey, string> _undecodable = [];

    public IEnumerable<T> Objects => _objects.Values;

    public IEnumerable<UndecodableObjectKey> Undecodable => _undecodable.Select(pair => new UndecodableObjectKey(pair.Key, pair.Value));

    public void Add(WatchEvent<T> change)
    {
        if (change.Kind == WatchEventKind.Bookmark)
            return;
        var key = new EntityKey(change.Metadata.Namespace, change.Metadata.Name);
        _objects.Remove(key);
        _undecodable.Remove(key);
        if (change.Kind == WatchEventKind.Deleted)
            return;
        if (change.Entity is { } entity)
            _objects[key] = entity;
        else
            _undecodable[key] = change.DecodeError ?? "";
    }
}
