using Segmentation.Resources;

namespace Resources.Tests.Oracle;

/// <summary>The segments and policies that conditions may refer to.</summary>
/// <param name="Segments">By name; each refers to earlier ones only.</param>
/// <param name="Policies">By name; with thresholds.</param>
public sealed record PlainWorkspace(IReadOnlyDictionary<string, SegmentSpec> Segments, IReadOnlyDictionary<string, RfmPolicySpec> Policies)
{
    /// <summary>Only the segment and what it refers to, however indirectly.</summary>
    public PlainWorkspace UsedBy(string segment)
    {
        var leaves = Features.Leaves(this, segment).ToList();
        var segments = leaves.Select(leaf => leaf.Segment?.Name).Append(segment).ToHashSet();
        var policies = leaves.Select(leaf => leaf.Rfm?.Policy ?? leaf.Prediction?.Policy).ToHashSet();
        return new PlainWorkspace(
            Segments.Where(one => segments.Contains(one.Key)).ToDictionary(one => one.Key, one => one.Value),
            Policies.Where(one => policies.Contains(one.Key)).ToDictionary(one => one.Key, one => one.Value));
    }
}
