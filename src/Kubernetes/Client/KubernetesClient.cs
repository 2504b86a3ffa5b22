using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kubernetes.Model;

namespace Kubernetes.Client;

/// <summary>
/// Typed calls to the API server. Every method throws a <see cref="KubernetesException"/> when it does not succeed:
/// <see cref="ApiException"/>'s subclasses say what the server answered, <see cref="ServerUnreachableException"/> that it did not.
/// </summary>
public sealed class KubernetesClient(ApiTransport transport, EntityTypes types, string fieldManager)
{
    /// <summary>The name under which this client's server-side applies and patches are recorded.</summary>
    public string FieldManager { get; } = fieldManager;

    public EntityTypes Types { get; } = types;

    /// <exception cref="NotFoundException">There is none.</exception>
    public async Task<T> GetAsync<T>(string? @namespace, string name, CancellationToken cancellationToken)
        where T : class, IKubernetesObject
    {
        var type = Types.Of<T>();
        return type.Read(await transport.SendAsync(new ApiRequest(HttpMethod.Get, type.Path(@namespace, name)), cancellationToken));
    }

    /// <summary>Like <see cref="GetAsync{T}"/>, with null for an object that is not there.</summary>
    public async Task<T?> FindAsync<T>(string? @namespace, string name, CancellationToken cancellationToken)
        where T : class, IKubernetesObject
    {
        try
        {
            return await GetAsync<T>(@namespace, name, cancellationToken);
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    /// <summary>One page; <see cref="EntityList{T}.Continue"/> leads to the next.</summary>
    /// <param name="namespace">Null for all namespaces.</param>
    /// <exception cref="GoneException">The continue token has expired.</exception>
    public async Task<EntityList<T>> ListAsync<T>(string? @namespace, ListOptions? options, CancellationToken cancellationToken)
        where T : class, IKubernetesObject
    {
        var type = Types.Of<T>();
        var path = type.Path(@namespace) + (options ?? new ListOptions()).ToQuery();
        return ListReader.Read(await transport.SendAsync(new ApiRequest(HttpMethod.Get, path), cancellationToken), type);
    }

    /// <exception cref="AlreadyExistsException">The name is taken.</exception>
    /// <exception cref="InvalidException">The object breaks the schema or a rule.</exception>
    public async Task<T> CreateAsync<T>(T entity, CancellationToken cancellationToken)
        where T : class, IKubernetesObject
    {
        var type = Types.Of<T>();
        type.Complete(entity);
        var query = "?fieldManager=" + Uri.EscapeDataString(FieldManager);
        var request = new ApiRequest(HttpMethod.Post, type.Path(entity.Metadata.Namespace) + query)
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(entity, type.Json),
        };
        return type.Read(await transport.SendAsync(request, cancellationToken));
    }

    /// <param name="subresource">For example <c>status</c>; null for the object itself.</param>
    /// <param name="force">With server-side apply: takes fields over from other managers instead of failing with a conflict.</param>
    public Task<T> PatchAsync<T>(
        string? @namespace, string name, Patch patch, CancellationToken cancellationToken, string? subresource = null, bool force = false)
        where T : class, IKubernetesObject =>
        PatchAsync<T>(@namespace, name, patch, subresource, force, timeout: null, maxTries: RetryPolicy.MaxTries, cancellationToken);

    /// <summary>Deletes, with the kind's default propagation. What is not there counts as deleted.</summary>
    /// <param name="uid">When given, only the object with this uid is deleted, not a successor of the same name.</param>
    /// <exception cref="ConflictException">The object has another uid.</exception>
    public async Task DeleteAsync<T>(string? @namespace, string name, CancellationToken cancellationToken, string? uid = null)
        where T : class, IKubernetesObject
    {
        var request = new ApiRequest(HttpMethod.Delete, Types.Of<T>().Path(@namespace, name));
        if (uid is not null)
        {
            var preconditions = new JsonObject { ["uid"] = uid };
            var options = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions", ["preconditions"] = preconditions };
            request = request with { Body = Encoding.UTF8.GetBytes(options.ToJsonString()) };
        }

        try
        {
            await transport.SendAsync(request, cancellationToken);
        }
        catch (NotFoundException)
        {
            // Gone is what was asked for.
        }
    }

    /// <summary>
    /// Server-side applies the entity's status to <c>/status</c>: fields that this manager set before and that are absent now
    /// are removed, fields of others are left alone. When the entity carries a resource version, only that very version is changed.
    /// </summary>
    /// <exception cref="NotFoundException">The object is gone.</exception>
    /// <exception cref="ConflictException">The object has another resource version; it may be a successor of the same name.</exception>
    public Task<T> ApplyStatusAsync<T>(T entity, CancellationToken cancellationToken)
        where T : class, IKubernetesObject
    {
        var type = Types.Of<T>();
        var status = type.StatusOf(entity) ?? throw new InvalidOperationException($"{type.Kind} has no status.");
        var metadata = new JsonObject { ["name"] = entity.Metadata.Name };
        if (entity.Metadata.Namespace is { } @namespace)
            metadata["namespace"] = @namespace;
        // Not the uid: on /status the API server takes the metadata from what it has, and never looks at the one sent.
        if (entity.Metadata.ResourceVersion is { } version)
            metadata["resourceVersion"] = version;
        var fields = new JsonObject
        {
            ["apiVersion"] = type.ApiVersion,
            ["kind"] = type.Kind,
            ["metadata"] = metadata,
            ["status"] = JsonObject.Create(status),
        };
        return PatchAsync<T>(entity.Metadata.Namespace, entity.Metadata.Name, Patch.Apply(fields), cancellationToken, "status", force: true);
    }

    /// <summary>Sends any request; for what the typed calls do not cover.</summary>
    public Task<byte[]> SendAsync(ApiRequest request, CancellationToken cancellationToken) => transport.SendAsync(request, cancellationToken);

    /// <summary>
    /// Watches a collection until the server ends the watch, <paramref name="deadline"/> passes (a
    /// <see cref="ServerUnreachableException"/>) or the caller cancels.
    /// </summary>
    /// <param name="query">The query, with its question mark.</param>
    internal async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        EntityType<T> type, string? @namespace, string query, CancellationTokenSource deadline, Action opened,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IKubernetesObject
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var request = new ApiRequest(HttpMethod.Get, type.Path(@namespace) + query);
        using var response = await transport.OpenAsync(request, either.Token);
        opened();
        await using var body = await response.Content.ReadAsStreamAsync(either.Token);
        await using var lines = WatchReader.ReadAsync(body, type, either.Token).GetAsyncEnumerator(either.Token);
        while (true)
        {
            try
            {
                if (!await lines.MoveNextAsync())
                    yield break;
            }
            catch (Exception e) when (
                e is IOException or HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw new ServerUnreachableException(
                    deadline.IsCancellationRequested
                        ? $"{request}: the watch outlived its time without being ended by the server"
                        : $"{request}: the watch broke off: {e.Message}",
                    e);
            }

            yield return lines.Current;
        }
    }

    internal async Task<T> PatchAsync<T>(
        string? @namespace, string name, Patch patch, string? subresource, bool force, TimeSpan? timeout, int maxTries,
        CancellationToken cancellationToken)
        where T : class, IKubernetesObject
    {
        var type = Types.Of<T>();
        var query = new QueryString();
        query.Add("fieldManager", FieldManager);
        if (patch.IsApply)
            query.Add("force", force.ToString(CultureInfo.InvariantCulture).ToLowerInvariant());
        var request = new ApiRequest(HttpMethod.Patch, type.Path(@namespace, name, subresource) + query)
        {
            Body = patch.Body,
            ContentType = patch.ContentType,
            Timeout = timeout,
            MaxTries = maxTries,
        };
        return type.Read(await transport.SendAsync(request, cancellationToken));
    }
}
