using Kubernetes.Client;
using Kubernetes.Informers;
using Kubernetes.Model;
using Microsoft.Extensions.Logging;

namespace Kubernetes.LeaderElection;

/// <summary>
/// This replica's own Lease, renewed for as long as it works and deleted when it has stopped, and the watch on those of the others: together they
/// keep <see cref="LiveReplicas"/> current.
/// </summary>
[EntityRbac(typeof(V1Lease), Verbs = RbacVerb.Get | RbacVerb.List | RbacVerb.Watch | RbacVerb.Create | RbacVerb.Patch | RbacVerb.Delete, OwnNamespaceOnly = true)]
internal sealed class ReplicaLease(
    LeaderElectionOptions options, LeaseRecord record, KubernetesClient client, string @namespace, LiveReplicas replicas, TimeProvider time, ILogger<ReplicaLease> logger)
{
    // A replica that crashed leaves its Lease behind; long after anybody could still take it for alive, another one deletes it.
    private static readonly TimeSpan LeftBehind = TimeSpan.FromMinutes(10);

    private readonly EntityStore<V1Lease> _leases = new([@namespace]);
    private V1Lease? _mine;

    /// <summary>Renews and watches until cancelled; the Lease stays.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var watch = new InformerRecord("Lease", @namespace, () => _leases.HasSynced, () => _leases.Count, () => _leases.Undecodable.Count, time);
        var reflector = new Reflector<V1Lease>(client, _leases, @namespace, options.ReplicaSelector, watch, time, new Random(), logger);
        using var subscription = _leases.Subscribe(Follow);
        try
        {
            await Task.WhenAll(reflector.RunAsync(cancellationToken), RenewAsync(cancellationToken), LookAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    /// <summary>Deletes the Lease, so that the others take over at once. To be called when this replica's work has ended.</summary>
    public async Task LeaveAsync()
    {
        replicas.Leave();
        if (_mine is null)
            return;
        using var limit = new CancellationTokenSource(options.RetryPeriod, time);
        try
        {
            await client.DeleteAsync<V1Lease>(@namespace, _mine.Metadata.Name, limit.Token);
            Log.LeaseReleased(logger, replicas.Self, record.ToString());
        }
        catch (Exception e) when (e is KubernetesException or OperationCanceledException)
        {
            // Then it runs out by itself.
            Log.LeaseFailed(logger, record.ToString(), e.Message);
        }
    }

    private void Follow(EntityChange<V1Lease> change)
    {
        if (change.Kind == EntityChangeKind.Deleted)
            replicas.Lost(change.Entity.Metadata.Name);
        else
            replicas.Saw(change.Entity);
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await RenewOnceAsync(cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // Somebody else wrote or deleted it, or the server is away: look again before the next try.
                _mine = null;
                Log.LeaseFailed(logger, record.ToString(), e.Message);
            }

            await Task.Delay(options.RetryPeriod, time, cancellationToken);
        }
    }

    private async Task RenewOnceAsync(CancellationToken cancellationToken)
    {
        var timeout = options.RenewDeadline / 2;
        var current = _mine ?? await record.ReadAsync(timeout, cancellationToken);

        // In whole milliseconds, as it must come back the same.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        var spec = new V1LeaseSpec
        {
            HolderIdentity = replicas.Self,
            LeaseDurationSeconds = (int)options.LeaseDuration.TotalSeconds,
            AcquireTime = current?.Spec?.AcquireTime ?? now,
            RenewTime = now,
        };
        replicas.Sent(now);
        _mine = current is null
            ? await record.CreateAsync(spec, timeout, cancellationToken)
            : await record.WriteAsync(current.Metadata.ResourceVersion!, spec, timeout, cancellationToken);
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            replicas.Look();
            if (replicas.Current is [var first, ..] && first == replicas.Self)
                await DeleteLeftBehindAsync(cancellationToken);
            await Task.Delay(options.RetryPeriod / 4, time, cancellationToken);
        }
    }

    private async Task DeleteLeftBehindAsync(CancellationToken cancellationToken)
    {
        foreach (var name in replicas.LeftFor(LeftBehind))
        {
            try
            {
                await client.DeleteAsync<V1Lease>(@namespace, name, cancellationToken);
            }
            catch (KubernetesException e)
            {
                Log.LeaseFailed(logger, $"{@namespace}/{name}", e.Message);
            }
        }
    }
}
