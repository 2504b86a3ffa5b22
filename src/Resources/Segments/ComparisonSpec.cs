using Kubernetes.Model;
using Segmentation.Resources.Manifests;

namespace Segmentation.Resources;

/// <summary>
/// Compares a number: exactly one of the fields is set. Operands have at most 15 significant digits and are at most 10¹² away from 0.
/// </summary>
[OneOf("eq", "ne", "gt", "gte", "lt", "lte", "between", Noun = "comparison")]
public record ComparisonSpec
{
    [Description("Equal to.")]
    public decimal? Eq { get; set; }

    [Description("Not equal to.")]
    public decimal? Ne { get; set; }

    [Description("More than.")]
    public decimal? Gt { get; set; }

    [Description("At least.")]
    public decimal? Gte { get; set; }

    [Description("Less than.")]
    public decimal? Lt { get; set; }

    [Description("At most.")]
    public decimal? Lte { get; set; }

    [Description("From the first to the second number, both included.")]
    [Items(2, 2)]
    public IReadOnlyList<decimal>? Between { get; set; }
}

/// <summary>Compares an aggregate of one number of the occurrences.</summary>
public sealed record AggregateSpec : ComparisonSpec
{
    /// <summary>Stands for the event's own value.</summary>
    public const string EventValue = "value";

    [Description("Which number: value, the event's own value and the default, or a numeric property of the event.")]
    [Length(128, 1)]
    public string Of { get; set; } = EventValue;
}

/// <summary>Compares how many different values the occurrences have.</summary>
public sealed record DistinctSpec : ComparisonSpec
{
    [Description("Which values: a property of the event, or value, the event's own.")]
    [Required, Length(128, 1)]
    public string Of { get; set; } = "";
}
