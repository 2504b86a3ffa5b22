using System.Collections.Concurrent;
using Kubernetes.Client;
using Kubernetes.Informers;
using Kubernetes.LeaderElection;
using Kubernetes.Model;

namespace Kubernetes.Controllers;

/// <summary>
/// The work on one key, as a short list of phases: say that an object is gone, or finalize the one that is going, or see to its
/// finalizers and reconcile it; then write its status.
/// </summary>
internal sealed class Reconciler<T>(
    KubernetesClient client, EntityStore<T> store, IEntityHandlers<T> handlers, IReadOnlyList<string> finalizerNames,
    TimeSpan statusInterval, Leadership leadership, TimeProvider time)
    where T : class, IKubernetesObject
{
    private readonly EntityType<T> _type = client.Types.Of<T>();
    private readonly Finalizers _finalizers = new(client);
    private readonly OwnWrites<T> _ownWrites = new(store);
    private readonly ConcurrentDictionary<EntityKey, T> _deleted = new();
    private StatusWriter<T>? _statusWriter;

    private StatusWriter<T> Status => _statusWriter ??= new(client, _ownWrites, statusInterval, leadership, time);

    /// <summary>Notes that an object is gone; its key must be worked on next.</summary>
    public void NoteDeleted(T entity) => _deleted[EntityKey.Of(entity)] = entity;

    public async Task<Outcome> RunAsync(EntityKey key, CancellationToken cancellationToken)
    {
        var outcome = Outcome.Done;
        if (_deleted.TryGetValue(key, out var gone))
        {
            outcome = await DeletedAsync(key, gone, cancellationToken);
            if (outcome.Kind == OutcomeKind.Error)
                return outcome;
        }

        // The version first: should the watch move the store in between, our later write counts as older, which is safe.
        var seenVersion = store.Get(key.Namespace, key.Name)?.Metadata.ResourceVersion;
        if (_ownWrites.Read(key) is not { } current)
            return outcome;
        return current.Metadata.DeletionTimestamp is null
            ? await ReconcileAsync(current, seenVersion, cancellationToken)
            : await FinalizeAsync(current, seenVersion, cancellationToken);
    }

    private async Task<Outcome> DeletedAsync(EntityKey key, T gone, CancellationToken cancellationToken)
    {
        var result = await handlers.DeletedAsync(_type.Copy(gone), cancellationToken);
        if (result.IsSuccess || result.IsTerminal)
        {
            _deleted.TryRemove(new KeyValuePair<EntityKey, T>(key, gone));
            Status.Forget(key);
        }

        return ToOutcome(result);
    }

    private async Task<Outcome> ReconcileAsync(T current, string? seenVersion, CancellationToken cancellationToken)
    {
        if (finalizerNames.Any(name => current.Metadata.Finalizers?.Contains(name) != true))
        {
            var key = EntityKey.Of(current);
            var patched = await _finalizers.AddAsync(current, finalizerNames, cancellationToken);
            if (patched is null || patched.Metadata.DeletionTimestamp is not null)
                return Outcome.Done; // going or gone: the watch brings it
            _ownWrites.Wrote(key, seenVersion, patched);
            current = patched;
        }

        var result = await handlers.ReconcileAsync(_type.Copy(current), cancellationToken);
        var status = await Status.WriteAsync(current, result.Entity, seenVersion, cancellationToken);
        return ToOutcome(result).NoLaterThan(status.Deferred);
    }

    private async Task<Outcome> FinalizeAsync(T current, string? seenVersion, CancellationToken cancellationToken)
    {
        var ours = finalizerNames.Where(name => current.Metadata.Finalizers?.Contains(name) == true).ToList();
        foreach (var name in ours)
        {
            var result = await handlers.FinalizeAsync(name, _type.Copy(current), cancellationToken);
            if (result.IsSuccess && result.RequeueAfter is null)
            {
                if (await _finalizers.RemoveAsync(current, name, cancellationToken) is not { } patched)
                    return Outcome.Done;
                _ownWrites.Wrote(EntityKey.Of(current), seenVersion, patched);
                current = patched;
                continue;
            }

            var status = await Status.WriteAsync(current, result.Entity, seenVersion, cancellationToken);
            return ToOutcome(result).NoLaterThan(status.Deferred);
        }

        return Outcome.Done;
    }

    private static Outcome ToOutcome(ReconciliationResult<T> result) => result switch
    {
        { IsTerminal: true } => new(OutcomeKind.TerminalError, Message: result.ErrorMessage),
        { IsFailure: true } => new(OutcomeKind.Error, result.RequeueAfter, result.ErrorMessage, result.Error),
        { RequeueAfter: { } after } => new(OutcomeKind.RequeueAfter, after),
        _ => Outcome.Done,
    };
}
