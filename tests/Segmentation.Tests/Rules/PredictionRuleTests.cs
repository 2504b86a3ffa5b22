using static Segmentation.Tests.Shop;

namespace Segmentation.Tests.Rules;

public sealed class PredictionRuleTests
{
    private static readonly RfmPolicyDefinition Unfitted = new("default", "placed_order", "value", null, 300 * Day, RfmTiers.Classic);
    private static readonly RfmPolicyDefinition Policy = Unfitted.Predicting(new Decay());

    private static readonly Profile Customer = Ada(Order("1", 0, 30m), Order("2", 10, 50m));

    // After the latest order on day 10, at half-lives of 20 days and every 10 days an order.
    public static TheoryData<PredictedQuantity, double, decimal> Numbers => new()
    {
        { PredictedQuantity.ChurnProbability, 10, 0m },
        { PredictedQuantity.ChurnProbability, 30, 0.5m },
        { PredictedQuantity.ChurnProbability, 50, 0.75m },
        { PredictedQuantity.ExpectedPurchases, 30, 4.5m },
        { PredictedQuantity.PredictedValue, 30, 180m },
    };

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_number_is_compared(PredictedQuantity quantity, double day, decimal number)
    {
        Evaluate(Customer, new PredictionRule(Policy, quantity, Comparison.Between(number - 0.0001m, number + 0.0001m)), day).Matches.ShouldBeTrue();
        Evaluate(Customer, new PredictionRule(Policy, quantity, Comparison.Gt(number + 0.0001m)), day).Matches.ShouldBeFalse();
    }

    public static TheoryData<PredictedQuantity, string> Crossings => new()
    {
        { PredictedQuantity.ChurnProbability, "gte 0.8" },
        { PredictedQuantity.ChurnProbability, "lt 0.3" },
        { PredictedQuantity.ChurnProbability, "between 0.4 and 0.6" },
        { PredictedQuantity.ExpectedPurchases, "gt 2" },
        { PredictedQuantity.PredictedValue, "lte 100" },
        { PredictedQuantity.NextOrderInMs, "between 1 and 345600000" },
    };

    [Theory]
    [MemberData(nameof(Crossings))]
    public void It_flips_in_the_millisecond_in_which_the_number_crosses_the_bound(PredictedQuantity quantity, string comparison)
    {
        var rule = new SegmentDefinition("s", new PredictionRule(Policy, quantity, Parse(comparison)));
        for (var from = At(11); SegmentExplanation.NextFlip(rule, Customer, from) is not Verdict.Never and var flipMs && flipMs < At(200); from = flipMs)
        {
            Holds(rule, flipMs - 1).ShouldBe(Holds(rule, from));
            Holds(rule, flipMs).ShouldNotBe(Holds(rule, from));
            for (var i = 1; i < 50; i++)
                Holds(rule, from + ((flipMs - from) * i / 50)).ShouldBe(Holds(rule, from));
        }

        Enumerable.Range(11, 100).Select(day => Holds(rule, At(day))).Distinct().Count().ShouldBe(2, "it flips at all");
    }

    [Fact]
    public void The_next_order_is_asked_for_after_the_instant_up_to_and_with_the_end()
    {
        var rule = new PredictionRule(Policy, PredictedQuantity.NextOrderInMs, Comparison.Between(1, 4 * Day));

        Evaluate(Customer, rule, 15.9).Matches.ShouldBeFalse();
        Evaluate(Customer, rule, 16).Matches.ShouldBeTrue();
        Evaluate(Customer, rule, 19.9).Matches.ShouldBeTrue();
        Evaluate(Customer, rule, 20).Matches.ShouldBeFalse();
    }

    [Fact]
    public void Without_a_model_without_a_purchase_and_where_the_model_is_silent_nothing_holds()
    {
        var always = Comparison.Gte(-1);

        var unfitted = Evaluate(Customer, new PredictionRule(Unfitted, PredictedQuantity.ChurnProbability, always), 11);
        (unfitted.Matches, unfitted.NextChangeMs).ShouldBe((false, Verdict.Never));
        Evaluate(Ada(), new PredictionRule(Policy, PredictedQuantity.ChurnProbability, always), 11).Matches.ShouldBeFalse();
        Evaluate(Ada(Order("1", 0)), new PredictionRule(Policy, PredictedQuantity.ChurnProbability, always), 11).Matches.ShouldBeFalse();
    }

    [Fact]
    public void The_model_sees_the_purchases_that_count_with_what_is_left_of_their_amounts()
    {
        var ada = Ada(Order("1", 0, 30m), Order("2", 10, 50m), Order("3", 11, 99m), Order("4", 40, 1m), Refund("r", 12, "3"), Refund("p", 12, "2", 20m));
        var rule = new PredictionRule(Policy, PredictedQuantity.PredictedValue, Comparison.Between(134.99m, 135.01m));

        // Two orders, 30 each on average, and the model of the table: 4.5 of them.
        Evaluate(ada, rule, 30).Matches.ShouldBeTrue();
        Evaluate(ada, rule, 30).NextChangeMs.ShouldBeLessThanOrEqualTo(At(40), "then there is one more");
    }

    [Fact]
    public void New_break_points_keep_the_model() => Policy.With(null).Predictions.ShouldBe(Policy.Predictions);

    private static bool Holds(SegmentDefinition segment, long atMs)
    {
        var pass = new Evaluation();
        pass.Begin(Customer, atMs);
        return pass.Evaluate(segment).Matches;
    }

    private static Comparison Parse(string text) => text.Split(' ') switch
    {
        ["gte", var bound] => Comparison.Gte(Number(bound)),
        ["gt", var bound] => Comparison.Gt(Number(bound)),
        ["lt", var bound] => Comparison.Lt(Number(bound)),
        ["lte", var bound] => Comparison.Lte(Number(bound)),
        ["between", var lower, _, var upper] => Comparison.Between(Number(lower), Number(upper)),
        _ => throw new FormatException(text),
    };

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>
    /// Interest halves every 20 days after the latest of at least two purchases, and the next one is expected after the mean time between
    /// them: bounds are crossed where a logarithm says.
    /// </summary>
    private sealed class Decay : PredictionModel
    {
        private const double HalfLifeMs = 20d * Day;
        private const int HorizonPurchases = 9;

        public override Prediction? Predict(ReadOnlySpan<Purchase> purchases, long instantMs)
        {
            if (purchases.Length < 2)
                return null;
            var alive = (decimal)Math.Pow(2, -(instantMs - purchases[^1].AtMs) / HalfLifeMs);
            var spent = 0m;
            foreach (var purchase in purchases)
                spent += purchase.Amount;
            var expected = HorizonPurchases * alive;
            var wait = ExpectedAtMs(purchases) - instantMs;
            return new Prediction(1 - alive, expected, expected * spent / purchases.Length, wait > 0 ? wait : null);
        }

        public override long NextCrossingMs(PredictedQuantity quantity, decimal bound, ReadOnlySpan<Purchase> purchases, long instantMs)
        {
            if (Predict(purchases, instantMs) is not { } now)
                return Verdict.Never;
            if (quantity == PredictedQuantity.NextOrderInMs)
                return FirstAfter(instantMs, ExpectedAtMs(purchases) - (long)bound - 1, ExpectedAtMs(purchases) - (long)bound, ExpectedAtMs(purchases));
            var fresh = Predict(purchases, purchases[^1].AtMs)!.Value.Of(quantity)!.Value;
            var alive = quantity == PredictedQuantity.ChurnProbability ? 1 - bound : bound / fresh;
            if (alive is <= 0 or >= 1)
                return Verdict.Never;
            var crossesAtMs = purchases[^1].AtMs + (long)(-Math.Log2((double)alive) * HalfLifeMs);
            return FirstAfter(instantMs, crossesAtMs - 1, crossesAtMs, crossesAtMs + 1, crossesAtMs + 2);
        }

        private static long ExpectedAtMs(ReadOnlySpan<Purchase> purchases) =>
            purchases[^1].AtMs + ((purchases[^1].AtMs - purchases[0].AtMs) / (purchases.Length - 1));

        private static long FirstAfter(long instantMs, params ReadOnlySpan<long> candidates)
        {
            var first = Verdict.Never;
            foreach (var candidate in candidates)
                first = candidate > instantMs ? Math.Min(first, candidate) : first;
            return first;
        }
    }
}
