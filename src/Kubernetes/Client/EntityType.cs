using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Kubernetes.Model;

namespace Kubernetes.Client;

/// <summary>What the API server calls a kind, and the paths of its objects.</summary>
public abstract class EntityType
{
    private protected EntityType(Type type)
    {
        var entity = type.GetCustomAttribute<KubernetesEntityAttribute>()
            ?? throw new InvalidOperationException($"{type.FullName} needs [KubernetesEntity(Group, ApiVersion, Kind, PluralName)].");
        ClrType = type;
        Group = entity.Group;
        Version = entity.ApiVersion;
        Kind = entity.Kind.Length > 0 ? entity.Kind : type.Name;
        Plural = entity.PluralName.Length > 0 ? entity.PluralName : Kind.ToLowerInvariant() + "s";
        Scope = type.GetCustomAttribute<EntityScopeAttribute>()?.Scope ?? EntityScope.Namespaced;
    }

    public Type ClrType { get; }

    /// <summary>The API group; empty for the core group.</summary>
    public string Group { get; }

    public string Version { get; }

    public string Kind { get; }

    public string Plural { get; }

    public EntityScope Scope { get; }

    /// <summary><c>group/version</c>, or the version alone in the core group.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>
    /// The path of an object, of a subresource, or (without a name) of a collection. Without a namespace the collection
    /// of a namespaced kind is that of all namespaces.
    /// </summary>
    public string Path(string? @namespace, string? name = null, string? subresource = null)
    {
        if (name is not null && Scope == EntityScope.Namespaced && string.IsNullOrEmpty(@namespace))
            throw new ArgumentException($"{Kind} '{name}' needs a namespace.", nameof(@namespace));
        var path = Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";
        if (!string.IsNullOrEmpty(@namespace) && Scope == EntityScope.Namespaced)
            path += $"/namespaces/{Uri.EscapeDataString(@namespace)}";
        path += "/" + Plural;
        if (name is not null)
            path += "/" + Uri.EscapeDataString(name);
        return subresource is null ? path : $"{path}/{subresource}";
    }

    public override string ToString() => Group.Length == 0 ? Kind : $"{Kind}.{Group}";
}

/// <summary>A kind and how its objects are read and written.</summary>
public sealed class EntityType<T>(JsonTypeInfo<T> json) : EntityType(typeof(T))
    where T : class, IKubernetesObject
{
    public JsonTypeInfo<T> Json { get; } = json;

    /// <summary>A copy that shares nothing with the original.</summary>
    public T Copy(T entity) =>
        JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(entity, Json), Json)
        ?? throw new JsonException($"A {Kind} was written as null.");

    /// <summary>The status as it would be sent; null when the kind has none.</summary>
    public JsonElement? StatusOf(T entity) =>
        JsonSerializer.SerializeToElement(entity, Json) is { ValueKind: JsonValueKind.Object } whole
        && whole.TryGetProperty("status", out var status) ? status : null;

    /// <summary>Fills in what the server leaves out of list items.</summary>
    internal T Complete(T entity)
    {
        entity.ApiVersion ??= ApiVersion;
        entity.Kind ??= Kind;
        return entity;
    }

    /// <exception cref="JsonException">The text is not such an object.</exception>
    internal T Read(ReadOnlySpan<byte> utf8) =>
        Complete(JsonSerializer.Deserialize(utf8, Json) ?? throw new JsonException($"Expected a {Kind}, found null."));
}
