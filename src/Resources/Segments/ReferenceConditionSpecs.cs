using System.Text.Json.Serialization;
using Kubernetes.Model;

namespace Segmentation.Resources;

/// <summary>Membership in another segment of the same namespace.</summary>
public sealed record SegmentConditionSpec
{
    [Description("The other Segment's metadata.name.")]
    [Required, Length(253, 1)]
    public string Name { get; set; } = "";

    [Description("member, the default, or notMember.")]
    public SegmentMembership Is { get; set; }
}

public enum SegmentMembership
{
    [JsonStringEnumMemberName("member")]
    Member,

    [JsonStringEnumMemberName("notMember")]
    NotMember,
}

/// <summary>The profile's tier under an RfmPolicy of the same namespace.</summary>
public sealed record RfmConditionSpec
{
    /// <summary>How many tiers one condition may name.</summary>
    public const int TiersMax = 32;

    [Description("The RfmPolicy's metadata.name.")]
    [Required, Length(253, 1)]
    public string Policy { get; set; } = "";

    [Description("The tiers that match, such as champions.")]
    [Required, Items(TiersMax, 1), ItemLength(63, 1)]
    public IReadOnlyList<string> Tier { get; set; } = [];
}
