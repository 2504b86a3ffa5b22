namespace Segmentation.Resources;

/// <summary>A set of numbers as intervals, in order and apart from one another; the ends of the decimals stand for infinity.</summary>
internal sealed class NumberSet
{
    private readonly IReadOnlyList<Interval> intervals;

    private NumberSet(IEnumerable<Interval> intervals) => this.intervals = [.. intervals.Where(interval => !interval.IsEmpty)];

    public static NumberSet All { get; } = AtLeast(decimal.MinValue);

    public static NumberSet None { get; } = new([]);

    public bool IsEmpty => intervals.Count == 0;

    /// <summary>The smallest number, or what the set comes near to; not for the empty set.</summary>
    public decimal Least => intervals[0].Low;

    /// <summary>The largest number, or what the set comes near to; not for the empty set.</summary>
    public decimal Greatest => intervals[^1].High;

    public static NumberSet AtLeast(decimal low) => new([new Interval(low, true, decimal.MaxValue, true)]);

    public static NumberSet AtMost(decimal high) => new([new Interval(decimal.MinValue, true, high, true)]);

    public static NumberSet Of(IEnumerable<decimal> numbers) =>
        new(numbers.Distinct().Order().Select(number => new Interval(number, true, number, true)));

    /// <summary>The numbers that the comparison holds for.</summary>
    public static NumberSet Of(Comparison comparison)
    {
        var (low, high) = (comparison.Operand, comparison.Upper);
        return comparison.Operator switch
        {
            ComparisonOperator.Eq => Of([low]),
            ComparisonOperator.Ne => Of([low]).Complement(),
            ComparisonOperator.Gt => AtMost(low).Complement(),
            ComparisonOperator.Gte => AtLeast(low),
            ComparisonOperator.Lt => AtLeast(low).Complement(),
            ComparisonOperator.Lte => AtMost(low),
            _ => AtLeast(low).Intersect(AtMost(high)),
        };
    }

    public NumberSet Complement()
    {
        var gaps = new List<Interval>();
        var (low, closed) = (decimal.MinValue, true);
        foreach (var interval in intervals)
        {
            gaps.Add(new Interval(low, closed, interval.Low, !interval.LowIn));
            (low, closed) = (interval.High, !interval.HighIn);
        }

        gaps.Add(new Interval(low, closed, decimal.MaxValue, intervals.Count == 0 || intervals[^1].High < decimal.MaxValue));
        return new NumberSet(gaps);
    }

    public NumberSet Intersect(NumberSet other) =>
        new(from mine in intervals from theirs in other.intervals select mine.Intersect(theirs));

    /// <summary>The whole numbers of the set, as a set of numbers that has nothing between them where it is narrow.</summary>
    public NumberSet Whole() => new(intervals.Select(interval => interval.Whole()));

    private readonly record struct Interval(decimal Low, bool LowIn, decimal High, bool HighIn)
    {
        public bool IsEmpty => Low > High || (Low == High && !(LowIn && HighIn));

        public Interval Intersect(Interval other)
        {
            var (low, lowIn) = Low == other.Low ? (Low, LowIn && other.LowIn) : Low > other.Low ? (Low, LowIn) : (other.Low, other.LowIn);
            var (high, highIn) =
                High == other.High ? (High, HighIn && other.HighIn) : High < other.High ? (High, HighIn) : (other.High, other.HighIn);
            return new Interval(low, lowIn, high, highIn);
        }

        public Interval Whole()
        {
            var low = decimal.Ceiling(Low);
            var high = decimal.Floor(High);
            return new Interval(low == Low && !LowIn ? low + 1 : low, true, high == High && !HighIn ? high - 1 : high, true);
        }
    }
}
