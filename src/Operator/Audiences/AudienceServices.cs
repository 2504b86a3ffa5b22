using Kubernetes.Queue;
using Microsoft.Extensions.Options;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Workspaces;
using Segmentation.Resources;

namespace Segmentation.Operator.Audiences;

/// <summary>What every runner works with.</summary>
internal sealed record AudienceServices(
    RedisConnection Redis,
    CatalogStore Catalogs,
    CheckpointStore Checkpoints,
    OutboxTrimmer Trimmer,
    DestinationFactory Destinations,
    AudienceRfm Rfm,
    AudienceMetrics Metrics,
    EntityQueue<AudienceSync> Queue,
    IOptions<AudienceOptions> Options,
    TimeProvider Time,
    ILogger<AudienceRunner> Logger);
