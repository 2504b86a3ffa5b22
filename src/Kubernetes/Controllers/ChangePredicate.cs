using Kubernetes.Informers;
using Kubernetes.Model;

namespace Kubernetes.Controllers;

/// <summary>
/// Which changes call for a reconciliation: a new generation, deletion, finalizers, and the annotations and labels named.
/// A status that we wrote ourselves changes none of them.
/// </summary>
internal sealed class ChangePredicate(IReadOnlyCollection<string> annotations, IReadOnlyCollection<string> labels)
{
    public bool Counts<T>(EntityChange<T> change)
        where T : class, IKubernetesObject
    {
        if (change is not { Kind: EntityChangeKind.Updated, Previous.Metadata: { } before })
            return true;
        var after = change.Entity.Metadata;
        // Kinds without a generation (secrets, config maps) do not tell spec from status: every change counts.
        return after.Generation == 0
            || before.Generation != after.Generation
            || before.DeletionTimestamp != after.DeletionTimestamp
            || !(before.Finalizers ?? []).SequenceEqual(after.Finalizers ?? [])
            || Differ(before.Annotations, after.Annotations, annotations)
            || Differ(before.Labels, after.Labels, labels);
    }

    private static bool Differ(IDictionary<string, string>? before, IDictionary<string, string>? after, IReadOnlyCollection<string> keys) =>
        keys.Any(key => Value(before, key) != Value(after, key));

    private static string? Value(IDictionary<string, string>? values, string key) =>
        values is not null && values.TryGetValue(key, out var value) ? value : null;
}
