using Kubernetes.Model;
using Segmentation.Resources.Manifests;

namespace Segmentation.Resources;

/// <summary>
/// One condition: exactly one of the fields is set. Groups nest at most <see cref="GroupLevelsMax"/> deep. Nothing in it has a default that
/// the server fills in: conditions stand in lists, which tools that compare what was applied with what is stored (kubectl apply, Argo CD)
/// take as a whole, so each filled-in field would look like a change for ever.
/// </summary>
[NestingLevels(GroupLevelsMax)]
[OneOf("all", "any", "none", "event", "property", "segment", "rfm", Noun = "condition")]
public sealed record ConditionSpec
{
    /// <summary>How many groups may lie inside one another.</summary>
    public const int GroupLevelsMax = 3;

    /// <summary>How many conditions a group may hold.</summary>
    public const int GroupItemsMax = 16;

    [Description("Every one of these holds.")]
    [Items(GroupItemsMax, 1)]
    public IReadOnlyList<ConditionSpec>? All { get; set; }

    [Description("At least one of these holds.")]
    [Items(GroupItemsMax, 1)]
    public IReadOnlyList<ConditionSpec>? Any { get; set; }

    [Description("Not one of these holds.")]
    [Items(GroupItemsMax, 1)]
    public IReadOnlyList<ConditionSpec>? None { get; set; }

    [Description("What the customer did.")]
    public EventConditionSpec? Event { get; set; }

    [Description("What is known about the customer.")]
    public PropertyConditionSpec? Property { get; set; }

    [Description("Membership in another segment of the namespace.")]
    public SegmentConditionSpec? Segment { get; set; }

    [Description("The customer's RFM tier.")]
    public RfmConditionSpec? Rfm { get; set; }
}
