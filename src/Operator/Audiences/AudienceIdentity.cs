using Kubernetes.Informers;
using Segmentation.Resources;

namespace Segmentation.Operator.Audiences;

/// <summary>One generation of one AudienceSync, ready to be followed.</summary>
/// <param name="Workspace">Its namespace.</param>
/// <param name="Uid">Names its checkpoint: a new object of the same name begins anew.</param>
/// <param name="SkipDeletions">Whether the audience stays as it is when the segment is deleted.</param>
internal sealed record AudienceIdentity(
    string Workspace, string Name, string Uid, long Generation, AudienceSyncDefinition Definition, bool SkipDeletions)
{
    public EntityKey Key => new(Workspace, Name);

    public string Segment => Definition.SegmentName;

    /// <returns>Null when there is nothing to follow: it is being deleted, suspended, or its spec is invalid.</returns>
    public static AudienceIdentity? Of(AudienceSync? sync)
    {
        if (sync is null || sync.Metadata.DeletionTimestamp is not null || sync.Spec.Suspend) return null;
        return AudienceSyncCompiler.Compile(sync.Spec).Definition is { } definition
            ? new AudienceIdentity(
                sync.Metadata.Namespace!, sync.Metadata.Name, sync.Metadata.Uid!, sync.Metadata.Generation, definition,
                sync.Spec.OnSegmentDeletion == SegmentDeletionPolicy.Retain)
            : null;
    }
}
