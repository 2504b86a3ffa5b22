using Kubernetes.Model;

namespace Segmentation.Resources;

/// <summary>Which profiles of a workspace match; kept true by events, edits and time.</summary>
[Description("A Segment says which customers match; its members are kept current by events, by edits and by the passing of time.")]
[KubernetesEntity(Group = SegmentationApi.Group, ApiVersion = SegmentationApi.Version, Kind = "Segment", PluralName = "segments")]
[KubernetesEntityShortNames("seg")]
[KubernetesEntityCategories(SegmentationApi.Category)]
[GenericAdditionalPrinterColumn(".status.conditions[?(@.type==\"Ready\")].status", "Ready", "string", Order = 1)]
[GenericAdditionalPrinterColumn(".status.memberCount", "Members", "integer", Order = 2)]
[GenericAdditionalPrinterColumn(".status.entered24h", "Entered-24h", "integer", Order = 3)]
[GenericAdditionalPrinterColumn(".status.left24h", "Left-24h", "integer", Order = 4)]
[GenericAdditionalPrinterColumn(".status.driftPercent", "Drift", "number", Order = 5, Description = "Change over the drift window, in percent.")]
[GenericAdditionalPrinterColumn(".status.lastChange", "Last-Change", "date", Order = 6)]
[GenericAdditionalPrinterColumn(".metadata.creationTimestamp", "Age", "date", Order = 7)]
[GenericAdditionalPrinterColumn(".status.conditions[?(@.type==\"Ready\")].message", "Message", "string", Order = 8, Priority = 1)]
public sealed class Segment : CustomKubernetesEntity<SegmentSpec, SegmentStatus>;
