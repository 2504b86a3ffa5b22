using BenchmarkDotNet.Attributes;
using Segmentation.Tests.Predictions;

namespace Segmentation.Benchmarks;

/// <summary>What one customer's predictions cost: all of them at an instant that moves, and when one of them crosses its bound.</summary>
public class PredictionBenchmarks
{
    private const long Day = PurchaseSummary.DayMs;

    private readonly PurchaseModel model = new(new BgNbd(0.243, 4.414, 0.793, 2.426), new GammaGamma(6.25, 3.74, 15.44), 90 * Day);
    private Purchase[] purchases = [];
    private long instant;

    [Params(1, 3, 30)]
    public int Purchases { get; set; }

    [GlobalSetup]
    public void Make()
    {
        purchases = [.. Enumerable.Range(0, Purchases).Select(i => new Purchase((20_000 + (10 * i)) * Day, 20))];
        instant = purchases[^1].AtMs + Day;
    }

    [Benchmark]
    public Prediction? Predict() => model.Predict(purchases, instant++);

    [Benchmark]
    public long NextChurn() => model.NextCrossingMs(PredictedQuantity.ChurnProbability, 0.8m, purchases, instant++);

    [Benchmark]
    public long NextExpectedPurchases() => model.NextCrossingMs(PredictedQuantity.ExpectedPurchases, 0.1m, purchases, instant++);
}

/// <summary>What a fit costs from the purchases of all customers, its hold-out test included. Customers are made by the models' own story.</summary>
public class FitBenchmarks
{
    private const long Day = PurchaseSummary.DayMs;
    private const int Days = 730;

    private static readonly PredictionTerms Terms = new(90 * Day, 500, 50, 180 * Day, 30 * Day);
    private Purchase[][] customers = [];

    [Params(10_000, 100_000, 1_000_000)]
    public int Customers { get; set; }

    [GlobalSetup]
    public void Make()
    {
        var random = new Random(1);
        customers = [.. Enumerable.Range(0, Customers).Select(_ => SimulatedCustomer.Purchases(
            random, new BgNbd(0.6, 6, 0.8, 2.5), new GammaGamma(4, 3.5, 20), random.Next(0, Days), Days - 1))];
    }

    [Benchmark]
    public PredictionReport GatherAndFit()
    {
        var training = new PredictionTraining(Days * Day, Terms);
        foreach (var customer in customers)
            training.Add(customer);
        return training.Finish();
    }
}
