using System.Text.Json.Serialization;
using Kubernetes.Model;
using Segmentation.Resources.Manifests;

namespace Segmentation.Resources;

/// <summary>Membership in another segment of the same namespace.</summary>
[OneOf("joinedWithin", "memberFor", "joinedBefore", Optional = true, Noun = "time of joining")]
public sealed record SegmentConditionSpec
{
    [Description("The other Segment's metadata.name.")]
    [Required, Length(253, 1)]
    public string Name { get; set; } = "";

    [Description("member, the default, or notMember.")]
    public SegmentMembership Is { get; set; }

    [Description("A member that joined less than this long ago.")]
    [Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2)]
    public string? JoinedWithin { get; set; }

    [Description("A member that joined at least this long ago.")]
    [Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2)]
    public string? MemberFor { get; set; }

    [Description("A member that joined earlier than this day or instant.")]
    [Pattern(TimeframeSpec.DatePattern), Length(TimeframeSpec.DateLengthMax, 10)]
    public string? JoinedBefore { get; set; }
}

public enum SegmentMembership
{
    [JsonStringEnumMemberName("member")]
    Member,

    [JsonStringEnumMemberName("notMember")]
    NotMember,
}

/// <summary>The profile's tier or a score of it under an RfmPolicy of the same namespace.</summary>
[OneOf("tier", "wasTier", "recency", "frequency", "monetary", "score", Noun = "question")]
[ValidationRule("has(self.wasTier) == has(self.within)", "wasTier and within go together")]
public sealed record RfmConditionSpec
{
    /// <summary>How many tiers one condition may name.</summary>
    public const int TiersMax = 32;

    [Description("The RfmPolicy's metadata.name.")]
    [Required, Length(253, 1)]
    public string Policy { get; set; } = "";

    [Description("In one of these tiers now, such as champions.")]
    [Items(TiersMax, 1), ItemLength(63, 1)]
    public IReadOnlyList<string>? Tier { get; set; }

    [Description("In one of these tiers now or in the time that within gives.")]
    [Items(TiersMax, 1), ItemLength(63, 1)]
    public IReadOnlyList<string>? WasTier { get; set; }

    [Description("With wasTier: how long ago it may have left the tier, such as 90d.")]
    [Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2)]
    public string? Within { get; set; }

    [Description("The recency score; the most recent customers have the highest.")]
    public ComparisonSpec? Recency { get; set; }

    [Description("The frequency score.")]
    public ComparisonSpec? Frequency { get; set; }

    [Description("The monetary score.")]
    public ComparisonSpec? Monetary { get; set; }

    [Description("The combined score: the mean of the three by the policy's weights, with two decimals.")]
    public ComparisonSpec? Score { get; set; }
}

/// <summary>What the model of an RfmPolicy expects of the profile.</summary>
[OneOf("churnProbability", "expectedPurchases", "predictedValue", "expectedNextOrder", Noun = "prediction")]
public sealed record PredictionConditionSpec
{
    [Description("The RfmPolicy's metadata.name.")]
    [Required, Length(253, 1)]
    public string Policy { get; set; } = "";

    [Description("How likely it is, 0 to 1, that the customer has gone for good.")]
    public ComparisonSpec? ChurnProbability { get; set; }

    [Description("How many purchases are expected in the policy's horizon.")]
    public ComparisonSpec? ExpectedPurchases { get; set; }

    [Description("What the expected purchases come to.")]
    public ComparisonSpec? PredictedValue { get; set; }

    [Description("When the next order is expected.")]
    public ExpectedNextOrderSpec? ExpectedNextOrder { get; set; }
}

/// <summary>When the next order is expected.</summary>
public sealed record ExpectedNextOrderSpec
{
    [Description("In the next such time.")]
    [Required, Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2)]
    public string WithinNext { get; set; } = "";
}
