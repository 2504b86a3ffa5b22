using System.Diagnostics.CodeAnalysis;

namespace Segmentation;

/// <summary>
/// Counts, sums, means and extremes. A minimum or maximum needs no order: to compare it, it is enough to know how many amounts lie below,
/// inside and above the operands.
/// </summary>
internal struct AmountTally(EventRule rule, OccurrenceHistory history) : IWindowTally
{
    private int count;
    private decimal sum;
    private int below;
    private int inside;
    private int above;

    public void Add(int index, long atMs)
    {
        if (Contribution(index, atMs) is not { } amount)
            return;
        count++;
        if (rule.Aggregate is Aggregate.Sum or Aggregate.Average)
            sum += amount;
        else if (rule.Aggregate != Aggregate.Count)
            Side(amount, rule.Comparison)++;
    }

    public void Remove(int index, long atMs)
    {
        if (Contribution(index, atMs) is not { } amount)
            return;
        count--;
        if (rule.Aggregate is Aggregate.Sum or Aggregate.Average)
            sum -= amount;
        else if (rule.Aggregate != Aggregate.Count)
            Side(amount, rule.Comparison)--;
    }

    public readonly bool Holds(long atMs, int oldest) => rule.Aggregate switch
    {
        Aggregate.Count => rule.Comparison.Holds(count),
        Aggregate.Sum => rule.Comparison.Holds(sum),
        Aggregate.Average => count > 0 && rule.Comparison.HoldsForQuotient(sum, count),
        Aggregate.Minimum => count > 0 && ExtremeHolds(rule.Comparison.Operator, lower: below, upper: above, minimum: true),
        _ => count > 0 && ExtremeHolds(rule.Comparison.Operator, lower: below, upper: above, minimum: false),
    };

    // Null when the occurrence takes no part at the instant.
    private readonly decimal? Contribution(int index, long atMs)
    {
        var amount = rule.Aggregate == Aggregate.Count
            ? history.IsTakenBackAt(index, atMs) ? null : 0m
            : rule.Of.AmountAt(history, index, atMs);
        return amount is not null && rule.Selection.Selects(history, index) ? amount : null;
    }

    [UnscopedRef]
    private ref int Side(decimal amount, in Comparison comparison)
    {
        if (amount < comparison.Operand)
            return ref below;
        return ref amount > comparison.Upper ? ref above : ref inside;
    }

    // The extreme lies in the outermost of the three ranges that is not empty.
    private readonly bool ExtremeHolds(ComparisonOperator op, int lower, int upper, bool minimum)
    {
        var isBelow = minimum ? lower > 0 : upper == 0 && inside == 0;
        var isAbove = minimum ? lower == 0 && inside == 0 : upper > 0;
        return op switch
        {
            ComparisonOperator.Lt => isBelow,
            ComparisonOperator.Lte => !isAbove,
            ComparisonOperator.Gt => isAbove,
            ComparisonOperator.Gte => !isBelow,
            ComparisonOperator.Ne => isBelow || isAbove,
            _ => !isBelow && !isAbove,
        };
    }
}
