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

    public void Add(decimal amount, in Comparison comparison) => Change(amount, comparison, 1);

    public void Remove(decimal amount, in Comparison comparison) => Change(amount, comparison, -1);

    public readonly bool Holds(EventRule rule) => rule.Aggregate switch
    {
        Aggregate.Count => rule.Comparison.Holds(count),
        Aggregate.Sum => rule.Comparison.Holds(sum),
        Aggregate.Average => count > 0 && rule.Comparison.HoldsForQuotient(sum, count),
        Aggregate.Minimum => count > 0 && ExtremeHolds(rule.Comparison.Operator, lower: below, upper: above, minimum: true),
        _ => count > 0 && ExtremeHolds(rule.Comparison.Operator, lower: below, upper: above, minimum: false),
    };

    private void Change(decimal amount, in Comparison comparison, int by)
    {
        count += by;
        sum += amount * by;
        if (amount < comparison.Operand)
            below += by;
        else if (amount > comparison.Upper)
            above += by;
        else
            inside += by;
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
