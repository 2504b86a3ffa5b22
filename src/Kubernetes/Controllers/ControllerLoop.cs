using Kubernetes.Informers;
using Kubernetes.LeaderElection;
using Kubernetes.Model;
using Kubernetes.Queue;
using Microsoft.Extensions.Logging;

namespace Kubernetes.Controllers;

/// <summary>One kind's controller while this replica leads.</summary>
internal interface IControllerLoop
{
    /// <summary>Completes when the objects it works on are known.</summary>
    Task WaitForSyncAsync(CancellationToken cancellationToken);

    /// <summary>Works until <paramref name="stopTaking"/>, and then finishes what it has begun.</summary>
    /// <param name="abort">Ends what has begun, too.</param>
    Task RunAsync(CancellationToken stopTaking, CancellationToken abort);
}

/// <summary>Turns changes into keys, and keys into work for a fixed number of workers.</summary>
internal sealed class ControllerLoop<T>(
    EntityStore<T> store, EntityQueue<T> queue, Reconciler<T> reconciler, ChangePredicate predicate, ControllerMetrics metrics, int workers,
    Leadership leadership, TimeProvider time, ILogger logger) : IControllerLoop
    where T : class, IKubernetesObject
{
    public Task WaitForSyncAsync(CancellationToken cancellationToken) => store.WaitForSyncAsync(cancellationToken);

    public async Task RunAsync(CancellationToken stopTaking, CancellationToken abort)
    {
        queue.Open();
        using var subscription = store.Subscribe(OnChange);
        Log.ControllerStarted(logger, typeof(T).Name, workers);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(() => WorkAsync(stopTaking, abort), CancellationToken.None)));
        queue.Close();
        Log.ControllerStopped(logger, typeof(T).Name);
    }

    private void OnChange(EntityChange<T> change)
    {
        if (change.Kind == EntityChangeKind.Deleted)
            reconciler.NoteDeleted(change.Entity);
        if (predicate.Counts(change))
            queue.Work.Add(EntityKey.Of(change.Entity), change.IsInitial ? QueuePriority.Low : QueuePriority.Live);
    }

    private async Task WorkAsync(CancellationToken stopTaking, CancellationToken abort)
    {
        while (!stopTaking.IsCancellationRequested)
        {
            EntityKey key;
            try
            {
                await leadership.WaitUntilProvenAsync(stopTaking);
                key = await queue.Work.TakeAsync(stopTaking);
            }
            catch (OperationCanceledException) when (stopTaking.IsCancellationRequested)
            {
                return;
            }

            try
            {
                // The key may have come together with the wish to stop. And a process that slept past its lease learns of it here,
                // before its timers ring: a successor may have written what this one would overwrite with older knowledge.
                if (!leadership.IsProven)
                    queue.Work.Add(key, QueuePriority.Live);
                else if (!stopTaking.IsCancellationRequested)
                    await ProcessAsync(key, abort);
            }
            finally
            {
                queue.Work.Done(key);
            }
        }
    }

    private async Task ProcessAsync(EntityKey key, CancellationToken abort)
    {
        metrics.Started();
        var started = time.GetTimestamp();
        Outcome? outcome = null;
        using var scope = new ReconcileScope(logger, typeof(T).Name, key, store.Get(key.Namespace, key.Name)?.Metadata.Generation);
        try
        {
            outcome = await reconciler.RunAsync(key, abort);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            // Cut short from outside; whoever leads next begins with every object.
            return;
        }
        catch (Exception e)
        {
            outcome = new Outcome(OutcomeKind.Error, Message: e.Message, Error: e);
        }
        finally
        {
            metrics.Ended(outcome, time.GetElapsedTime(started));
            scope.End(outcome);
            if (outcome is not null)
                Log.Reconciled(logger, typeof(T).Name, key.ToString(), outcome.Kind.ToString(), time.GetElapsedTime(started).TotalMilliseconds);
        }

        Requeue(key, outcome);
    }

    private void Requeue(EntityKey key, Outcome outcome)
    {
        switch (outcome.Kind)
        {
            case OutcomeKind.Error when outcome.After is { } asked:
                queue.Work.AddAfter(key, asked);
                Log.ReconcileFailed(logger, outcome.Error, typeof(T).Name, key.ToString(), asked.TotalSeconds, outcome.Message ?? "");
                return;
            case OutcomeKind.Error:
                var wait = queue.Work.AddAfterFailure(key);
                Log.ReconcileFailed(logger, outcome.Error, typeof(T).Name, key.ToString(), wait.TotalSeconds, outcome.Message ?? "");
                return;
            case OutcomeKind.TerminalError:
                Log.ReconcileFailedForGood(logger, typeof(T).Name, key.ToString(), outcome.Message ?? "");
                break;
        }

        queue.Work.Forget(key);
        if (outcome.After is { } after)
            queue.Work.AddAfter(key, after);
    }
}
