using System.Threading.Channels;
using Kubernetes.Informers;
using Kubernetes.LeaderElection;
using Kubernetes.Model;
using Segmentation.Operator.Workspaces;
using Segmentation.Resources;

namespace Segmentation.Operator.Audiences;

/// <summary>
/// Follows the AudienceSyncs while this replica leads: each has a runner as long as it is neither suspended nor being deleted and its spec is valid;
/// a new generation gets a new one.
/// </summary>
internal sealed class AudienceWorker(
    EntityStore<AudienceSync> syncs,
    EntityStore<Segment> segments,
    EntityStore<RfmPolicy> policies,
    WorkspaceRegistry workspaces,
    AudienceRegistry registry,
    AudienceServices services) : ILeaderWork
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var changed = Channel.CreateUnbounded<EntityKey>(new UnboundedChannelOptions { SingleReader = true });
        using var ofSyncs = syncs.Subscribe(c => changed.Writer.TryWrite(EntityKey.Of(c.Entity)));
        using var ofSegments = segments.Subscribe(change => RefreshStatuses(change, (sync, name) => sync.SegmentRef.Name == name));
        using var ofPolicies = policies.Subscribe(change => RefreshStatuses(change, (sync, name) => sync.Include?.RfmPolicy == name));
        workspaces.MembershipChanges += registry.Signal;
        try
        {
            await foreach (var key in changed.Reader.ReadAllAsync(cancellationToken))
                await registry.ApplyAsync(key, () => AudienceIdentity.Of(syncs.Get(key.Namespace, key.Name)), identity => new AudienceRunner(identity, services));
        }
        finally
        {
            workspaces.MembershipChanges -= registry.Signal;
            await registry.StopAllAsync();
        }
    }

    // Whether what it names exists is part of the status.
    private void RefreshStatuses<T>(EntityChange<T> change, Func<AudienceSyncSpec, string, bool> names)
        where T : class, IKubernetesObject
    {
        if (change.Kind == EntityChangeKind.Updated && change.Previous?.Metadata.DeletionTimestamp == change.Entity.Metadata.DeletionTimestamp) return;
        foreach (var sync in syncs.List(change.Entity.Metadata.Namespace).Where(s => names(s.Spec, change.Entity.Metadata.Name))) services.Queue.Enqueue(sync);
    }
}
