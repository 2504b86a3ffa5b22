namespace Segmentation.Operator.Audiences;

/// <summary>What is remembered of an AudienceSync.</summary>
/// <param name="Segment">The segment that its destination is being told of.</param>
/// <param name="Sequence">Counts what was written: a writer that has missed something is refused.</param>
/// <param name="Synced">Changes that the destination has accepted.</param>
/// <param name="LastSyncMs">When it last did, 0 for never.</param>
/// <param name="Positions">Per partition how far it has got; partitions not begun are absent.</param>
/// <param name="Inflight">The batch that was put together and is not known to be delivered, or null.</param>
/// <param name="GoneGeneration">The generation of the spec at which the destination said 410, 0 for none.</param>
internal sealed record SyncCheckpoint(
    string Segment,
    long Sequence,
    long Synced,
    long LastSyncMs,
    IReadOnlyDictionary<int, FeedPosition> Positions,
    InflightBatch? Inflight,
    long GoneGeneration);
