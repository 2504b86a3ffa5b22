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

    [Description("What a purchase of these customers was worth: the Gamma-Gamma model. Absent without that model, and when none of them bought.")]
    public RfmValueHoldOutStatus? Values { get; set; }

    [Description("The repeat purchases of these customers from the first purchase of any on, period by period.")]
    public RfmTrackingStatus? Tracking { get; set; }
}

/// <summary>A test of the model of values on days that it does not know: means over customers, each of whom counts once.</summary>
public sealed record RfmValueHoldOutStatus
{
    [Description("How many customers had bought before and bought again for more than nothing.")]
    [RangeMinimum(1)]
    public long Customers { get; set; }

    [Description("What a purchase of theirs was expected to come to.")]
    public decimal ExpectedAverageValue { get; set; }

    [Description("What it came to.")]
    public decimal ActualAverageValue { get; set; }

    [Description("How much more was expected than it came to, as a percentage of that; absent when that is rounded to nothing.")]
    public decimal? ErrorPercent { get; set; }

    [Description("How far a customer's purchases were off what was expected of him, more or less alike.")]
    public decimal MeanAbsoluteError { get; set; }
}

/// <summary>Repeat purchases per period, as they came and as expected of anyone by the time since his first purchase.</summary>
public sealed record RfmTrackingStatus
{
    [Description("When the first period begins.")]
    public DateTimeOffset From { get; set; }

    [Description("How many days a period has; the last may have fewer.")]
    public int DaysPerPeriod { get; set; }

    [Description("How many of the periods, the last ones, the model was not fitted to.")]
    public int HeldOut { get; set; }

    [Description("How many purchases are expected, per period.")]
    [Items(RepeatTracking.PeriodsMax)]
    public IReadOnlyList<decimal> Expected { get; set; } = [];

    [Description("How many there were, per period.")]
    [Items(RepeatTracking.PeriodsMax)]
    public IReadOnlyList<long> Actual { get; set; } = [];
}
