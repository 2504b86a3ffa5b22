using System.Text.Json.Serialization;
using Kubernetes.Model;

namespace Segmentation.Resources;

/// <summary>How scores become tiers: by a preset, or by a list of one's own.</summary>
[ValidationRule("!has(self.list) || !has(self.preset)", "give a preset or a list of tiers, not both: take preset out")]
public sealed record RfmTiersSpec
{
    public const int TiersMax = 30;

    [Description("classic (champions, loyal, at-risk, …; the default), lifecycle (vip, active, new, …), or klaviyo-like (six groups on three scores).")]
    public RfmTierPreset? Preset { get; set; }

    [Description("Tiers of your own, in order: a customer is in the first that fits. Together they fit every combination of scores, and each fits some.")]
    [Items(TiersMax, 1)]
    public IReadOnlyList<RfmTierSpec>? List { get; set; }
}

/// <summary>One tier: what is left out fits any score.</summary>
public sealed record RfmTierSpec
{
    public const string NamePattern = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";
    public const int NameLengthMax = 63;

    [Description("Such as champions: small letters, digits and hyphens.")]
    [Required, Pattern(NamePattern), Length(NameLengthMax, 1)]
    public string Name { get; set; } = "";

    [Description("Which recency scores, such as {gte: 4}; the most recent customers have the highest.")]
    public ComparisonSpec? Recency { get; set; }

    [Description("Which frequency scores.")]
    public ComparisonSpec? Frequency { get; set; }

    [Description("Which monetary scores.")]
    public ComparisonSpec? Monetary { get; set; }

    [Description("True: only customers with one purchase (or one day with purchases, where frequency counts days). False: only those with more.")]
    public bool? SinglePurchase { get; set; }
}

public enum RfmTierPreset
{
    [JsonStringEnumMemberName("classic")]
    Classic,

    [JsonStringEnumMemberName("lifecycle")]
    Lifecycle,

    [JsonStringEnumMemberName("klaviyo-like")]
    KlaviyoLike,
}
