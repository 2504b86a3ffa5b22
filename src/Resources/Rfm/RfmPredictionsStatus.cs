using Kubernetes.Model;

namespace Segmentation.Resources;

/// <summary>The model in force, and how it came about.</summary>
public sealed record RfmPredictionsStatus
{
    [Description("When the model was fitted.")]
    public DateTimeOffset? FittedAt { get; set; }

    [Description("How many customers it was fitted to.")]
    [RangeMinimum(0)]
    public long? Customers { get; set; }

    [Description("How often customers buy, and when they go: the BG/NBD model, times in weeks.")]
    public RfmFitStatus? Purchases { get; set; }

    [Description("What a purchase is worth: the Gamma-Gamma model. Absent when too few purchases have amounts.")]
    public RfmFitStatus? Values { get; set; }

    [Description("What the same model, fitted to the time before, expects of the last days, and what came.")]
    public RfmHoldOutStatus? HoldOut { get; set; }
}

/// <summary>The parameters of a model that are likeliest, to six significant digits.</summary>
public sealed record RfmFitStatus
{
    [ListMapKeys("name"), Items(8)]
    public IReadOnlyList<RfmParameterStatus> Parameters { get; set; } = [];

    [Description("The natural logarithm of the likelihood.")]
    public decimal LogLikelihood { get; set; }

    [Description("How many customers it was fitted to.")]
    [RangeMinimum(0)]
    public long Customers { get; set; }
}

/// <summary>A parameter of a model.</summary>
public sealed record RfmParameterStatus
{
    [Required, Length(16, 1)]
    public string Name { get; set; } = "";

    [Required]
    public decimal Value { get; set; }

    [Description("How far off the value may be. Absent when the customers do not tell.")]
    public decimal? StandardError { get; set; }
}

/// <summary>A test of the model on days that it does not know.</summary>
public sealed record RfmHoldOutStatus
{
    [Description("How many days.")]
    public int Days { get; set; }

    [Description("How many customers had bought before.")]
    public long Customers { get; set; }

    [Description("How many purchases were expected of them.")]
    public decimal ExpectedPurchases { get; set; }

    [Description("How many there were.")]
    public long ActualPurchases { get; set; }

    [Description("How much more was expected than there were, as a percentage of those; absent when there were none.")]
    public decimal? ErrorPercent { get; set; }
}
