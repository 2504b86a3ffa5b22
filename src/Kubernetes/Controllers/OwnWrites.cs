using System.Collections.Concurrent;
using System.Collections.Immutable;
using Kubernetes.Informers;
using Kubernetes.Model;

namespace Kubernetes.Controllers;

/// <summary>
/// Objects as our own writes left them, until the watch brings them. Without this a reconciliation soon after a write would see
/// the status from before it and undo what it just said.
/// </summary>
internal sealed class OwnWrites<T>(EntityStore<T> store)
    where T : class, IKubernetesObject
{
    private readonly ConcurrentDictionary<EntityKey, Write> _writes = new();

    /// <summary>The newest known state of an object; shared, as in the store.</summary>
    public T? Read(EntityKey key)
    {
        var stored = store.Get(key.Namespace, key.Name);
        if (!_writes.TryGetValue(key, out var write))
            return stored;
        // Versions can only be compared for equality: while the store is at one that we know to be older, our answer is newer.
        if (stored is not null && write.Older.Contains(stored.Metadata.ResourceVersion))
            return write.Answer;
        _writes.TryRemove(key, out _);
        return stored;
    }

    /// <summary>Remembers what the server answered to a write.</summary>
    /// <param name="seenVersion">The version that the store held when the work began that led to the write.</param>
    public void Wrote(EntityKey key, string? seenVersion, T answer)
    {
        var older = _writes.TryGetValue(key, out var earlier) ? earlier.Older.Add(earlier.Answer.Metadata.ResourceVersion) : [];
        _writes[key] = new Write(older.Add(seenVersion), answer);
    }

    private sealed record Write(ImmutableHashSet<string?> Older, T Answer);
}
