using Kubernetes.Model;
using Segmentation.Resources.Manifests;

namespace Segmentation.Resources;

/// <summary>A number drawn from a profile's occurrences of one event. Without an aggregate: at least one occurrence.</summary>
[OneOf("count", "sum", "avg", "min", "max", "distinct", "first", "last", Optional = true, Noun = "aggregate")]
public sealed record EventConditionSpec : TimeframeSpec
{
    [Description("The event's name, such as placed_order.")]
    [Required, Length(128, 1)]
    public string Name { get; set; } = "";

    [Description("How often it happened; at least once when no aggregate is given.")]
    public ComparisonSpec? Count { get; set; }

    [Description("The total of a number; 0 without occurrences.")]
    public AggregateSpec? Sum { get; set; }

    [Description("The mean of a number; does not hold without occurrences.")]
    public AggregateSpec? Avg { get; set; }

    [Description("The smallest number; does not hold without occurrences.")]
    public AggregateSpec? Min { get; set; }

    [Description("The largest number; does not hold without occurrences.")]
    public AggregateSpec? Max { get; set; }

    [Description("How many different values; 0 without occurrences.")]
    public DistinctSpec? Distinct { get; set; }

    [Description("The number of the earliest that has one; does not hold without occurrences.")]
    public AggregateSpec? First { get; set; }

    [Description("The number of the latest that has one; does not hold without occurrences.")]
    public AggregateSpec? Last { get; set; }

    [Description("Only occurrences that meet all of these count.")]
    [Items(WhereItemsMax, 1)]
    public IReadOnlyList<WhereSpec>? Where { get; set; }

    /// <summary>How many predicates a condition on events may have.</summary>
    public const int WhereItemsMax = 8;
}
