using System.Collections.Frozen;
using Kubernetes.Model;

namespace Kubernetes.Client;

/// <summary>The kinds that this process speaks: those registered with <c>AddEntity</c>, and the runtime's own.</summary>
public sealed class EntityTypes
{
    private readonly FrozenDictionary<Type, EntityType> _types;

    public EntityTypes(IEnumerable<EntityType> registered)
    {
        var types = new Dictionary<Type, EntityType>
        {
            [typeof(V1Lease)] = new EntityType<V1Lease>(KubernetesJson.Default.V1Lease),
            [typeof(V1Secret)] = new EntityType<V1Secret>(KubernetesJson.Default.V1Secret),
            [typeof(EventsV1Event)] = new EntityType<EventsV1Event>(KubernetesJson.Default.EventsV1Event),
        };
        foreach (var type in registered)
            types[type.ClrType] = type;
        _types = types.ToFrozenDictionary();
    }

    /// <exception cref="InvalidOperationException">The kind was not registered.</exception>
    public EntityType<T> Of<T>()
        where T : class, IKubernetesObject =>
        _types.TryGetValue(typeof(T), out var type)
            ? (EntityType<T>)type
            : throw new InvalidOperationException($"{typeof(T).FullName} is not registered: call AddEntity with its JsonTypeInfo.");
}
