using Kubernetes.Model;

namespace Segmentation.Resources;

/// <summary>How recency, frequency and monetary value are scored and tiered in a workspace.</summary>
[Description("An RfmPolicy says how customers are scored by recency, frequency and monetary value, and how scores make tiers.")]
[KubernetesEntity(Group = SegmentationApi.Group, ApiVersion = SegmentationApi.Version, Kind = "RfmPolicy", PluralName = "rfmpolicies")]
[KubernetesEntityShortNames("rfm")]
[KubernetesEntityCategories(SegmentationApi.Category)]
[GenericAdditionalPrinterColumn(".status.conditions[?(@.type==\"Ready\")].status", "Ready", "string", Order = 1)]
[GenericAdditionalPrinterColumn(".status.scoredProfiles", "Profiles", "integer", Order = 2)]
[GenericAdditionalPrinterColumn(".status.lastScored", "Last-Scored", "date", Order = 3)]
[GenericAdditionalPrinterColumn(".metadata.creationTimestamp", "Age", "date", Order = 4)]
[GenericAdditionalPrinterColumn(".status.conditions[?(@.type==\"Ready\")].message", "Message", "string", Order = 5, Priority = 1)]
public sealed class RfmPolicy : CustomKubernetesEntity<RfmPolicySpec, RfmPolicyStatus>;
