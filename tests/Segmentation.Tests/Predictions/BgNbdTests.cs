using Segmentation.Tests.Oracle;

namespace Segmentation.Tests.Predictions;

public sealed class BgNbdTests
{
    [Fact]
    public void Nothing_leaves_its_range_however_extreme_the_customer()
    {
        foreach (var seed in Seeds.Take(first: 1, count: 2000))
        {
            var random = new Random(seed);
            var model = RandomModels.BgNbd(random);
            var repeats = random.Next(4) == 0 ? 0 : (int)RandomModels.Spread(random, 1, 100_000);
            var age = RandomModels.Spread(random, Math.Max(1e-3, repeats / 7.0), 100_000);
            var recency = repeats == 0 ? 0 : age * random.NextDouble();
            var horizon = RandomModels.Spread(random, 0.01, 104);
            var why = $"{model} x {repeats} tx {recency} T {age} t {horizon}. Replay with SEED={seed}.";

            model.AliveProbability(repeats, recency, age).ShouldBeInRange(0, 1, why);
            var expected = model.ExpectedPurchases(repeats, recency, age, horizon);
            expected.ShouldBeInRange(0, (model.R + repeats) * horizon / (model.Alpha + age) * (1 + 1e-9), why);
            model.MedianWeeksToNext(repeats, recency, age).ShouldBeGreaterThan(0, why);
            double.IsNaN(model.ExpectedRepeats(horizon)).ShouldBeFalse(why);
        }
    }

    [Fact]
    public void Time_without_a_purchase_speaks_against_the_customer_and_a_later_last_one_for_him()
    {
        foreach (var seed in Seeds.Take(first: 1, count: 2000))
        {
            var random = new Random(seed);
            var model = RandomModels.BgNbd(random);
            var repeats = random.Next(0, 200);
            var age = RandomModels.Spread(random, 0.1 + (repeats / 7.0), 520);
            var recency = repeats == 0 ? 0 : age * random.NextDouble();
            var later = age * (1 + random.NextDouble());
            var why = $"{model} x {repeats} tx {recency} T {age} and {later}. Replay with SEED={seed}.";

            model.AliveProbability(repeats, recency, later).ShouldBeLessThanOrEqualTo(model.AliveProbability(repeats, recency, age), why);
            model.MedianWeeksToNext(repeats, recency, later).ShouldBeGreaterThanOrEqualTo(model.MedianWeeksToNext(repeats, recency, age), why);
            var expected = model.ExpectedPurchases(repeats, recency, age, 13);
            model.ExpectedPurchases(repeats, recency, later, 13).ShouldBeLessThanOrEqualTo(expected * (1 + 1e-12), why);
            model.ExpectedPurchases(repeats, recency, age, 26).ShouldBeGreaterThanOrEqualTo(expected * (1 - 1e-12), why);
            if (repeats > 0)
                model.AliveProbability(repeats, age, age).ShouldBeGreaterThanOrEqualTo(model.AliveProbability(repeats, recency, age), why);
        }
    }

    [Fact]
    public void Nobody_goes_before_the_first_repeat()
    {
        var model = new BgNbd(0.243, 4.414, 0.793, 2.426);
        model.AliveProbability(0, 0, 500).ShouldBe(1);
        model.LogChurnOdds(0, 0, 500).ShouldBe(double.NegativeInfinity);
        model.AliveProbability(1, 0, 500).ShouldBeLessThan(0.1);
    }

    [Fact]
    public void Whoever_has_more_likely_gone_than_not_is_never_expected_again()
    {
        var model = new BgNbd(0.243, 4.414, 0.793, 2.426);
        model.AliveProbability(2, 30.43, 70).ShouldBeLessThan(0.5);
        model.MedianWeeksToNext(2, 30.43, 70).ShouldBe(double.PositiveInfinity);
    }

    [Theory]
    [InlineData(0, 1, 1, 1)]
    [InlineData(1, -1, 1, 1)]
    [InlineData(1, 1, double.NaN, 1)]
    [InlineData(1, 1, 1, double.PositiveInfinity)]
    public void Parameters_are_positive_and_finite(double r, double alpha, double a, double b) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new BgNbd(r, alpha, a, b));
}
