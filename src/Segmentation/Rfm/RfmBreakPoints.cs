namespace Segmentation;

/// <summary>
/// Where the digits of the three dimensions change: for each dimension one value fewer than there are scores, ascending, equal ones
/// allowed, each the inclusive upper bound of a digit. Frequency and monetary: the digit is 1 plus the number of break points that the
/// value exceeds. Recency: the number of scores less the number of break points that the age exceeds, so that the most recent are best.
/// </summary>
public sealed class RfmBreakPoints : IEquatable<RfmBreakPoints>
{
    private readonly long[] recencyMs;
    private readonly long[] frequency;
    private readonly decimal[] monetary;

    /// <summary>Throws <see cref="ArgumentException"/> when the numbers of break points differ, are not 2 to 9, or do not ascend.</summary>
    /// <param name="recencyMs">Ages of the last purchase in milliseconds, not negative.</param>
    /// <param name="frequency">Numbers of purchases.</param>
    /// <param name="monetary">Amounts.</param>
    public RfmBreakPoints(IReadOnlyList<long> recencyMs, IReadOnlyList<long> frequency, IReadOnlyList<decimal> monetary)
    {
        this.recencyMs = Ascending(recencyMs, nameof(recencyMs));
        this.frequency = Ascending(frequency, nameof(frequency));
        this.monetary = Ascending(monetary, nameof(monetary));
        if (frequency.Count != recencyMs.Count || monetary.Count != recencyMs.Count)
            throw new ArgumentException("The three dimensions need the same number of break points.", nameof(frequency));
        if (Scores is < RfmPolicyDefinition.LeastScores or > RfmPolicyDefinition.MostScores)
        {
            throw new ArgumentException(
                $"There must be {RfmPolicyDefinition.LeastScores - 1} to {RfmPolicyDefinition.MostScores - 1} break points, not {recencyMs.Count}.",
                nameof(recencyMs));
        }

        if (this.recencyMs[0] < 0)
            throw new ArgumentException("An age cannot be negative.", nameof(recencyMs));
    }

    /// <summary>How many digits each dimension has.</summary>
    public int Scores => recencyMs.Length + 1;

    /// <summary>Ages of the last purchase in milliseconds.</summary>
    public IReadOnlyList<long> RecencyMs => recencyMs;

    /// <summary>Numbers of purchases.</summary>
    public IReadOnlyList<long> Frequency => frequency;

    /// <summary>Amounts.</summary>
    public IReadOnlyList<decimal> Monetary => monetary;

    /// <summary>
    /// Break points that put the profiles into groups of nearly the same size: the i-th is the value at the 1-based rank ⌈n · i / scores⌉ of
    /// the n sorted values. Profiles with equal values always get equal digits, so groups differ where values repeat. The order of the
    /// arguments does not matter; they are not changed. Throws <see cref="ArgumentException"/> when there are none.
    /// </summary>
    public static RfmBreakPoints FromQuantiles(
        int scores, ReadOnlySpan<long> agesMs, ReadOnlySpan<long> frequencies, ReadOnlySpan<decimal> monetaries) =>
        new(Quantiles(scores, agesMs), Quantiles(scores, frequencies), Quantiles(scores, monetaries));

    /// <summary>The digit of the age of the last purchase.</summary>
    public int RecencyDigit(long ageMs) => Scores - Exceeded(recencyMs, ageMs);

    /// <summary>The digit of the number of purchases.</summary>
    public int FrequencyDigit(long purchases) => 1 + Exceeded(frequency, purchases);

    /// <summary>The digit of the amount.</summary>
    public int MonetaryDigit(decimal spent) => 1 + Exceeded(monetary, spent);

    public bool Equals(RfmBreakPoints? other) => other is not null
        && recencyMs.AsSpan().SequenceEqual(other.recencyMs)
        && frequency.AsSpan().SequenceEqual(other.frequency)
        && monetary.AsSpan().SequenceEqual(other.monetary);

    public override bool Equals(object? obj) => Equals(obj as RfmBreakPoints);

    public override int GetHashCode() => HashCode.Combine(recencyMs[0], frequency[0], monetary[0], Scores);

    /// <summary>The digits of all values that are at most so many percent of the given ones away from them; the upper bounds inclusive.</summary>
    internal (DigitSet Recency, DigitSet Frequency, DigitSet Monetary) DigitsAround(long ageMs, long purchases, decimal spent, int marginPercent)
    {
        var (recencies, frequencies, monetaries) = (
            Around(recencyMs, ageMs, marginPercent, static point => point), Around(frequency, purchases, marginPercent, static point => point),
            Around(monetary, spent, marginPercent, static point => point));
        return (
            new DigitSet(Scores - recencies.Most, Scores - recencies.Least), new DigitSet(1 + frequencies.Least, 1 + frequencies.Most),
            new DigitSet(1 + monetaries.Least, 1 + monetaries.Most));
    }

    /// <summary>
    /// The least age, in milliseconds and above the given one, at which its recency digit, or one of <see cref="DigitsAround"/>, is another;
    /// <see cref="long.MaxValue"/> when there is none.
    /// </summary>
    internal long NextAge(long ageMs, int marginPercent)
    {
        var next = long.MaxValue;
        ReadOnlySpan<int> percents = marginPercent == 0 ? [100] : [100 + marginPercent, 100, 100 - marginPercent];
        foreach (var percent in percents)
        {
            foreach (var point in recencyMs)
            {
                var passed = (point * 100 / percent) + 1;
                if (passed > ageMs)
                    next = Math.Min(next, passed);
            }
        }

        return next;
    }

    // How many break points the value exceeds at least and at most when it is up to so many percent less or more.
    private static (int Least, int Most) Around<T>(T[] breakPoints, decimal value, int marginPercent, Func<T, decimal> number)
    {
        var margin = Math.Abs(value) * marginPercent;
        return (Exceeded((value * 100) - margin), Exceeded((value * 100) + margin));

        int Exceeded(decimal hundredfold) => breakPoints.Count(point => hundredfold > number(point) * 100);
    }

    private static int Exceeded<T>(T[] breakPoints, T value)
        where T : IComparable<T>
    {
        var exceeded = 0;
        while (exceeded < breakPoints.Length && value.CompareTo(breakPoints[exceeded]) > 0)
            exceeded++;
        return exceeded;
    }

    private static T[] Quantiles<T>(int scores, ReadOnlySpan<T> values)
        where T : IComparable<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(scores, RfmPolicyDefinition.LeastScores);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scores, RfmPolicyDefinition.MostScores);
        if (values.IsEmpty)
            throw new ArgumentException("Quantiles need at least one profile.", nameof(values));
        var sorted = values.ToArray();
        Array.Sort(sorted);
        var breakPoints = new T[scores - 1];
        for (var i = 1; i < scores; i++)
            breakPoints[i - 1] = sorted[(int)(((long)sorted.Length * i + scores - 1) / scores) - 1];
        return breakPoints;
    }

    private static T[] Ascending<T>(IReadOnlyList<T> breakPoints, string name)
        where T : IComparable<T>
    {
        ArgumentNullException.ThrowIfNull(breakPoints, name);
        for (var i = 1; i < breakPoints.Count; i++)
        {
            if (breakPoints[i].CompareTo(breakPoints[i - 1]) < 0)
                throw new ArgumentException("Break points must ascend.", name);
        }

        return [.. breakPoints];
    }
}
