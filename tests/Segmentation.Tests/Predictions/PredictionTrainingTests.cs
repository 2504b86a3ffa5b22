using Segmentation.Tests.Cdnow;

namespace Segmentation.Tests.Predictions;

public sealed class PredictionTrainingTests
{
    private const long Day = PurchaseSummary.DayMs;
    private static readonly PredictionTerms Terms = new(90 * Day, MinCustomers: 500, MinRepeatCustomers: 50, MinHistoryMs: 180 * Day, MaxQuietMs: 30 * Day);

    [Fact]
    public void A_shop_that_fits_is_fitted_and_tested_on_what_it_did_not_know()
    {
        var random = new Random(11);
        var training = new PredictionTraining(400 * Day, Terms);
        foreach (var _ in Enumerable.Range(0, 20_000))
            training.Add(Customer(random, random.Next(0, 150), 399));
        var report = training.Finish();
        report.Shortfalls.ShouldBeEmpty();
        report.Customers.ShouldBe(20_000);
        report.Model.ShouldBe(new PurchaseModel(report.Purchases!.Model, report.Values!.Model, 90 * Day));
        report.HoldOut!.Days.ShouldBe(90);
        report.HoldOut.Customers.ShouldBe(20_000);
        report.HoldOut.ActualPurchases.ShouldBeGreaterThan(5000);
        report.HoldOut.ExpectedPurchases.ShouldBe(report.HoldOut.ActualPurchases, 0.05 * report.HoldOut.ActualPurchases);
    }

    [Fact]
    public void What_is_missing_is_told_with_its_numbers()
    {
        var training = new PredictionTraining(200 * Day, Terms);
        training.Add([new Purchase(100 * Day, 1), new Purchase(160 * Day, 1)]);
        training.Add([new Purchase(150 * Day, 1)]);
        var report = training.Finish();
        report.Model.ShouldBeNull();
        report.Customers.ShouldBe(2);
        report.Shortfalls.ShouldBe(
        [
            new(PredictionNeed.Customers, 2, 500),
            new(PredictionNeed.RepeatCustomers, 1, 50),
            new(PredictionNeed.HistoryMs, 100 * Day, 180 * Day),
            new(PredictionNeed.QuietMs, 39 * Day, 30 * Day),
        ]);
    }

    [Fact]
    public void Nobody_is_missing_everything()
    {
        new PredictionTraining(200 * Day, Terms).Finish().Shortfalls.Select(shortfall => shortfall.Need)
            .ShouldBe([PredictionNeed.Customers, PredictionNeed.RepeatCustomers, PredictionNeed.HistoryMs]);
    }

    [Fact]
    public void The_day_that_is_not_over_is_left_out()
    {
        Purchase[][] customers = [[new(10 * Day, 1), new(100 * Day, 1), new(200 * Day, 1)], [new(200 * Day, 1)]];
        Customers(200 * Day).ShouldBe(1);
        Customers((201 * Day) - 1).ShouldBe(1);
        Customers(201 * Day).ShouldBe(2);

        long Customers(long nowMs)
        {
            var training = new PredictionTraining(nowMs, Terms);
            foreach (var customer in customers)
                training.Add(customer);
            return training.Finish().Customers;
        }
    }

    [Fact]
    public void A_policy_sees_whole_days_of_its_window_whatever_the_time_of_day()
    {
        var policy = new RfmPolicyDefinition("p", "order", "value", null, 180 * Day, RfmTiers.Classic, null);
        Profile[] profiles = [.. Enumerable.Range(0, 401).Select(day => Customer($"c-{day}", new CustomerEvent($"o-{day}", "order", $"c-{day}", (day * Day) + (Day / 2), 10m)))];
        foreach (var nowMs in (long[])[400 * Day, (400 * Day) + (Day / 2), (401 * Day) - 1])
        {
            var training = new PredictionTraining(nowMs, Terms);
            foreach (var profile in profiles)
                training.Add(policy, profile);
            var report = training.Finish();
            report.Customers.ShouldBe(180, "those of days 220 to 399");
            report.Shortfalls.ShouldNotContain(shortfall => shortfall.Need == PredictionNeed.HistoryMs, "the window is as long as the history that is asked for");
        }
    }

    [Fact]
    public void What_is_refunded_on_the_day_that_is_not_over_counts_until_that_is()
    {
        var policy = new RfmPolicyDefinition("p", "order", "value", null, 180 * Day, RfmTiers.Classic, null);
        var profile = Customer("c", new CustomerEvent("o", "order", "c", 399 * Day, 10m), new CustomerEvent("r", "refund", "c", (400 * Day) + 1, null, Refunds: "o"));
        Customers(401 * Day - 1).ShouldBe(1);
        Customers(401 * Day).ShouldBe(0);

        long Customers(long nowMs)
        {
            var training = new PredictionTraining(nowMs, Terms);
            training.Add(policy, profile);
            return training.Finish().Customers;
        }
    }

    [Fact]
    public void The_hold_out_test_knows_no_refund_of_the_days_held_out()
    {
        var policy = new RfmPolicyDefinition("p", "order", "value", null, 500 * Day, RfmTiers.Classic, null);
        HoldOut Test(bool areRefunded)
        {
            var random = new Random(14);
            var training = new PredictionTraining(400 * Day, Terms);
            for (var i = 0; i < 2000; i++)
            {
                var profile = Customer($"c-{i}", [.. Customer(random, random.Next(0, 300), 399).Select((purchase, n) => new CustomerEvent($"o-{i}-{n}", "order", $"c-{i}", purchase.AtMs, purchase.Amount))]);
                if (areRefunded && i % 2 == 0)
                    profile.Add(new CustomerEvent($"r-{i}", "refund", $"c-{i}", 350 * Day, null, Refunds: $"o-{i}-0"));
                training.Add(policy, profile);
            }

            return training.Finish().HoldOut!;
        }

        var (refunded, not) = (Test(true), Test(false));
        refunded.Customers.ShouldBe(not.Customers, "all of them had bought, as far as was known");
        refunded.ExpectedPurchases.ShouldBe(not.ExpectedPurchases, "the models are fitted to the same");
        refunded.ActualPurchases.ShouldBe(not.ActualPurchases, "what they bought since nobody has taken back");
    }

    [Fact]
    public void Without_amounts_no_value_is_predicted()
    {
        var random = new Random(12);
        var training = new PredictionTraining(400 * Day, Terms);
        foreach (var _ in Enumerable.Range(0, 2000))
            training.Add([.. Customer(random, random.Next(0, 150), 399).Select(purchase => purchase with { Amount = 0 })]);
        var report = training.Finish();
        report.Values.ShouldBeNull();
        report.Model!.Predict([new Purchase(0, 0)], 400 * Day)!.Value.PredictedValue.ShouldBeNull();
    }

    /// <summary>The published calibration period is over at the end of 1997-09-30.</summary>
    [CdnowFact]
    public void The_published_model_comes_of_the_published_purchases()
    {
        var training = new PredictionTraining(CdnowFile.Day("19971001"), Terms);
        foreach (var customer in CdnowFile.Sample())
            training.Add(customer);
        var report = training.Finish();
        report.Shortfalls.ShouldBeEmpty();
        report.Purchases!.LogLikelihood.ShouldBe(-9582.43, 0.01);
        report.Values!.LogLikelihood.ShouldBe(-4055.92, 0.01);
        report.Purchases.StandardErrors!.Select(error => Math.Round(error, 3)).ShouldBe([0.013, 0.378, 0.186, 0.705]);
        report.HoldOut!.Customers.ShouldBe(2357);
    }

    /// <summary>The published tracking plot: calibrated to the end of 1997-09-30, followed for 78 weeks.</summary>
    [CdnowFact]
    public void The_published_repeat_purchases_are_tracked()
    {
        var training = new PredictionTraining(CdnowFile.Day("19980701"), Terms with { HorizonMs = 273 * Day, MinHistoryMs = 546 * Day });
        foreach (var customer in CdnowFile.Sample())
            training.Add(customer);
        var tracking = training.Finish().HoldOut!.Tracking!;
        tracking.DaysPerPeriod.ShouldBe(14, "78 weeks are more than 60 periods");
        tracking.HeldOut.ShouldBe(20);
        tracking.Actual.Sum().ShouldBe(4339);
        tracking.Actual.TakeLast(20).Sum().ShouldBe(1882);
        tracking.Expected.Sum().ShouldBe(4160.6, 0.1);
    }

    [Fact]
    public void Tracking_counts_every_repeat_in_its_period_and_expects_as_many_as_the_model_does()
    {
        var random = new Random(12);
        var training = new PredictionTraining(400 * Day, Terms);
        Purchase[][] customers = [.. Enumerable.Range(0, 2000).Select(_ => Customer(random, random.Next(0, 350), 399))];
        foreach (var customer in customers)
            training.Add(customer);
        var holdOut = training.Finish().HoldOut!;
        var tracking = holdOut.Tracking!;
        var knownDay = 399 - holdOut.Days;
        tracking.DaysPerPeriod.ShouldBe(7);
        tracking.HeldOut.ShouldBe(13, "90 days are 13 weeks, of which the last has six days");

        Purchase[][] known = [.. customers.Where(customer => PurchaseSummary.DayOf(customer[0].AtMs) <= knownDay)];
        var days = known.SelectMany(customer => customer.Select(purchase => PurchaseSummary.DayOf(purchase.AtMs)).Distinct().Skip(1)).ToArray();
        tracking.Actual.ShouldBe(tracking.Actual.Select((_, period) =>
            (long)days.Count(day => day >= tracking.FirstDay + (7 * period) && day < tracking.FirstDay + (7 * (period + 1)))));
        tracking.Actual.Sum().ShouldBe(days.Length);
        tracking.Actual.TakeLast(13).Sum().ShouldBe(holdOut.ActualPurchases);
        (tracking.FirstDay + (7 * (tracking.Actual.Count - 13))).ShouldBe(knownDay + 1);

        var calibration = new PurchaseSample(knownDay);
        foreach (var customer in known)
            calibration.Add(PurchaseSummary.Of(customer, knownDay)!.Value);
        var model = ModelFit.OfBgNbd(calibration)!.Model;
        tracking.Expected.Sum().ShouldBe(known.Sum(customer => model.ExpectedRepeats((399 - PurchaseSummary.DayOf(customer[0].AtMs)) / 7.0)), 1e-6);
        tracking.Expected.ShouldAllBe(expected => expected >= 0);
    }

    [Theory]
    [InlineData(300, 7)]
    [InlineData(3600, 63)]
    public void Tracking_has_a_bounded_number_of_periods(int days, int daysPerPeriod)
    {
        var random = new Random(13);
        var training = new PredictionTraining(days * Day, Terms);
        foreach (var i in Enumerable.Range(0, 1000))
            training.Add(Customer(random, i == 0 ? 0 : random.Next(0, days - 100), days - 1));
        var tracking = training.Finish().HoldOut!.Tracking!;
        tracking.DaysPerPeriod.ShouldBe(daysPerPeriod);
        tracking.Actual.Count.ShouldBeInRange(30, RepeatTracking.PeriodsMax);
        tracking.Expected.Count.ShouldBe(tracking.Actual.Count);
    }

    private static Profile Customer(string id, params CustomerEvent[] events)
    {
        var profile = new Profile(id);
        foreach (var e in events)
            profile.Add(e);
        return profile;
    }

    private static Purchase[] Customer(Random random, int firstDay, int lastDay) =>
        SimulatedCustomer.Purchases(random, new BgNbd(0.6, 6, 0.8, 2.5), new GammaGamma(4, 3.5, 20), firstDay, lastDay);
}
