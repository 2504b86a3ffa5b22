namespace Segmentation;

/// <summary>
/// A comparison of a count, as whole numbers: it holds when the count is at least <see cref="Least"/> and below <see cref="TooMany"/>
/// (null: no upper bound), or, negated, when it is not.
/// </summary>
internal readonly record struct CountBounds(long Least, long? TooMany, bool Negated)
{
    // Beyond any count there can be, so that operands need not fit a long.
    private const long Unreachable = (long)int.MaxValue + 1;

    public static CountBounds Of(Comparison comparison) => comparison.Operator switch
    {
        ComparisonOperator.Gte => new(AtLeast(comparison.Operand), null, false),
        ComparisonOperator.Gt => new(Above(comparison.Operand), null, false),
        ComparisonOperator.Lt => new(AtLeast(comparison.Operand), null, true),
        ComparisonOperator.Lte => new(Above(comparison.Operand), null, true),
        ComparisonOperator.Ne => new(AtLeast(comparison.Operand), Above(comparison.Operand), true),
        _ => new(AtLeast(comparison.Operand), Above(comparison.Upper), false),
    };

    private static long AtLeast(decimal operand) => Whole(Math.Ceiling(operand));

    private static long Above(decimal operand) => Whole(Math.Floor(operand) + 1);

    private static long Whole(decimal number) => (long)Math.Clamp(number, 0m, Unreachable);
}
