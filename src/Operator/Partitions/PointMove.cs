using System.Globalization;

namespace Segmentation.Operator.Partitions;

/// <summary>New break points of a policy revision, and those before: a profile's tier can be another only if a value of its lies between the two.</summary>
internal sealed record PointMove(string PolicyKey, RfmBreakPoints Before, RfmBreakPoints Now, int MarginPercent)
{
    // With a margin, what lies between is also what would if it were so much more or less.
    private int[] Percents => MarginPercent == 0 ? [100] : [100 + MarginPercent, 100, 100 - MarginPercent];

    /// <summary>The scores in the sorted sets of the dimensions of which a profile may have another digit, or come or go within the margin, at an instant.</summary>
    public IEnumerable<ScoreRange> Between(long atMs)
    {
        foreach (var percent in Percents)
        {
            foreach (var (low, high) in Gaps(Before.RecencyMs, Now.RecencyMs))
                yield return new ScoreRange(RfmDimensions.Recency, Text(atMs - Passed(high, percent) + 1), Text(atMs - Passed(low, percent)));
            foreach (var (low, high) in Gaps(Before.Frequency, Now.Frequency))
                yield return new ScoreRange(RfmDimensions.Frequency, "(" + Text(low * 100 / percent), Text(high * 100 / percent));

            // The sets hold the nearest floating-point numbers; the break point itself is taken in, for what is not quite it.
            foreach (var (low, high) in Gaps(Before.Monetary, Now.Monetary))
                yield return new ScoreRange(RfmDimensions.Monetary, Text(Math.BitDecrement((double)(low * 100 / percent))), Text(Math.BitIncrement((double)(high * 100 / percent))));
        }
    }

    /// <summary>
    /// The scores in the sorted set of recency of the profiles that pass a break point earlier than they would have, and after how long since the
    /// last purchase, ms.
    /// </summary>
    public IEnumerable<(ScoreRange Range, long AfterMs)> Earlier(long atMs)
    {
        var before = Ages(Before);
        var now = Ages(Now);
        foreach (var age in now.Except(before))
        {
            // Those that are to pass this one next, and none of those before until then.
            var least = before.Concat(now).Where(other => other < age).DefaultIfEmpty(0).Max();
            yield return (new ScoreRange(RfmDimensions.Recency, Text(atMs - age + 1), Text(atMs - least)), age);
        }
    }

    private List<long> Ages(RfmBreakPoints points) => [.. points.RecencyMs.SelectMany(point => Percents.Select(percent => Passed(point, percent))).Distinct()];

    // The least age at which the break point is exceeded by an age so many percent of it.
    private static long Passed(long pointMs, int percent) => (pointMs * 100 / percent) + 1;

    private static IEnumerable<(T Low, T High)> Gaps<T>(IReadOnlyList<T> before, IReadOnlyList<T> now)
        where T : IComparable<T> =>
        before.Zip(now).Where(pair => pair.First.CompareTo(pair.Second) != 0)
            .Select(pair => pair.First.CompareTo(pair.Second) < 0 ? (pair.First, pair.Second) : (pair.Second, pair.First));

    private static string Text(double score) => score.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>Scores of a dimension's sorted set from one to another, both inclusive unless a parenthesis stands before.</summary>
internal readonly record struct ScoreRange(string Dimension, string Least, string Most);
