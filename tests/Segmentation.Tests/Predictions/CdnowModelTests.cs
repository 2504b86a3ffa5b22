using System.Text.Json;
using MathNet.Numerics.Statistics;
using Segmentation.Tests.Cdnow;

namespace Segmentation.Tests.Predictions;

/// <summary>The models on the customers that their papers use.</summary>
public sealed class CdnowModelTests
{
    private static readonly long CalibrationEnds = PurchaseSummary.DayOf(CdnowFile.Day("19970930"));

    [CdnowFact]
    public void The_summary_and_the_likelihoods_are_the_published_ones()
    {
        using var truth = JsonDocument.Parse(File.ReadAllText(Path.Combine(CdnowFile.Folder!, "truth.json")));
        var models = truth.RootElement.GetProperty("models");
        var sample = Sample();
        sample.Customers.ShouldBe(2357);
        sample.RepeatCustomers.ShouldBe(models.GetProperty("check").GetProperty("repeatCustomers").GetInt64());
        sample.Repeats.ShouldBe(models.GetProperty("check").GetProperty("repeatPurchaseDays").GetInt64());
        sample.ValuedCustomers.ShouldBe(models.GetProperty("gammaGamma").GetProperty("customersWithRepeat").GetInt64());

        var (r, alpha, a, b) = (Parameter("bgnbd", "r"), Parameter("bgnbd", "alpha"), Parameter("bgnbd", "a"), Parameter("bgnbd", "b"));
        new BgNbdLikelihood(sample).Logarithm([r, alpha, a, b], []).ShouldBe(Likelihood("bgnbd"), 0.01);
        var (p, q, v) = (Parameter("gammaGamma", "p"), Parameter("gammaGamma", "q"), Parameter("gammaGamma", "v"));
        new GammaGammaLikelihood(sample).Logarithm([p, q - 1, v], []).ShouldBe(Likelihood("gammaGamma"), 0.01);

        double Parameter(string model, string name) => models.GetProperty(model).GetProperty("parameters").GetProperty(name).GetDouble();
        double Likelihood(string model) => models.GetProperty(model).GetProperty("logLikelihood").GetDouble();
    }

    [CdnowFact]
    public void The_fit_finds_the_published_parameters()
    {
        var purchases = ModelFit.OfBgNbd(Sample())!;
        Math.Round(purchases.Model.R, 3).ShouldBe(0.243);
        Math.Round(purchases.Model.Alpha, 3).ShouldBe(4.414);
        Math.Round(purchases.Model.A, 3).ShouldBe(0.793);
        Math.Round(purchases.Model.B, 3).ShouldBe(2.426);
        purchases.LogLikelihood.ShouldBe(-9582.43, 0.01);
        purchases.Customers.ShouldBe(2357);

        var values = ModelFit.OfGammaGamma(Sample())!;
        Math.Round(values.Model.P, 2).ShouldBe(6.25);
        Math.Round(values.Model.Q, 2).ShouldBe(3.74);
        Math.Round(values.Model.V, 2).ShouldBe(15.44);
        values.LogLikelihood.ShouldBe(-4055.92, 0.01);
        values.Customers.ShouldBe(946);
    }

    [CdnowFact]
    public void Single_customers_are_predicted_as_in_the_literature()
    {
        var model = new PurchaseModel(new BgNbd(0.243, 4.414, 0.793, 2.426), new GammaGamma(6.25, 3.74, 15.44), 39 * PurchaseSummary.WeekMs);

        // The customer of the note on the BG/NBD's spreadsheet: x = 2, t_x = 30.43, T = 38.86, 39 weeks ahead.
        var customer = CdnowFile.Sample()[0];
        PurchaseSummary.Of(customer, CalibrationEnds)!.Value.ShouldSatisfyAllConditions(
            summary => summary.Repeats.ShouldBe(2),
            summary => summary.RecencyWeeks.ShouldBe(30.43, 0.005),
            summary => summary.AgeWeeks(CalibrationEnds * PurchaseSummary.DayMs).ShouldBe(38.86, 0.005));
        var prediction = model.Predict(customer.AsSpan(0, 3), CalibrationEnds * PurchaseSummary.DayMs)!.Value;
        prediction.ExpectedPurchases.ShouldBe(1.226m, 0.0005m);
        prediction.ChurnProbability.ShouldBe(1 - 0.7266m, 0.00005m);

        // His two repeat purchases came to 29.73 and 14.96.
        model.Values!.ExpectedValue(2, 29.73 + 14.96).ShouldBe(24.66, 0.005);
    }

    /// <summary>Weeks 40 to 78. The correlation is the paper's; what the engine gives besides is written down, so that it cannot drift unseen.</summary>
    [CdnowFact]
    public void What_is_expected_of_weeks_that_the_fit_has_not_seen_is_near_what_came()
    {
        var customers = CdnowFile.Sample();
        var model = ModelFit.OfBgNbd(Sample())!.Model;
        var (expected, actual, expectedOfEach, actualOfEach) = (0.0, 0L, new List<double>(), new List<double>());
        foreach (var customer in customers)
        {
            var known = PurchaseSummary.Of(customer, CalibrationEnds)!.Value;
            var came = PurchaseSummary.Of(customer)!.Value.Repeats - known.Repeats;
            var comes = model.ExpectedPurchases(known.Repeats, known.RecencyWeeks, known.AgeWeeks(CalibrationEnds * PurchaseSummary.DayMs), 39);
            (expected, actual) = (expected + comes, actual + came);
            expectedOfEach.Add(comes);
            actualOfEach.Add(came);
        }

        // Tracking: everybody's expected repeats since the first purchase, at the end of week 39 and of week 78.
        var ages = customers.Select(customer => PurchaseSummary.Of(customer, CalibrationEnds)!.Value.AgeWeeks(CalibrationEnds * PurchaseSummary.DayMs)).ToList();
        var (halfway, end) = (ages.Sum(model.ExpectedRepeats), ages.Sum(age => model.ExpectedRepeats(age + 39)));

        actual.ShouldBe(1882);
        (2457 + actual).ShouldBe(4339);
        end.ShouldBe(4160.6, 0.1, "4 % below what came");
        (end - halfway).ShouldBe(1666.7, 0.1);
        expected.ShouldBe(1653.4, 0.1);

        Correlation.Pearson(expectedOfEach, actualOfEach).ShouldBe(0.626, 0.0005);
    }

    /// <summary>
    /// The tracking that the package BTYD for R has published for these customers: in its walkthrough, from the parameters that it fits, up to the ends of weeks
    /// 20 to 25; of what was bought, every week in its data set cdnowSummary. Weeks are counted from the first day of 1997.
    /// </summary>
    [CdnowTheory]
    [InlineData(20, 1359, 1312.458)]
    [InlineData(21, 1414, 1387.346)]
    [InlineData(22, 1484, 1460.392)]
    [InlineData(23, 1517, 1531.713)]
    [InlineData(24, 1573, 1601.418)]
    [InlineData(25, 1672, 1669.6)]
    [InlineData(39, 2457, null)]
    [InlineData(52, 3183, null)]
    [InlineData(65, 3844, null)]
    [InlineData(78, 4339, null)]
    public void Tracking_is_the_published_one(int week, int actual, double? expected)
    {
        var began = PurchaseSummary.DayOf(CdnowFile.Day("19970101"));
        var model = ModelFit.OfBgNbd(Sample())!.Model;
        var (repeats, expectedRepeats) = (0, 0.0);
        foreach (var customer in CdnowFile.Sample())
        {
            if (PurchaseSummary.Of(customer, began + (7 * week) - 1) is not { } known) continue;
            repeats += known.Repeats;
            expectedRepeats += model.ExpectedRepeats(week - ((known.FirstDay - began) / 7.0));
        }

        repeats.ShouldBe(actual);
        if (expected is { } published) expectedRepeats.ShouldBe(published, 0.05);
    }

    private static PurchaseSample Sample()
    {
        var sample = new PurchaseSample(CalibrationEnds);
        foreach (var customer in CdnowFile.Sample())
            sample.Add(PurchaseSummary.Of(customer, CalibrationEnds)!.Value);
        return sample;
    }
}
