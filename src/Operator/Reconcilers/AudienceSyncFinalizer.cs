using Kubernetes.Controllers;
using Kubernetes.Informers;
using Segmentation.Operator.Audiences;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Workspaces;
using Segmentation.Resources;

namespace Segmentation.Operator.Reconcilers;

/// <summary>
/// Keeps a deleted AudienceSync until its deliveries have ended and its checkpoint is gone; with the last one of a segment the outbox goes, too.
/// </summary>
internal sealed class AudienceSyncFinalizer(
    AudienceRegistry registry,
    CheckpointStore checkpoints,
    CatalogStore catalogs,
    RedisConnection redis,
    EntityStore<AudienceSync> syncs,
    TimeProvider time) : IEntityFinalizer<AudienceSync>
{
    public const string Name = SegmentationApi.Group + "/audience-checkpoint";

    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(500);

    // A namespace must not be kept from going because a partition makes no progress.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    public async Task<ReconciliationResult<AudienceSync>> FinalizeAsync(AudienceSync entity, CancellationToken cancellationToken)
    {
        var workspace = entity.Metadata.Namespace!;
        await registry.StopAsync(EntityKey.Of(entity));
        await checkpoints.DeleteAsync(workspace, entity.Metadata.Uid!);

        var segment = entity.Spec.SegmentRef.Name;
        var isLast = !syncs.List(workspace).Any(s => s.Metadata.DeletionTimestamp is null && s.Spec.SegmentRef.Name == segment);
        var dropped = !isLast || await DropOutboxAsync(workspace, segment, time.GetUtcNow() - entity.Metadata.DeletionTimestamp > LongestWait);
        return ReconciliationResult<AudienceSync>.Success(entity, dropped ? null : Wait);
    }

    /// <returns>False while commits still write it somewhere: they cease when the partitions have heard that nobody reads it.</returns>
    private async Task<bool> DropOutboxAsync(string workspace, string segment, bool evenIfWritten)
    {
        var partitions = (await catalogs.ReadAsync(workspace)).Partitions;
        var outbox = new Outbox(redis, workspace, segment);
        var dropped = await Task.WhenAll(Enumerable.Range(0, partitions).Select(p => outbox.DropAsync(p, evenIfWritten)));
        return dropped.All(d => d);
    }
}
