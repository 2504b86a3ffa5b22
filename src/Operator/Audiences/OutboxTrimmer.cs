using Kubernetes.Informers;
using Segmentation.Resources;

namespace Segmentation.Operator.Audiences;

/// <summary>Forgets outbox entries that no AudienceSync of the segment needs any more.</summary>
internal sealed class OutboxTrimmer(EntityStore<AudienceSync> syncs, CheckpointStore checkpoints)
{
    /// <summary>
    /// Trims the given partitions up to the smallest checkpoint. A sync that has a checkpoint but has not begun in a partition holds all of its
    /// entries; one without a checkpoint has noted nothing yet and holds none.
    /// </summary>
    public async Task TrimAsync(Outbox outbox, string workspace, string segment, IReadOnlyList<int> partitions)
    {
        if (partitions.Count == 0) return;
        var readers = syncs.List(workspace).Where(s => s.Metadata.DeletionTimestamp is null && s.Spec.SegmentRef.Name == segment);
        var floors = await Task.WhenAll(readers.Select(s => checkpoints.ReadFloorsAsync(workspace, s.Metadata.Uid!, segment, partitions)));
        var known = floors.OfType<IReadOnlyList<StreamId?>>().ToArray();
        if (known.Length == 0) return;

        var trims = new List<Task>();
        for (var i = 0; i < partitions.Count; i++)
        {
            var ids = known.Select(f => f[i]).OfType<StreamId>().ToArray();
            if (ids.Length < known.Length || ids.MinBy(id => (id.Ms, id.Number)) is not { } floor || floor == StreamId.Zero) continue;
            trims.Add(outbox.TrimAsync(partitions[i], floor));
        }
        await Task.WhenAll(trims);
    }
}
