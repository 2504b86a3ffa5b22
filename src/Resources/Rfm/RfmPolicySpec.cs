using System.Text.Json.Serialization;
using Kubernetes.Model;

namespace Segmentation.Resources;

/// <summary>What a person declares about RFM scoring.</summary>
[Description("How customers are scored and tiered.")]
[ValidationRule(
    "has(self.tiers.list) || (has(self.tiers.preset) && self.tiers.preset != 'classic') || self.scoring.scores == 5",
    "tiers.preset classic, the default, is a table of scores 1 to 5: set scoring.scores to 5 or tiers.preset to lifecycle")]
[ValidationRule(
    "!has(self.tiers.preset) || self.tiers.preset != 'klaviyo-like' || self.scoring.scores == 3",
    "tiers.preset klaviyo-like is a table of scores 1 to 3: set scoring.scores to 3 or tiers.preset to lifecycle")]
public sealed record RfmPolicySpec
{
    [Description("Which events are purchases.")]
    [Required]
    public RfmPurchasesSpec Purchases { get; set; } = new();

    [Description("Only purchases of the last such time are scored: 730d, 52w.")]
    [Required, Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2)]
    public string Window { get; set; } = "";

    [Description("How a dimension becomes a score.")]
    [Default("{}")]
    public RfmScoringSpec Scoring { get; set; } = new();

    [Description("How scores become tiers.")]
    [Default("{}")]
    public RfmTiersSpec Tiers { get; set; } = new();

    [Description("What keeps customers on a cut point from going to and fro between tiers; nothing when left out.")]
    public RfmHysteresisSpec? Hysteresis { get; set; }

    [Description("What is predicted of customers; nothing when left out.")]
    public RfmPredictionsSpec? Predictions { get; set; }

    [Description("True keeps the break points and the model as they are until it is false again.")]
    [Default("false")]
    public bool Suspend { get; set; }
}

/// <summary>Which events are purchases.</summary>
[ValidationRule("!has(self.refundEvent) || self.refundEvent != self.event", "refundEvent cannot be the purchase event itself")]
public sealed record RfmPurchasesSpec
{
    [Description("The purchase event's name, such as placed_order.")]
    [Required, Length(128, 1)]
    public string Event { get; set; } = "";

    [Description("The amount: value, the event's own value, or a numeric property of the event.")]
    [Length(128, 1), Default("\"" + AggregateSpec.EventValue + "\"")]
    public string Amount { get; set; } = AggregateSpec.EventValue;

    [Description("An event whose values are taken off the customer's monetary value when it does not name the purchase that it refunds.")]
    [Length(128, 1)]
    public string? RefundEvent { get; set; }

    [Description("What frequency counts: purchases, the default, or days, in UTC, with at least one.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public RfmFrequencyMeasure Frequency { get; set; }

    [Description("What monetary value is: the sum of the purchases, the default, or their average.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public RfmMonetaryMeasure Monetary { get; set; }

    [Description("True: purchases that are worth 0 or less, or have no amount, do not count. False when left out.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ExcludeZeroValue { get; set; }
}

public enum RfmFrequencyMeasure
{
    [JsonStringEnumMemberName("purchases")]
    Purchases,

    [JsonStringEnumMemberName("days")]
    Days,
}

public enum RfmMonetaryMeasure
{
    [JsonStringEnumMemberName("sum")]
    Sum,

    [JsonStringEnumMemberName("average")]
    Average,
}
