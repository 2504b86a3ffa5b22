using Segmentation.Tests.Oracle;
using static Segmentation.Tests.Predictions.RandomModels;

namespace Segmentation.Tests.Predictions;

public sealed class ModelFitTests
{
    [Fact]
    public void Gradients_are_the_slopes_of_the_likelihoods()
    {
        foreach (var seed in Seeds.Take(first: 1, count: 20))
        {
            var random = new Random(seed);
            var sample = Crowd.Sample(random, new BgNbd(0.5, 5, 1, 3), new GammaGamma(4, 3, 20), customers: 200);
            SlopesAgree(new BgNbdLikelihood(sample), [Spread(random, 0.1, 5), Spread(random, 1, 50), Spread(random, 0.1, 5), Spread(random, 0.5, 10)], seed);
            SlopesAgree(new GammaGammaLikelihood(sample), [Spread(random, 0.5, 10), Spread(random, 0.5, 10), Spread(random, 1, 50)], seed);
        }
    }

    /// <summary>
    /// Every parameter is found as closely as its standard error says, and by so many crowds neither too high nor too low. They buy so seldom that hardly two
    /// purchases fall on one day: to the models these are one, which makes the rate of who buys often look lower than it is.
    /// </summary>
    [Fact]
    public void The_fit_finds_the_parameters_that_a_shop_was_made_with_within_their_standard_errors()
    {
        var (made, spent) = (new BgNbd(0.6, 120, 0.8, 2.5), new GammaGamma(4, 3.5, 20));
        var deviations = new List<double>[7];
        foreach (var seed in Seeds.Take(first: 1, count: 3))
        {
            var sample = Crowd.Sample(new Random(seed), made, spent, customers: 20_000, days: 8_000);
            var purchases = ModelFit.OfBgNbd(sample)!;
            var values = ModelFit.OfGammaGamma(sample)!;
            double[] found = [purchases.Model.R, purchases.Model.Alpha, purchases.Model.A, purchases.Model.B, values.Model.P, values.Model.Q, values.Model.V];
            double[] wanted = [made.R, made.Alpha, made.A, made.B, spent.P, spent.Q, spent.V];
            double[] errors = [.. purchases.StandardErrors!, .. values.StandardErrors!];
            for (var i = 0; i < wanted.Length; i++)
            {
                errors[i].ShouldBeLessThan(wanted[i] / 2);
                var deviation = (found[i] - wanted[i]) / errors[i];
                Math.Abs(deviation).ShouldBeLessThan(5, $"parameter {i}: {found[i]} of {wanted[i]}. Replay with SEED={seed}.");
                (deviations[i] ??= []).Add(deviation);
            }
        }

        for (var i = 0; i < deviations.Length; i++)
            Math.Abs(deviations[i].Average()).ShouldBeLessThan(4 / Math.Sqrt(deviations[i].Count), $"parameter {i}");
        deviations.SelectMany(of => of).Average(deviation => deviation * deviation).ShouldBeInRange(0.2, 2.5);
    }

    /// <summary>At the parameters found, none a little off is likelier.</summary>
    [Fact]
    public void The_fit_ends_at_a_maximum()
    {
        foreach (var seed in Seeds.Take(first: 1, count: 10))
        {
            var random = new Random(seed);
            var made = new BgNbd(Spread(random, 0.2, 2), Spread(random, 3, 30), Spread(random, 0.3, 2), Spread(random, 1, 6));
            var sample = Crowd.Sample(random, made, new GammaGamma(4, 3, 20), customers: 2000);
            var fitted = ModelFit.OfBgNbd(sample)!;
            var likelihood = new BgNbdLikelihood(sample);
            double[] found = [fitted.Model.R, fitted.Model.Alpha, fitted.Model.A, fitted.Model.B];
            likelihood.Logarithm(found, []).ShouldBe(fitted.LogLikelihood, 1e-9);
            for (var i = 0; i < 60; i++)
            {
                var beside = found.Select((parameter, at) => Math.Clamp(
                    parameter * Math.Exp((random.NextDouble() - 0.5) / 5), likelihood.Bounds[at].Least, likelihood.Bounds[at].Most)).ToArray();
                likelihood.Logarithm(beside, []).ShouldBeLessThanOrEqualTo(fitted.LogLikelihood + 1e-6, $"{made}. Replay with SEED={seed}.");
            }
        }
    }

    [Fact]
    public void The_order_of_the_customers_does_not_matter()
    {
        var customers = Crowd.Customers(new Random(7), new BgNbd(0.5, 5, 1, 3), new GammaGamma(4, 3, 20), 3000);
        var (forwards, backwards) = (Crowd.Sample(customers), Crowd.Sample(customers.Reverse()));
        ModelFit.OfBgNbd(backwards)!.Model.ShouldBe(ModelFit.OfBgNbd(forwards)!.Model);
        ModelFit.OfGammaGamma(backwards)!.Model.ShouldBe(ModelFit.OfGammaGamma(forwards)!.Model);
    }

    /// <summary>Where the likelihood is flat, a model is found all the same, but nothing is said of its exactness.</summary>
    [Fact]
    public void Customers_who_are_all_alike_give_a_model_without_standard_errors()
    {
        var sample = new PurchaseSample(400);
        for (var i = 0; i < 600; i++)
            sample.Add(PurchaseSummary.Of([new Purchase(0, 10), new Purchase(100 * Day, 10), new Purchase(399 * Day, 10)])!.Value);
        ModelFit.OfBgNbd(sample)!.StandardErrors.ShouldBeNull();
        ModelFit.OfGammaGamma(sample)!.Model.ExpectedValue(2, 20).ShouldBe(10, 0.01);
    }

    [Fact]
    public void There_is_no_model_of_what_never_happened()
    {
        var sample = new PurchaseSample(400);
        sample.Add(PurchaseSummary.Of([new Purchase(0, 10)])!.Value);
        ModelFit.OfBgNbd(sample).ShouldBeNull();
        ModelFit.OfGammaGamma(sample).ShouldBeNull();
    }

    private static void SlopesAgree(ILikelihood likelihood, double[] at, int seed)
    {
        var gradient = new double[at.Length];
        likelihood.Logarithm(at, gradient);
        for (var i = 0; i < at.Length; i++)
        {
            var step = at[i] * 1e-5;
            var slope = (Value(i, step) - Value(i, -step)) / (2 * step);
            gradient[i].ShouldBe(slope, 1e-5 * Math.Max(1, Math.Abs(slope)), $"parameter {i} of {string.Join(' ', at)}. Replay with SEED={seed}.");
        }

        double Value(int i, double step) => likelihood.Logarithm([.. at.Select((parameter, j) => j == i ? parameter + step : parameter)], []);
    }

    /// <summary>Customers who do what the models say that customers do.</summary>
    private static class Crowd
    {
        private const int Days = 400;

        public static PurchaseSample Sample(Random random, BgNbd purchases, GammaGamma values, int customers, int days = Days) =>
            Sample(Customers(random, purchases, values, customers, days), days);

        public static PurchaseSample Sample(IEnumerable<Purchase[]> customers, int days = Days)
        {
            var sample = new PurchaseSample(days);
            foreach (var customer in customers)
                sample.Add(PurchaseSummary.Of(customer, days)!.Value);
            return sample;
        }

        /// <summary>They come in the first half of the time.</summary>
        public static Purchase[][] Customers(Random random, BgNbd purchases, GammaGamma values, int count, int days = Days) =>
            [.. Enumerable.Range(0, count).Select(_ => SimulatedCustomer.Purchases(random, purchases, values, random.Next(0, days / 2), days))];
    }
}
