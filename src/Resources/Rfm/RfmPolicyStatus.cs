using Kubernetes.Model;

namespace Segmentation.Resources;

/// <summary>What the operator observed about a policy. Written by the operator alone.</summary>
[Description("What the operator observed; written by the operator alone.")]
public sealed record RfmPolicyStatus
{
    [Description("The metadata.generation that this status speaks of; -1 before the first look.")]
    [Default("-1")]
    public long ObservedGeneration { get; set; } = -1;

    [Description("The cut points in force.")]
    public RfmBreakPointsStatus? BreakPoints { get; set; }

    [Description("How many customers each tier has, in the tiers' order.")]
    [ListMapKeys("tier"), Items(64)]
    public IList<RfmTierCount>? TierCounts { get; set; }

    [Description("How many customers have a score.")]
    [RangeMinimum(0)]
    public long? ScoredProfiles { get; set; }

    [Description("When the break points were last set.")]
    public DateTimeOffset? LastScored { get; set; }

    [Description("When quantiles are drawn anew.")]
    public DateTimeOffset? NextRecompute { get; set; }

    [Description("The model that predictions follow; absent before the first.")]
    public RfmPredictionsStatus? Predictions { get; set; }

    [Description("The last value of the annotation segmentation.dev/reconcile-requested-at that was acted on.")]
    [Length(256)]
    public string? LastHandledReconcileAt { get; set; }

    [Description("Ready, Reconciling, Stalled and PredictionsReady, by type.")]
    [ListMapKeys("type"), Items(16)]
    public IList<Condition> Conditions { get; set; } = [];
}

/// <summary>Break points for people: ascending, each the last value that still belongs to its step.</summary>
public sealed record RfmBreakPointsStatus
{
    [Description("Times since the last purchase.")]
    [Items(9), ItemLength(64)]
    public IReadOnlyList<string> Recency { get; set; } = [];

    [Description("Numbers of purchases.")]
    [Items(9)]
    public IReadOnlyList<long> Frequency { get; set; } = [];

    [Description("Amounts.")]
    [Items(9)]
    public IReadOnlyList<decimal> Monetary { get; set; } = [];
}

/// <summary>How many profiles a tier has.</summary>
public sealed record RfmTierCount
{
    [Required, Length(63, 1)]
    public string Tier { get; set; } = "";

    [Required, RangeMinimum(0)]
    public long Profiles { get; set; }
}
