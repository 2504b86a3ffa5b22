using Kubernetes.Controllers;
using Segmentation.Operator.Workspaces;
using Segmentation.Resources;

namespace Segmentation.Operator.Reconcilers;

/// <summary>Keeps a deleted Segment until its members, statistics and catalog entry are gone from Redis.</summary>
internal sealed class SegmentFinalizer(WorkspaceRegistry registry) : IEntityFinalizer<Segment>
{
    public const string Name = SegmentationApi.Group + "/segment-data";

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    public Task<ReconciliationResult<Segment>> FinalizeAsync(Segment entity, CancellationToken cancellationToken)
    {
        var workspace = registry.Find(entity.Metadata.Namespace!);
        var gone = workspace is not null && workspace.IsPlanned && !workspace.Catalog.Segments.ContainsKey(entity.Metadata.Name);
        gone |= workspace is null && registry.OtherShard(entity.Metadata.Namespace!) is not null; // it never had any data
        if (!gone) registry.ReplanNeeded(entity.Metadata.Namespace!);
        return Task.FromResult(ReconciliationResult<Segment>.Success(entity, gone ? null : Wait));
    }
}
