namespace Segmentation.Tests.Rfm;

public sealed class RfmBreakPointsTests
{
    [Fact]
    public void A_break_point_is_the_inclusive_upper_bound_of_its_digit()
    {
        var points = new RfmBreakPoints([10, 20, 30, 40], [1, 2, 4, 8], [5m, 10m, 20m, 40m]);

        ((int[])[points.RecencyDigit(0), points.RecencyDigit(10), points.RecencyDigit(11), points.RecencyDigit(40), points.RecencyDigit(41)])
            .ShouldBe([5, 5, 4, 2, 1]);
        ((int[])[points.FrequencyDigit(1), points.FrequencyDigit(2), points.FrequencyDigit(3), points.FrequencyDigit(9)]).ShouldBe([1, 2, 3, 5]);
        ((int[])[points.MonetaryDigit(-3m), points.MonetaryDigit(5m), points.MonetaryDigit(5.01m), points.MonetaryDigit(40.01m)]).ShouldBe([1, 1, 2, 5]);
    }

    [Fact]
    public void Quantiles_are_the_values_at_the_ranks_rounded_up()
    {
        // Seven values in three groups: ranks ⌈7/3⌉ = 3 and ⌈14/3⌉ = 5.
        var points = RfmBreakPoints.FromQuantiles(3, [70, 10, 60, 20, 50, 30, 40], [1, 1, 1, 1, 1, 1, 9], [1m, 2m, 3m, 4m, 5m, 6m, 7m]);

        points.RecencyMs.ShouldBe([30, 50]);
        points.Frequency.ShouldBe([1, 1]);
        points.Monetary.ShouldBe([3m, 5m]);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(10)]
    public void Distinct_values_spread_evenly_over_the_digits(int scores)
    {
        var ages = Enumerable.Range(0, scores * 7).Select(static i => (long)i * 3).ToArray();
        var points = RfmBreakPoints.FromQuantiles(scores, ages, ages, ages.Select(static a => (decimal)a).ToArray());

        ages.GroupBy(points.RecencyDigit).Select(static g => g.Count()).ShouldAllBe(static count => count == 7);
        ages.GroupBy(points.FrequencyDigit).Select(static g => g.Key).Order().ShouldBe(Enumerable.Range(1, scores));
    }

    [Fact]
    public void A_single_profile_gets_the_best_recency_and_the_lowest_other_digits()
    {
        var points = RfmBreakPoints.FromQuantiles(5, [100], [3], [50m]);

        (points.RecencyDigit(100), points.FrequencyDigit(3), points.MonetaryDigit(50m)).ShouldBe((5, 1, 1));
    }

    [Fact]
    public void The_order_of_the_profiles_does_not_matter_and_their_values_stay_as_they_are()
    {
        long[] ages = [5, 1, 4];
        var first = RfmBreakPoints.FromQuantiles(3, ages, [1, 2, 3], [1m, 2m, 3m]);

        first.ShouldBe(RfmBreakPoints.FromQuantiles(3, [4, 5, 1], [3, 2, 1], [3m, 1m, 2m]));
        ages.ShouldBe([5, 1, 4]);
    }

    [Fact]
    public void Break_points_that_make_no_sense_are_refused()
    {
        Should.Throw<ArgumentException>(() => new RfmBreakPoints([1, 2], [1, 2], [1m])).Message.ShouldStartWith("The three dimensions need the same number");
        Should.Throw<ArgumentException>(() => new RfmBreakPoints([2, 1], [1, 2], [1m, 2m])).Message.ShouldStartWith("Break points must ascend");
        Should.Throw<ArgumentException>(() => new RfmBreakPoints([1], [1], [1m])).Message.ShouldStartWith("There must be 2 to 9 break points, not 1");
        Should.Throw<ArgumentException>(() => new RfmBreakPoints([-1, 1], [1, 2], [1m, 2m])).Message.ShouldStartWith("An age cannot be negative");
        Should.Throw<ArgumentException>(() => RfmBreakPoints.FromQuantiles(5, [], [], [])).Message.ShouldStartWith("Quantiles need at least one profile");
    }
}
