using Kubernetes.Client;
using Kubernetes.Model;
using Microsoft.Extensions.Logging;

namespace Kubernetes.Informers;

/// <summary>Keeps one kind's store current. Runs on every replica.</summary>
internal interface IInformer
{
    Task RunAsync(CancellationToken cancellationToken);
}

/// <summary>One reflector per watched namespace, or one for all.</summary>
internal sealed class Informer<T> : IInformer
    where T : class, IKubernetesObject
{
    private readonly IReadOnlyList<Reflector<T>> _reflectors;

    public Informer(
        KubernetesClient client, EntityStore<T> store, IReadOnlyCollection<string> namespaces, string? labelSelector, InformerHealth health,
        TimeProvider time, ILogger<Informer<T>> logger)
    {
        var type = client.Types.Of<T>();
        var everywhere = namespaces.Count == 0 || type.Scope == EntityScope.Cluster;
        IReadOnlyList<string?> scopes = everywhere ? [null] : [.. namespaces];
        _reflectors = [.. scopes.Select(scope =>
        {
            var record = new InformerRecord(
                type.Kind, scope, () => store.HasSynced, () => scope is null ? store.Count : store.List(scope).Count,
                () => store.Undecodable.Count(item => scope is null || item.Key.Namespace == scope), time);
            health.Add(record);
            return new Reflector<T>(client, store, scope, labelSelector, record, time, new Random(), logger);
        })];
    }

    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_reflectors.Select(reflector => reflector.RunAsync(cancellationToken)));
}
