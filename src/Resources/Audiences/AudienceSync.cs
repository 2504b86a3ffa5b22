using Kubernetes.Model;

namespace Segmentation.Resources;

/// <summary>Where a segment's members go.</summary>
[Description("An AudienceSync tells a destination who enters and who leaves a Segment.")]
[KubernetesEntity(Group = SegmentationApi.Group, ApiVersion = SegmentationApi.Version, Kind = "AudienceSync", PluralName = "audiencesyncs")]
[KubernetesEntityShortNames("audsync")]
[KubernetesEntityCategories(SegmentationApi.Category)]
[GenericAdditionalPrinterColumn(".status.conditions[?(@.type==\"Ready\")].status", "Ready", "string", Order = 1)]
[GenericAdditionalPrinterColumn(".spec.segmentRef.name", "Segment", "string", Order = 2)]
[GenericAdditionalPrinterColumn(".status.synced", "Synced", "integer", Order = 3)]
[GenericAdditionalPrinterColumn(".status.pending", "Pending", "integer", Order = 4)]
[GenericAdditionalPrinterColumn(".status.lastSync", "Last-Sync", "date", Order = 5)]
[GenericAdditionalPrinterColumn(".metadata.creationTimestamp", "Age", "date", Order = 6)]
[GenericAdditionalPrinterColumn(".status.conditions[?(@.type==\"Ready\")].message", "Message", "string", Order = 7, Priority = 1)]
public sealed class AudienceSync : CustomKubernetesEntity<AudienceSyncSpec, AudienceSyncStatus>;
