using static Segmentation.Tests.Shop;

namespace Segmentation.Tests.Rfm;

public sealed class RfmScoringTests
{
    private static readonly RfmBreakPoints Points = new([2 * Day, 4 * Day, 8 * Day, 16 * Day], [1, 2, 3, 4], [10m, 20m, 30m, 40m]);

    private static readonly RfmPolicyDefinition Policy =
        new("default", "placed_order", "value", "refunded_order", 30 * Day, RfmTiers.Classic, Points);

    [Fact]
    public void Scores_come_from_the_purchases_of_the_window()
    {
        var score = Score(Ada(Order("1", 0, 100m), Order("2", 20, 12m), Order("3", 29, 13m)), 31);

        (score.LastPurchaseMs, score.Purchases, score.Spent).ShouldBe((At(29), 2, 25m));
        (score.Recency, score.Frequency, score.Monetary, score.Tier).ShouldBe((5, 2, 3, "potential-loyalist"));
        score.HasScore.ShouldBeTrue();
    }

    [Fact]
    public void Without_a_purchase_in_the_window_there_is_neither_score_nor_tier()
    {
        var score = Score(Ada(Order("1", 0, 100m), Refund("r", 20, null, 5m)), 30);

        (score.HasScore, score.HasPurchase, score.Tier, score.Spent).ShouldBe((false, false, null, 0m));
    }

    [Fact]
    public void Before_there_are_break_points_the_dimensions_are_known_but_no_score()
    {
        var ada = Ada(Order("1", 0, 100m));
        var score = Score(ada, 5, Policy.With(null));

        (score.HasScore, score.HasPurchase, score.Purchases, score.Spent, score.LastPurchaseMs).ShouldBe((false, true, 1, 100m, At(0)));
        NextDay(new Verdict(false, score.NextChangeMs, null)).ShouldBe(30);
    }

    // Refunds of two orders of day 0 worth 30 each, asked on day 10 → purchases and what they come to.
    public static TheoryData<string, CustomerEvent[], int, decimal> Refunds => new()
    {
        { "none", [], 2, 60m },
        { "of a whole order", [Refund("r", 5, "1")], 1, 30m },
        { "of a part", [Refund("r", 5, "1", 10m)], 2, 50m },
        { "that names no order", [Refund("r", 5, null, 10m)], 2, 50m },
        { "that names no order, with a minus sign", [Refund("r", 5, null, -10m)], 2, 50m },
        { "that names an order of another name", [Refund("r", 5, "elsewhere", 10m)], 2, 60m },
        { "still to come", [Refund("r", 11, "1"), Refund("s", 12, null, 10m)], 2, 60m },
        { "of everything and more", [Refund("r", 5, null, 100m)], 2, -40m },
        { "without an amount or a link", [Refund("r", 5, null)], 2, 60m },
    };

    [Theory]
    [MemberData(nameof(Refunds))]
    public void Refunds_lower_frequency_or_amount(string what, CustomerEvent[] refunds, int purchases, decimal spent)
    {
        var score = Score(Ada([Order("1", 0, 30m), Order("2", 0, 30m), .. refunds]), 10);

        (score.Purchases, score.Spent).ShouldBe((purchases, spent), what);
    }

    [Fact]
    public void Days_are_counted_in_UTC_and_once_each()
    {
        var ada = Ada(Order("1", 0.1, 10m), Order("2", 0.9, 10m), Order("3", 1, 10m), Order("4", 5, 30m));

        Score(ada, 6, Policy).FrequencyValue.ShouldBe(4);
        Score(ada, 6, Of(RfmFrequency.Days, RfmMonetary.Sum)).FrequencyValue.ShouldBe(3);
        Score(ada, 6, Of(RfmFrequency.Days, RfmMonetary.Sum)).Frequency.ShouldBe(3);
        Score(ada, 6, Of(RfmFrequency.Days, RfmMonetary.Sum)).Purchases.ShouldBe(4);
    }

    [Fact]
    public void An_average_is_by_purchase_and_rounded_half_to_even()
    {
        var score = Score(Ada(Order("1", 0, 10m), Order("2", 1, 10m), Order("3", 2, 0.0005m), Refund("r", 3, null, 5m)), 6, Of(RfmFrequency.Purchases, RfmMonetary.Average));

        (score.Spent, score.AverageOrderValue, score.MonetaryValue, score.Monetary).ShouldBe((15.0005m, 5.0002m, 5.0002m, 1));
        Score(Ada(Order("1", 0, 0.00005m)), 1).AverageOrderValue.ShouldBe(0m);
    }

    [Fact]
    public void Purchases_worth_nothing_do_not_count_where_that_is_asked()
    {
        var policy = Of(RfmFrequency.Purchases, RfmMonetary.Sum, noZeros: true);
        var ada = Ada(Order("1", 0, 10m), Order("2", 1, 0m), Order("3", 2, null), Order("4", 3, -1m));

        (Score(ada, 4).Purchases, Score(ada, 4).LastPurchaseMs).ShouldBe((4, At(3)));
        (Score(ada, 4, policy).Purchases, Score(ada, 4, policy).LastPurchaseMs, Score(ada, 4, policy).Spent).ShouldBe((1, At(0), 10m));
        Score(Ada(Order("2", 1, 0m)), 4, policy).HasPurchase.ShouldBeFalse();
    }

    [Theory]
    [InlineData(1, 1, 1, 3.33)]
    [InlineData(3, 0, 1, 4.25)]
    [InlineData(0, 5, 0, 3)]
    public void The_combined_score_is_the_mean_by_weights(int recency, int frequency, int monetary, double combined)
    {
        // Recency 5, frequency 3, monetary 2.
        var ada = Ada(Order("1", 0, 5m), Order("2", 0, 5m), Order("3", 0, 5m));
        var policy = new RfmPolicyDefinition("p", "placed_order", "value", null, 30 * Day, RfmTiers.Classic, Points) { Weights = new(recency, frequency, monetary) };

        Score(ada, 1, policy).Combined.ShouldBe((decimal)combined);
        Evaluate(ada, new RfmScoreRule(policy, RfmDimension.Combined, Comparison.Gte((decimal)combined)), 1).Matches.ShouldBeTrue();
        Evaluate(ada, new RfmScoreRule(policy, RfmDimension.Combined, Comparison.Gt((decimal)combined)), 1).Matches.ShouldBeFalse();
    }

    [Fact]
    public void Cut_points_stand_where_they_are_named_and_quantiles_elsewhere()
    {
        var policy = new RfmPolicyDefinition("p", "o", "value", null, 30 * Day, RfmTiers.LifecycleOn(3), null, scores: 3) { CutPoints = new([Day, 2 * Day], null, null) };

        policy.Draw([1, 2, 3], [1, 2, 3], [1m, 2m, 3m]).ShouldBe(new RfmBreakPoints([Day, 2 * Day], [1, 2], [1m, 2m]));
    }

    // Asked on day 1; an order of day 0.
    public static TheoryData<string, CustomerEvent[], double?> NextChanges => new()
    {
        { "recency falls a millisecond after its break point", [], 2 + 1 / (double)Day },
        { "a refund to come", [Refund("r", 1.5, "o")], 1.5 },
        { "an amount to be taken off", [Refund("r", 1.5, null, 1m)], 1.5 },
        { "an order to come", [Order("p", 1.25)], 1.25 },
        { "an old order leaves", [Order("p", -28.5)], 1.5 },
        { "an old refund leaves", [Refund("r", -28.5, null, 1m)], 1.5 },
        { "an old order that was taken back does not matter", [Order("p", -28.5), Refund("r", -28, "p")], 2 + 1 / (double)Day },
    };

    [Theory]
    [MemberData(nameof(NextChanges))]
    public void The_next_change_is_the_earliest_of_all_that_time_can_do(string what, CustomerEvent[] more, double? day)
    {
        var score = Score(Ada([Order("o", 0, 5m), .. more]), 1);

        score.NextChangeMs.ShouldBe(At(0) + (long)Math.Round(day!.Value * Day), what);
    }

    [Fact]
    public void At_the_lowest_recency_only_leaving_is_left()
    {
        var score = Score(Ada(Order("o", 0, 5m)), 20);

        (score.Recency, score.NextChangeMs).ShouldBe((1, At(30)));
    }

    [Fact]
    public void A_tier_rule_holds_for_its_tiers_only()
    {
        var rule = new RfmRule(Policy, ["new", "promising"]);
        var ada = Ada(Order("o", 0, 5m));

        Evaluate(ada, rule, 1).ShouldBe(new Verdict(true, At(2) + 1, rule));
        Evaluate(ada, rule, 4).Matches.ShouldBeTrue();
        Evaluate(ada, rule, 5).Matches.ShouldBeFalse();
        Evaluate(new Profile("ada"), rule, 5).ShouldBe(new Verdict(false, Verdict.Never, rule));
    }

    [Fact]
    public void A_tier_that_the_policy_does_not_have_is_refused_with_those_that_it_has() =>
        Should.Throw<ArgumentException>(() => new RfmRule(Policy, ["gold"])).Message
            .ShouldStartWith("RFM policy default has no tier gold; it has champions, loyal, cannot-lose");

    [Fact]
    public void A_policy_whose_parts_do_not_fit_is_refused()
    {
        Should.Throw<ArgumentException>(() => new RfmPolicyDefinition("p", "o", "value", null, Day, RfmTiers.Classic, null, scores: 4))
            .Message.ShouldStartWith("The tiers are for 5 scores; the policy has 4.");
        Should.Throw<ArgumentException>(() => new RfmPolicyDefinition("p", "o", "value", "o", Day, RfmTiers.Classic))
            .Message.ShouldStartWith("An event cannot be both the purchase and the refund.");
        Should.Throw<ArgumentException>(() => Policy.With(new RfmBreakPoints([1, 2], [1, 2], [1m, 2m])))
            .Message.ShouldStartWith("The break points are for 3 scores; the policy has 5.");
    }

    private static RfmPolicyDefinition Of(RfmFrequency frequency, RfmMonetary monetary, bool noZeros = false) =>
        new("default", "placed_order", "value", "refunded_order", 30 * Day, RfmTiers.Classic, Points) { Frequency = frequency, Monetary = monetary, ExcludesZeroValues = noZeros };

    private static RfmScore Score(Profile profile, double day, RfmPolicyDefinition? policy = null)
    {
        var evaluation = new Evaluation();
        evaluation.Begin(profile, At(day));
        return evaluation.Score(policy ?? Policy);
    }
}
