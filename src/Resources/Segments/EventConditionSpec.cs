using Kubernetes.Model;
using Segmentation.Resources.Manifests;

namespace Segmentation.Resources;

/// <summary>A number drawn from a profile's occurrences of one event. Without an aggregate: at least one occurrence.</summary>
[OneOf("count", "sum", "avg", "min", "max", Optional = true, Noun = "aggregate")]
[ValidationRule("!has(self.ever) || (self.ever && !has(self.within))", "write either within, such as 30d, or ever: true")]
public sealed record EventConditionSpec
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

    [Description("Only the last such time counts: 365d, 2w, 36h, 15m, 30s, 1d12h. An event exactly that old is out.")]
    [Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2)]
    public string? Within { get; set; }

    [Description("True: whenever it happened. The same as leaving within out.")]
    public bool? Ever { get; set; }

    [Description("Only occurrences that meet all of these count.")]
    [Items(WhereItemsMax, 1)]
    public IReadOnlyList<WhereSpec>? Where { get; set; }

    /// <summary>How many predicates an event condition may have.</summary>
    public const int WhereItemsMax = 8;
}
