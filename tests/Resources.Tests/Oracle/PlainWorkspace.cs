using Segmentation.Resources;

namespace Resources.Tests.Oracle;

/// <summary>The segments and policies that conditions may refer to.</summary>
/// <param name="Segments">By name; each refers to earlier ones only.</param>
/// <param name="Policies">By name; with thresholds.</param>
public sealed record PlainWorkspace(IReadOnlyDictionary<string, SegmentSpec> Segments, IReadOnlyDictionary<string, RfmPolicySpec> Policies);
