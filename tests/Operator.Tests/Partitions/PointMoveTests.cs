using System.Globalization;
using Segmentation.Operator.Partitions;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>Whom new break points concern, against a count of the break points that each single value exceeds.</summary>
public sealed class PointMoveTests
{
    private const long AtMs = 1_700_000_000_000;

    [Fact]
    public void Nobody_is_left_out_and_without_a_margin_nobody_is_looked_at_in_vain()
    {
        foreach (var seed in Seeds.Take(300))
        {
            var random = new Random(seed);
            var margin = random.Next(3) == 0 ? random.Next(1, 51) : 0;
            var (before, now) = (Points(random), Points(random));
            var move = new PointMove("p@r", before, now, margin);
            var between = move.Between(AtMs).ToList();
            for (var i = 0; i < 200; i++)
            {
                long value = random.Next(0, 60);
                var ranges = new[] { (RfmDimensions.Recency, AtMs - value), (RfmDimensions.Frequency, value), (RfmDimensions.Monetary, (double)value - 20) };
                decimal[][] olds = [[.. before.RecencyMs], [.. before.Frequency], [.. before.Monetary]];
                decimal[][] news = [[.. now.RecencyMs], [.. now.Frequency], [.. now.Monetary]];
                for (var d = 0; d < 3; d++)
                {
                    decimal number = d == 2 ? value - 20 : value;
                    var changes = Exceeded(olds[d], number, margin) != Exceeded(news[d], number, margin);
                    var looked = between.Any(range => range.Dimension == ranges[d].Item1 && Contains(range, ranges[d].Item2));
                    if (changes) looked.ShouldBeTrue($"seed {seed}, dimension {d}, value {number}, margin {margin}");
                    if (!changes && margin == 0 && d < 2) looked.ShouldBeFalse($"seed {seed}, dimension {d}, value {number}");
                }
            }
        }
    }

    [Fact]
    public void Who_passes_a_break_point_earlier_than_before_is_due_no_later_than_that()
    {
        foreach (var seed in Seeds.Take(300))
        {
            var random = new Random(seed);
            var margin = random.Next(3) == 0 ? random.Next(1, 51) : 0;
            var move = new PointMove("p@r", Points(random), Points(random), margin);
            var earlier = move.Earlier(AtMs).ToList();
            for (var age = 0L; age < 60; age++)
            {
                var (old, next) = (Next(move.Before, age, margin), Next(move.Now, age, margin));
                var due = earlier.Where(e => Contains(e.Range, AtMs - age)).Select(e => e.AfterMs).Append(old).Min();
                if (next < old) due.ShouldBe(next, $"seed {seed}, age {age}, margin {margin}");
                else due.ShouldBeLessThanOrEqualTo(next, $"seed {seed}, age {age}, margin {margin}");
            }
        }
    }

    private static RfmBreakPoints Points(Random random)
    {
        long[] Some() => [.. Enumerable.Range(0, 4).Select(_ => (long)random.Next(0, 40)).Order()];
        return new RfmBreakPoints(Some(), Some(), [.. Some().Select(point => (decimal)point - 20)]);
    }

    private static string Exceeded(decimal[] points, decimal value, int margin) => string.Join(
        ' ', new[] { -margin, 0, margin }.Select(percent => points.Count(point => (value * 100) + (Math.Abs(value) * percent) > point * 100)));

    // By trying every age.
    private static long Next(RfmBreakPoints points, long age, int margin)
    {
        decimal[] ages = [.. points.RecencyMs];
        for (var later = age + 1; later < 200; later++)
        {
            if (Exceeded(ages, later, margin) != Exceeded(ages, later - 1, margin)) return later;
        }
        return long.MaxValue;
    }

    private static bool Contains(ScoreRange range, double score)
    {
        var open = range.Least.StartsWith('(');
        var least = double.Parse(range.Least.TrimStart('('), CultureInfo.InvariantCulture);
        return (open ? score > least : score >= least) && score <= double.Parse(range.Most, CultureInfo.InvariantCulture);
    }
}
