using Kubernetes.Model;

namespace Kubernetes.Informers;

/// <summary>
/// The objects of one kind as last seen, kept by watching. Reads never wait for the network. The instances are shared: readers
/// do not modify them (controllers get copies).
/// </summary>
public sealed class EntityStore<T>
    where T : class, IKubernetesObject
{
    // Writes and the notifications that belong to them happen one after the other under _writes; reads take only _state.
    private readonly Lock _writes = new();
    private readonly Lock _state = new();
    private readonly Dictionary<string, Dictionary<string, T>> _byNamespace = [];
    private readonly Dictionary<EntityKey, string> _undecodable = [];
    private readonly HashSet<string> _unsynced;
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action<EntityChange<T>>? _subscribers;

    /// <param name="scopes">The namespaces that fill this store; empty for one scope, all namespaces.</param>
    public EntityStore(IReadOnlyCollection<string> scopes)
    {
        _unsynced = scopes.Count == 0 ? [""] : [.. scopes];
    }

    /// <summary>True once the first complete list is in, for ever after: later the store may lag, but never starts empty again.</summary>
    public bool HasSynced => _synced.Task.IsCompleted;

    /// <summary>Completes when <see cref="HasSynced"/> becomes true.</summary>
    public Task WaitForSyncAsync(CancellationToken cancellationToken) => _synced.Task.WaitAsync(cancellationToken);

    /// <summary>Objects that exist but cannot be read as <typeparamref name="T"/>, and why.</summary>
    public IReadOnlyDictionary<EntityKey, string> Undecodable
    {
        get
        {
            lock (_state)
                return new Dictionary<EntityKey, string>(_undecodable);
        }
    }

    public int Count
    {
        get
        {
            lock (_state)
                return _byNamespace.Values.Sum(objects => objects.Count);
        }
    }

    /// <summary>The object, or null.</summary>
    public T? Get(string? @namespace, string name)
    {
        lock (_state)
            return _byNamespace.TryGetValue(@namespace ?? "", out var objects) ? objects.GetValueOrDefault(name) : null;
    }

    /// <summary>The objects of one namespace, in no order; of all when null. Costs what it returns.</summary>
    public IReadOnlyList<T> List(string? @namespace = null)
    {
        lock (_state)
        {
            if (@namespace is null)
                return [.. _byNamespace.Values.SelectMany(objects => objects.Values)];
            return _byNamespace.TryGetValue(@namespace, out var found) ? [.. found.Values] : [];
        }
    }

    /// <summary>The namespaces that hold an object.</summary>
    public IReadOnlyList<string> Namespaces()
    {
        lock (_state)
            return [.. _byNamespace.Keys];
    }

    /// <summary>
    /// Calls back for every object that is there (as added, initial) and then for every change, one at a time and in order.
    /// The handler runs on the watch's own thread: it returns at once and does not throw.
    /// </summary>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable Subscribe(Action<EntityChange<T>> handler)
    {
        lock (_writes)
        {
            foreach (var entity in List())
                handler(new(EntityChangeKind.Added, entity, Previous: null, IsInitial: true));
            _subscribers += handler;
        }

        return new Subscription(this, handler);
    }

    /// <summary>Puts the whole state of a scope in place: what is not in it was deleted meanwhile.</summary>
    /// <param name="scope">A namespace, or null for all.</param>
    /// <param name="undecodable">Objects that are there without being readable: what is known of them stays.</param>
    internal void Replace(string? scope, IEnumerable<T> objects, IEnumerable<UndecodableObjectKey> undecodable)
    {
        lock (_writes)
        {
            bool initial;
            lock (_state)
                initial = _unsynced.Contains(scope ?? "");
            var present = new HashSet<EntityKey>();
            foreach (var entity in objects)
            {
                present.Add(EntityKey.Of(entity));
                Put(entity, initial);
            }

            var broken = undecodable.ToList();
            present.UnionWith(broken.Select(item => item.Key));
            foreach (var gone in List(scope).Select(entity => EntityKey.Of(entity)).Where(key => !present.Contains(key)).ToList())
                Take(gone, lastSeen: null);
            lock (_state)
            {
                var inScope = _undecodable.Keys.Where(key => scope is null || key.Namespace == scope);
                foreach (var key in inScope.Where(key => !present.Contains(key)).ToList())
                    _undecodable.Remove(key);
                foreach (var item in broken)
                    _undecodable[item.Key] = item.Error;
                _unsynced.Remove(scope ?? "");
                if (_unsynced.Count == 0)
                    _synced.TrySetResult();
            }
        }
    }

    /// <summary>An object was added or changed.</summary>
    internal void Upsert(T entity)
    {
        lock (_writes)
            Put(entity, initial: false);
    }

    /// <summary>An object is gone.</summary>
    /// <param name="lastSeen">Its last state, when the server sent it.</param>
    internal void Remove(EntityKey key, T? lastSeen)
    {
        lock (_writes)
            Take(key, lastSeen);
    }

    /// <summary>An object changed into something that cannot be read; the last readable state stays.</summary>
    internal void MarkUndecodable(EntityKey key, string error)
    {
        lock (_state)
            _undecodable[key] = error;
    }

    private void Put(T entity, bool initial)
    {
        var key = EntityKey.Of(entity);
        T? previous;
        lock (_state)
        {
            if (!_byNamespace.TryGetValue(key.Namespace ?? "", out var objects))
                _byNamespace[key.Namespace ?? ""] = objects = [];
            previous = objects.GetValueOrDefault(key.Name);
            objects[key.Name] = entity;
            _undecodable.Remove(key);
        }

        if (previous is null)
        {
            Notify(new(EntityChangeKind.Added, entity, Previous: null, initial));
        }
        else if (previous.Metadata.Uid != entity.Metadata.Uid)
        {
            // Deleted and created again while nobody watched: two objects, not one that changed.
            Notify(new(EntityChangeKind.Deleted, previous, Previous: null, IsInitial: false));
            Notify(new(EntityChangeKind.Added, entity, Previous: null, IsInitial: false));
        }
        else if (previous.Metadata.ResourceVersion != entity.Metadata.ResourceVersion)
        {
            Notify(new(EntityChangeKind.Updated, entity, previous, IsInitial: false));
        }
    }

    private void Take(EntityKey key, T? lastSeen)
    {
        T? removed = null;
        lock (_state)
        {
            _undecodable.Remove(key);
            if (_byNamespace.TryGetValue(key.Namespace ?? "", out var objects) && objects.Remove(key.Name, out removed) && objects.Count == 0)
                _byNamespace.Remove(key.Namespace ?? "");
        }

        if (removed is not null)
            Notify(new(EntityChangeKind.Deleted, lastSeen ?? removed, Previous: null, IsInitial: false));
    }

    private void Notify(EntityChange<T> change) => _subscribers?.Invoke(change);

    private void Unsubscribe(Action<EntityChange<T>> handler)
    {
        lock (_writes)
            _subscribers -= handler;
    }

    private sealed class Subscription(EntityStore<T> store, Action<EntityChange<T>> handler) : IDisposable
    {
        public void Dispose() => store.Unsubscribe(handler);
    }
}

/// <summary>The place of an object that cannot be read, and why.</summary>
internal readonly record struct UndecodableObjectKey(EntityKey Key, string Error);
