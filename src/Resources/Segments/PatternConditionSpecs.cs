using Kubernetes.Model;

namespace Segmentation.Resources;

/// <summary>Events in an order, or one that did not follow another.</summary>
public sealed record SequenceConditionSpec : TimeframeSpec
{
    public const int StepsMin = 2;

    public const int StepsMax = 8;

    [Description("What happened, in this order, each later than the one before.")]
    [Required, Items(StepsMax, StepsMin)]
    public IReadOnlyList<SequenceStepSpec> Steps { get; set; } = [];

    [Description("The last step came less than this long after the first.")]
    [Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2)]
    public string? CompletedWithin { get; set; }
}

/// <summary>One step of a sequence.</summary>
public sealed record SequenceStepSpec
{
    [Description("The event's name, such as added_to_cart.")]
    [Required, Length(128, 1)]
    public string Event { get; set; } = "";

    [Description("Only occurrences that meet all of these count.")]
    [Items(EventConditionSpec.WhereItemsMax, 1)]
    public IReadOnlyList<WhereSpec>? Where { get; set; }

    [Description("Less than this long after the step before.")]
    [Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2)]
    public string? Within { get; set; }

    [Description("True: it did not happen here.")]
    public bool? Absent { get; set; }
}

/// <summary>An event in the timeframe that had not happened before.</summary>
public sealed record FirstTimeConditionSpec : TimeframeSpec
{
    [Description("The event's name, such as placed_order.")]
    [Required, Length(128, 1)]
    public string Event { get; set; } = "";

    [Description("Only occurrences that meet all of these count.")]
    [Items(EventConditionSpec.WhereItemsMax, 1)]
    public IReadOnlyList<WhereSpec>? Where { get; set; }

    [Description("The first time in this long; without it, the first time ever.")]
    [Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2)]
    public string? Lookback { get; set; }
}

/// <summary>An event in the timeframe after a silence.</summary>
public sealed record RestartedConditionSpec : TimeframeSpec
{
    [Description("The event's name, such as placed_order.")]
    [Required, Length(128, 1)]
    public string Event { get; set; } = "";

    [Description("Only occurrences that meet all of these count.")]
    [Items(EventConditionSpec.WhereItemsMax, 1)]
    public IReadOnlyList<WhereSpec>? Where { get; set; }

    [Description("How long it had not happened before, at least.")]
    [Required, Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2)]
    public string SilentFor { get; set; } = "";
}

/// <summary>An event in so many of the last periods.</summary>
public record RegularConditionSpec
{
    public const int PeriodsMax = 60;

    /// <summary>RE2; a duration or a unit of the calendar.</summary>
    public const string PeriodPattern = "^(day|week|month|quarter|year|([1-9][0-9]*(w|d|h|m|s|ms))+)$";

    [Description("The event's name, such as placed_order.")]
    [Required, Length(128, 1)]
    public string Event { get; set; } = "";

    [Description("Only occurrences that meet all of these count.")]
    [Items(EventConditionSpec.WhereItemsMax, 1)]
    public IReadOnlyList<WhereSpec>? Where { get; set; }

    [Description("In how many of the periods it happened, at least.")]
    [Required, RangeMinimum(1), RangeMaximum(PeriodsMax)]
    public int AtLeast { get; set; }

    [Description("Of how many periods.")]
    [Required, RangeMinimum(1), RangeMaximum(PeriodsMax)]
    public int OfLast { get; set; }

    [Description("How long a period is, such as 30d; or day, week, month, quarter or year of the calendar.")]
    [Required, Pattern(PeriodPattern), Length(DurationText.LengthMax, 2)]
    public string Period { get; set; } = "";
}

/// <summary>An event that was regular and then ended.</summary>
public sealed record StoppedConditionSpec : RegularConditionSpec
{
    [Description("How long it has not happened, at least.")]
    [Required, Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2)]
    public string SilentFor { get; set; } = "";
}
