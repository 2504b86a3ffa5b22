using System.Diagnostics.CodeAnalysis;

namespace Segmentation;

/// <summary>
/// What the occurrences in the window add up to, kept so that one can be added or removed in constant time. A minimum or maximum needs no
/// order for that: to compare it, it is enough to know how many amounts lie below, inside and above the operands.
/// </summary>
internal struct WindowTally
{
    private int count;
    private decimal sum;
    private int below;
    private int inside;
    private int above;

    public void Add(decimal amount, EventRule rule)
    {
        count++;
        if (rule.Aggregate is Aggregate.Sum or Aggregate.Average)
            sum += amount;
        else if (rule.Aggregate != Aggregate.Count)
            Side(amount, rule.Comparison)++;
    }

    /// <summary>Takes back an <see cref="Add"/> of the same amount.</summary>
    public void Remove(decimal amount, EventRule rule)
    {
        count--;
        if (rule.Aggregate is Aggregate.Sum or Aggregate.Average)
            sum -= amount;
        else if (rule.Aggregate != Aggregate.Count)
            Side(amount, rule.Comparison)--;
    }

    public readonly bool Holds(EventRule rule) => rule.Aggregate switch
    {
        Aggregate.Count => rule.Comparison.Holds(count),
        Aggregate.Sum => rule.Comparison.Holds(sum),
        Aggregate.Average => count > 0 && rule.Comparison.HoldsForQuotient(sum, count),
        Aggregate.Minimum => count > 0 && ExtremeHolds(rule.Comparison.Operator, lower: below, upper: above, minimum: true),
        _ => count > 0 && ExtremeHolds(rule.Comparison.Operator, lower: below, upper: above, minimum: false),
    };

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
