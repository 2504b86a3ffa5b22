using System.Globalization;

namespace Segmentation;

/// <summary>How a number is compared.</summary>
public enum ComparisonOperator
{
    Eq,
    Ne,
    Gt,
    Gte,
    Lt,
    Lte,

    /// <summary>At least the first operand and at most the second, both inclusive.</summary>
    Between,
}

/// <summary>A comparison of a number with one operand, or with two for between. Exact: decimals all the way.</summary>
public readonly record struct Comparison
{
    /// <param name="op">The operator.</param>
    /// <param name="operand">What is compared with; the lower bound, inclusive, of between.</param>
    /// <param name="upper">The upper bound, inclusive, of between, not below the lower one; null for every other operator.</param>
    public Comparison(ComparisonOperator op, decimal operand, decimal? upper = null)
    {
        if (upper is null == (op == ComparisonOperator.Between))
            throw new ArgumentException("Between takes two operands, every other comparison one.", nameof(upper));
        if (upper < operand)
            throw new ArgumentException($"Between needs its lower bound first; {operand} is above {upper}.", nameof(upper));
        RequireRange(operand);
        RequireRange(upper ?? operand);
        Operator = op;
        Operand = operand;
        Upper = upper ?? operand;
    }

    public ComparisonOperator Operator { get; }

    /// <summary>The operand; the lower bound of between. Its magnitude is at most <see cref="PropertyValue.MaxNumber"/>.</summary>
    public decimal Operand { get; }

    /// <summary>The upper bound of between; otherwise the operand again.</summary>
    public decimal Upper { get; }

    public static Comparison Eq(decimal operand) => new(ComparisonOperator.Eq, operand);

    public static Comparison Ne(decimal operand) => new(ComparisonOperator.Ne, operand);

    public static Comparison Gt(decimal operand) => new(ComparisonOperator.Gt, operand);

    public static Comparison Gte(decimal operand) => new(ComparisonOperator.Gte, operand);

    public static Comparison Lt(decimal operand) => new(ComparisonOperator.Lt, operand);

    public static Comparison Lte(decimal operand) => new(ComparisonOperator.Lte, operand);

    /// <summary>Both bounds inclusive.</summary>
    public static Comparison Between(decimal lower, decimal upper) => new(ComparisonOperator.Between, lower, upper);

    public bool Holds(decimal number) => HoldsForQuotient(number, 1);

    /// <summary>
    /// Compares dividend / divisor without dividing, so without rounding. The divisor is above zero and fits an <see cref="int"/>.
    /// </summary>
    public bool HoldsForQuotient(decimal dividend, int divisor) => Operator switch
    {
        ComparisonOperator.Eq => dividend == Operand * divisor,
        ComparisonOperator.Ne => dividend != Operand * divisor,
        ComparisonOperator.Gt => dividend > Operand * divisor,
        ComparisonOperator.Gte => dividend >= Operand * divisor,
        ComparisonOperator.Lt => dividend < Operand * divisor,
        ComparisonOperator.Lte => dividend <= Operand * divisor,
        _ => dividend >= Operand * divisor && dividend <= Upper * divisor,
    };

    /// <summary>Such as <c>gte 3</c> or <c>between 1 and 5</c>.</summary>
    public override string ToString()
    {
        var name = Operator.ToString().ToLowerInvariant();
        return Operator == ComparisonOperator.Between
            ? string.Create(CultureInfo.InvariantCulture, $"{name} {Operand} and {Upper}")
            : string.Create(CultureInfo.InvariantCulture, $"{name} {Operand}");
    }

    private static void RequireRange(decimal operand)
    {
        if (operand is < -PropertyValue.MaxNumber or > PropertyValue.MaxNumber)
            throw new ArgumentOutOfRangeException(nameof(operand), $"An operand must lie between -{PropertyValue.MaxNumber} and {PropertyValue.MaxNumber}.");
    }
}
