using Segmentation.Tests.Oracle;
using static Segmentation.Tests.Predictions.RandomModels;

namespace Segmentation.Tests.Predictions;

public sealed class PurchaseModelTests
{
    private static readonly BgNbd Cdnow = new(0.243, 4.414, 0.793, 2.426);

    [Fact]
    public void Predictions_stay_in_their_ranges_and_are_rounded()
    {
        foreach (var seed in Seeds.Take(first: 1, count: 2000))
        {
            var random = new Random(seed);
            var model = Model(random);
            var purchases = Purchases(random);
            var prediction = model.Predict(purchases, purchases[^1].AtMs + (long)Spread(random, 1, 3660.0 * Day))!.Value;
            var why = $"{prediction}. Replay with SEED={seed}.";
            prediction.ChurnProbability.ShouldBeInRange(0, 1, why);
            prediction.ExpectedPurchases.ShouldBeGreaterThanOrEqualTo(0, why);
            prediction.PredictedValue.HasValue.ShouldBe(model.Values is not null, why);
            (prediction.PredictedValue ?? 0).ShouldBeGreaterThanOrEqualTo(0, why);
            (prediction.NextOrderInMs ?? 1).ShouldBeGreaterThan(0, why);
            prediction.ChurnProbability.Scale.ShouldBeLessThanOrEqualTo((byte)6, why);
            prediction.ExpectedPurchases.Scale.ShouldBeLessThanOrEqualTo((byte)6, why);
            (prediction.PredictedValue ?? 0).Scale.ShouldBeLessThanOrEqualTo((byte)4, why);
        }
    }

    /// <summary>Against asking at every moment: not one instant before the crossing stands otherwise, and the crossing does.</summary>
    [Fact]
    public void A_crossing_is_told_to_the_millisecond()
    {
        var (found, never) = (0, 0);
        foreach (var seed in Seeds.Take(first: 1, count: 1500))
        {
            var random = new Random(seed);
            var model = random.Next(3) == 0 ? Model(random) : UsualModel(random);
            var purchases = Purchases(random);
            var atMs = purchases[^1].AtMs + (long)Spread(random, 1, 700.0 * Day);
            var quantity = (PredictedQuantity)random.Next(4);

            // A value that the quantity takes later, so that there is something to cross, on a step or between two.
            var later = Number(model, quantity, purchases, atMs + random.NextInt64(1, 700 * Day));
            var bound = (later ?? 1) + (random.Next(2) == 0 ? 0 : 0.0000004m);
            var standing = Standing(model, quantity, bound, purchases, atMs);
            var crossing = model.NextCrossingMs(quantity, bound, purchases, atMs);
            var why = $"{quantity} {bound} at {atMs}, crossing {crossing}. Replay with SEED={seed}.";

            crossing.ShouldBeGreaterThan(atMs, why);
            var until = crossing == Verdict.Never ? Evaluation.LatestInstantMs : crossing - 1;
            for (var i = 0; i < 40; i++)
                Standing(model, quantity, bound, purchases, atMs + (long)((until - atMs) * random.NextDouble())).ShouldBe(standing, why);
            for (var ms = Math.Max(atMs, until - 300); ms <= until; ms++)
                Standing(model, quantity, bound, purchases, ms).ShouldBe(standing, why);
            if (crossing != Verdict.Never)
                Standing(model, quantity, bound, purchases, crossing).ShouldNotBe(standing, why);
            _ = crossing == Verdict.Never ? never++ : found++;
        }

        if (Environment.GetEnvironmentVariable("SEED") is null)
        {
            found.ShouldBeGreaterThan(500);
            never.ShouldBeGreaterThan(50);
        }
    }

    [Fact]
    public void Churn_crosses_its_bound_where_the_formula_says()
    {
        var model = new PurchaseModel(Cdnow, null, 90 * Day);
        Purchase[] purchases = [new(1000 * Day, 10), new(1070 * Day, 10), new(1140 * Day, 10)];

        // a / (b + x - 1) ((alpha + T) / (alpha + tx)) ^ (r + x) = 1 at even odds, x = 2, tx = 20 weeks.
        var weeks = ((4.414 + 20) * Math.Pow((2.426 + 1) / 0.793, 1 / 2.243)) - 4.414;
        var expectedMs = (1000 * Day) + (weeks * PurchaseSummary.WeekMs);
        var crossing = model.NextCrossingMs(PredictedQuantity.ChurnProbability, 0.5m, purchases, 1141 * Day);

        // Rounded to 6 decimals it is one half a little earlier; 0.0000005 is about a second and a half.
        crossing.ShouldBeInRange((long)expectedMs - 60_000, (long)expectedMs);
        model.Predict(purchases, crossing)!.Value.ChurnProbability.ShouldBe(0.5m);
        model.Predict(purchases, crossing - 1)!.Value.ChurnProbability.ShouldBe(0.499999m);
    }

    [Fact]
    public void A_condition_is_entered_at_the_crossing()
    {
        var model = new PurchaseModel(Cdnow, null, 90 * Day);
        var policy = new RfmPolicyDefinition("default", "placed_order", "value", null, 3660 * Day, RfmTiers.Classic).Predicting(model);
        var likely = new SegmentDefinition("likely-to-churn", new PredictionRule(policy, PredictedQuantity.ChurnProbability, Comparison.Gte(0.8m)));
        var profile = new Profile("c-1");
        foreach (var day in (long[])[1000, 1070, 1140])
            profile.Add(new CustomerEvent($"e{day}", "placed_order", "c-1", day * Day, 10));

        var evaluation = new Evaluation();
        evaluation.Begin(profile, 1141 * Day);
        var before = evaluation.Evaluate(likely);
        before.Matches.ShouldBeFalse();
        evaluation.Begin(profile, before.NextChangeMs - 1);
        evaluation.Evaluate(likely).Matches.ShouldBeFalse();
        evaluation.Begin(profile, before.NextChangeMs);
        evaluation.Evaluate(likely).Matches.ShouldBeTrue();
    }

    [Fact]
    public void Models_with_equal_parameters_are_equal()
    {
        var model = new PurchaseModel(Cdnow, new GammaGamma(6, 4, 15), Day);
        model.ShouldBe(new PurchaseModel(Cdnow with { }, new GammaGamma(6, 4, 15), Day));
        model.ShouldNotBe(new PurchaseModel(Cdnow, new GammaGamma(6, 4, 15.1), Day));
        model.ShouldNotBe(new PurchaseModel(Cdnow, null, Day));
        model.ShouldNotBe(new PurchaseModel(Cdnow, new GammaGamma(6, 4, 15), 2 * Day));
    }

    private static decimal? Number(PurchaseModel model, PredictedQuantity quantity, Purchase[] purchases, long atMs) =>
        model.Predict(purchases, atMs)!.Value.Of(quantity);

    private static int? Standing(PurchaseModel model, PredictedQuantity quantity, decimal bound, Purchase[] purchases, long atMs) =>
        Number(model, quantity, purchases, atMs)?.CompareTo(bound);
}
