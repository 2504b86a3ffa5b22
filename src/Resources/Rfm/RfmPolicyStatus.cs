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

    [Description("How the customers are spread over the digits of recency and frequency, and what they spent; counted again and again.")]
    public RfmMatrixStatus? Matrix { get; set; }

    [Description("Of a list of tiers of one's own: those that lose combinations of scores to others that stand before them.")]
    [ListMapKeys("tier"), Items(RfmTiersSpec.TiersMax)]
    public IList<RfmTierOverlapStatus>? TierOverlaps { get; set; }

    [Description("How many customers have a score.")]
    [RangeMinimum(0)]
    public long? ScoredProfiles { get; set; }

    [Description("When the break points were last set.")]
    public DateTimeOffset? LastScored { get; set; }

    [Description("How many customers were scored anew for the break points in force: those between the ones before and these.")]
    [RangeMinimum(0)]
    public long? Rescored { get; set; }

    [Description("How many of those changed tier.")]
    [RangeMinimum(0)]
    public long? Moved { get; set; }

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

    [Description("What their purchases in the window come to, less refunds, when the matrix was counted; to 2 decimals.")]
    public decimal? Revenue { get; set; }
}

/// <summary>Customers and revenue by the digits of recency and frequency.</summary>
public sealed record RfmMatrixStatus
{
    [Description("When these numbers were first found.")]
    public DateTimeOffset CountedAt { get; set; }

    [Description("How many digits recency and frequency have.")]
    public int Scores { get; set; }

    [Description("How many customers there are.")]
    public long Profiles { get; set; }

    [Description("What their purchases in the window come to, less refunds; to 2 decimals.")]
    public decimal Revenue { get; set; }

    [Description("The combinations of digits that customers have.")]
    [ListMapKeys("recency", "frequency"), Items(100)]
    public IReadOnlyList<RfmMatrixCellStatus> Cells { get; set; } = [];
}

/// <summary>The customers with the same digits of recency and frequency.</summary>
public sealed record RfmMatrixCellStatus
{
    [Required]
    public int Recency { get; set; }

    [Required]
    public int Frequency { get; set; }

    [Required, RangeMinimum(1)]
    public long Profiles { get; set; }

    [Description("What their purchases in the window come to, less refunds; to 2 decimals.")]
    [Required]
    public decimal Revenue { get; set; }

    [Description("The tier that most of them are in.")]
    [Length(63, 1)]
    public string? Tier { get; set; }
}

/// <summary>A tier that does not get all that it fits.</summary>
public sealed record RfmTierOverlapStatus
{
    [Required, Length(63, 1)]
    public string Tier { get; set; } = "";

    [Description("How many of the combinations of scores that it fits go to others.")]
    [Required, RangeMinimum(1)]
    public int Combinations { get; set; }

    [Description("The tiers that get them.")]
    [Required, Items(RfmTiersSpec.TiersMax), ItemLength(63, 1)]
    public IReadOnlyList<string> TakenBy { get; set; } = [];
}
