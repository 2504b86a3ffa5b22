using System.Globalization;
using System.Text.Json.Nodes;
using Kubernetes.Client;
using Kubernetes.Model;

namespace Kubernetes.Controllers;

/// <summary>
/// Puts finalizers on objects and takes them off, touching nothing else: a JSON patch that holds only for the version it was made for.
/// When somebody else was faster, the object is read again and the patch made anew.
/// </summary>
internal sealed class Finalizers(KubernetesClient client)
{
    private const int MaxTries = 5;

    /// <summary>The object with all of these finalizers; null when it is gone or being deleted.</summary>
    public Task<T?> AddAsync<T>(T entity, IReadOnlyCollection<string> finalizers, CancellationToken cancellationToken)
        where T : class, IKubernetesObject =>
        PatchAsync(
            entity,
            current => current.Metadata.DeletionTimestamp is null ? Additions(current.Metadata, finalizers) : [],
            cancellationToken);

    /// <summary>The object without this finalizer; null when it is gone.</summary>
    public Task<T?> RemoveAsync<T>(T entity, string finalizer, CancellationToken cancellationToken)
        where T : class, IKubernetesObject =>
        PatchAsync(entity, current => Removal(current.Metadata, finalizer), cancellationToken);

    private async Task<T?> PatchAsync<T>(T entity, Func<T, List<JsonPatchOperation>> plan, CancellationToken cancellationToken)
        where T : class, IKubernetesObject
    {
        var uid = entity.Metadata.Uid;
        for (var tries = 1; ; tries++)
        {
            var operations = plan(entity);
            if (operations.Count == 0)
                return entity;
            operations.Insert(0, JsonPatchOperation.Test("/metadata/resourceVersion", entity.Metadata.ResourceVersion));
            try
            {
                return await client.PatchAsync<T>(
                    entity.Metadata.Namespace, entity.Metadata.Name, Patch.Json(operations), cancellationToken);
            }
            catch (NotFoundException)
            {
                return null;
            }
            catch (ApiException e) when (e is ConflictException or InvalidException && tries < MaxTries)
            {
                // A test that does not hold comes back as 422, a write that came between as 409.
                var current = await client.FindAsync<T>(entity.Metadata.Namespace, entity.Metadata.Name, cancellationToken);
                if (current is null || current.Metadata.Uid != uid)
                    return null;
                if (current.Metadata.ResourceVersion == entity.Metadata.ResourceVersion)
                    throw;
                entity = current;
            }
        }
    }

    private static List<JsonPatchOperation> Additions(ObjectMeta metadata, IReadOnlyCollection<string> finalizers)
    {
        var present = metadata.Finalizers ?? [];
        var missing = finalizers.Where(finalizer => !present.Contains(finalizer)).ToList();
        if (missing.Count == 0)
            return [];
        if (present.Count == 0)
            return [JsonPatchOperation.Add("/metadata/finalizers", new JsonArray([.. missing.Select(name => JsonValue.Create(name))]))];
        return [.. missing.Select(name => JsonPatchOperation.Add("/metadata/finalizers/-", name))];
    }

    private static List<JsonPatchOperation> Removal(ObjectMeta metadata, string finalizer)
    {
        var index = metadata.Finalizers?.IndexOf(finalizer) ?? -1;
        if (index < 0)
            return [];
        var path = "/metadata/finalizers/" + index.ToString(CultureInfo.InvariantCulture);
        return [JsonPatchOperation.Test(path, finalizer), JsonPatchOperation.Remove(path)];
    }
}
