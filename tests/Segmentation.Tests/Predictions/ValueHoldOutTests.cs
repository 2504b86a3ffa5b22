using Segmentation.Tests.Cdnow;

namespace Segmentation.Tests.Predictions;

/// <summary>What purchases of days that the fit has not seen are worth.</summary>
public sealed class ValueHoldOutTests
{
    private const long Day = PurchaseSummary.DayMs;
    private const int KnownDay = 309; // as of day 400, without the 90 of the horizon
    private static readonly PredictionTerms Terms = new(90 * Day, MinCustomers: 500, MinRepeatCustomers: 50, MinHistoryMs: 180 * Day, MaxQuietMs: 30 * Day);

    /// <summary>Weeks 40 to 78 of the literature's customers. The numbers are those of <c>value-hold-out.py</c>, which shares nothing with the engine.</summary>
    [CdnowFact]
    public void The_published_model_expects_what_it_expects_by_another_program()
    {
        var training = new PredictionTraining(CdnowFile.Day("19980701"), Terms with { HorizonMs = 273 * Day, MinHistoryMs = 546 * Day });
        foreach (var customer in CdnowFile.Sample())
            training.Add(customer);
        var values = training.Finish().HoldOut!.Values!;
        values.Customers.ShouldBe(684);
        values.ExpectedAverageValue.ShouldBe(35.5241, 0.001);
        values.ActualAverageValue.ShouldBe(37.27477, 0.00001);
        values.MeanAbsoluteError.ShouldBe(17.6531, 0.001);
    }

    [Fact]
    public void Every_customer_is_expected_to_spend_between_his_own_average_and_that_of_all()
    {
        var customers = Customers(3000, seed: 31);
        var values = Report(customers).HoldOut!.Values!;

        var calibration = new PurchaseSample(KnownDay);
        foreach (var customer in customers.Where(customer => customer[0].AtMs < (KnownDay + 1) * Day))
            calibration.Add(PurchaseSummary.Of(customer, KnownDay)!.Value);
        var model = ModelFit.OfGammaGamma(calibration)!.Model;
        var ofAll = model.P * model.V / (model.Q - 1);
        var each = new List<(double Expected, double Actual)>();
        foreach (var customer in customers)
        {
            var days = customer.GroupBy(purchase => purchase.AtMs / Day).OrderBy(day => day.Key).ToArray();
            if (days[0].Key > KnownDay)
                continue;
            var worth = days.Skip(1).Select(day => (Day: day.Key, Value: (double)day.Sum(purchase => purchase.Amount))).Where(day => day.Value > 0).ToLookup(day => day.Day > KnownDay, day => day.Value);
            if (!worth[true].Any())
                continue;
            var weight = model.P * worth[false].Count() / ((model.P * worth[false].Count()) + model.Q - 1);
            each.Add((((1 - weight) * ofAll) + (weight * worth[false].DefaultIfEmpty().Average()), worth[true].Average()));
        }

        values.Customers.ShouldBe(each.Count);
        each.Count.ShouldBeGreaterThan(500);
        values.ExpectedAverageValue.ShouldBe(each.Average(customer => customer.Expected), 1e-8);
        values.ActualAverageValue.ShouldBe(each.Average(customer => customer.Actual), 1e-8);
        values.MeanAbsoluteError.ShouldBe(each.Average(customer => Math.Abs(customer.Expected - customer.Actual)), 1e-8);
        values.ExpectedAverageValue.ShouldBe(values.ActualAverageValue, 0.1 * values.ActualAverageValue, "the customers do what the model says");
    }

    [Fact]
    public void The_order_of_the_customers_does_not_matter()
    {
        var customers = Customers(1000, seed: 32);
        var values = Report(customers).HoldOut!.Values!;
        Report([.. customers.Reverse()]).HoldOut!.Values.ShouldBe(values);
    }

    [Fact]
    public void Without_a_model_of_values_there_is_nothing_to_test()
    {
        Purchase[][] worthless = [.. Customers(1000, seed: 33).Select(customer => customer.Select(purchase => purchase with { Amount = 0 }).ToArray())];
        Report(worthless).HoldOut!.Values.ShouldBeNull();
    }

    [Fact]
    public void When_nobody_bought_again_there_is_nothing_to_compare_with()
    {
        Purchase[][] customers =
        [
            .. Customers(1000, seed: 34).Select(customer => customer.Where((purchase, i) => i == 0 || purchase.AtMs < (KnownDay + 1) * Day).ToArray()),
            [new Purchase(390 * Day, 20)],
        ];
        var holdOut = Report(customers).HoldOut!;
        holdOut.ActualPurchases.ShouldBe(0);
        holdOut.Values.ShouldBeNull();
    }

    private static PredictionReport Report(Purchase[][] customers)
    {
        var training = new PredictionTraining(400 * Day, Terms);
        foreach (var customer in customers)
            training.Add(customer);
        return training.Finish();
    }

    // Some days have two purchases, and some are worth nothing or were taken back.
    private static Purchase[][] Customers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => SimulatedCustomer
            .Purchases(random, new BgNbd(0.6, 6, 0.8, 2.5), new GammaGamma(4, 3.5, 20), random.Next(0, 350), 399)
            .SelectMany(purchase => random.Next(20) switch
            {
                0 => [purchase with { Amount = 0 }],
                1 => [purchase, purchase with { Amount = -purchase.Amount - 1 }],
                < 5 => [purchase with { Amount = purchase.Amount / 4 }, purchase with { Amount = 3 * purchase.Amount / 4 }],
                _ => (IEnumerable<Purchase>)[purchase],
            })
            .ToArray())];
    }
}
