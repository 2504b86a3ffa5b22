using System.Text.Json;
using Kubernetes.Model;
using Segmentation.Resources.Manifests;

namespace Segmentation.Resources;

/// <summary>
/// One condition: exactly one of the fields is set; docs/conditions.md says what each means. Groups nest at most
/// <see cref="GroupLevelsMax"/> deep. Nothing in it has a default that the server fills in: conditions stand in lists, which tools that
/// compare what was applied with what is stored (kubectl apply, Argo CD) take as a whole, so each filled-in field would look like a change
/// for ever.
/// </summary>
[NestingLevels(GroupLevelsMax, ServerLevels = 2)]
[OneOf(
    "all", "any", "none", "event", "sequence", "firstTime", "restarted", "regular", "stopped", "property", "consent", "suppression", "segment",
    "rfm", "prediction", "place", "sample", "profiles",
    Noun = "condition")]
public sealed record ConditionSpec
{
    /// <summary>How many groups may lie inside one another.</summary>
    public const int GroupLevelsMax = 3;

    /// <summary>How many conditions a group may hold.</summary>
    public const int GroupItemsMax = 16;

    /// <summary>How many conditions a segment may have in all, groups not counted.</summary>
    public const int ConditionsMax = 256;

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

    [Description("Things that the customer did in this order, or did not do after another.")]
    public SequenceConditionSpec? Sequence { get; set; }

    [Description("It was the first time.")]
    public FirstTimeConditionSpec? FirstTime { get; set; }

    [Description("It happened again after a silence.")]
    public RestartedConditionSpec? Restarted { get; set; }

    [Description("It happened in so many of the last periods.")]
    public RegularConditionSpec? Regular { get; set; }

    [Description("It was regular and then ended.")]
    public StoppedConditionSpec? Stopped { get; set; }

    [Description("What is known about the customer.")]
    public PropertyConditionSpec? Property { get; set; }

    [Description("Whether the customer agreed to be written to.")]
    public ConsentConditionSpec? Consent { get; set; }

    [Description("Whether the customer must not be written to.")]
    public SuppressionConditionSpec? Suppression { get; set; }

    [Description("Membership in another segment of the namespace.")]
    public SegmentConditionSpec? Segment { get; set; }

    [Description("The customer's RFM tier or scores.")]
    public RfmConditionSpec? Rfm { get; set; }

    [Description("What the model of an RfmPolicy expects.")]
    public PredictionConditionSpec? Prediction { get; set; }

    [Description("Where the customer is.")]
    public PlaceConditionSpec? Place { get; set; }

    [Description("A stable random share of all customers.")]
    public SampleConditionSpec? Sample { get; set; }

    [Description("Customers one by one.")]
    public ProfilesConditionSpec? Profiles { get; set; }

    /// <summary>What stands in place of all of it when it was read and does not fit the schema.</summary>
    internal UnreadableCondition? Unreadable { get; init; }
}

/// <summary>A condition that is not written as conditions are.</summary>
/// <param name="Json">As it was read.</param>
/// <param name="Problems">At least one.</param>
internal sealed record UnreadableCondition(JsonElement Json, IReadOnlyList<SpecProblem> Problems);
