namespace Kubernetes.Informers;

public enum EntityChangeKind
{
    Added = 0,
    Updated = 1,
    Deleted = 2,
}

/// <summary>One change of an <see cref="EntityStore{T}"/>.</summary>
/// <param name="Entity">The object as it is now; when deleted, as it was last seen. Shared: not to be modified.</param>
/// <param name="Previous">What an update replaced.</param>
/// <param name="IsInitial">True when the object was there already as the process started, or as the subscription began.</param>
public sealed record EntityChange<T>(EntityChangeKind Kind, T Entity, T? Previous, bool IsInitial)
    where T : class;
