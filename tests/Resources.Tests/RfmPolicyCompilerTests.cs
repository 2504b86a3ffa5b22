using Segmentation;
using Segmentation.Resources;

namespace Resources.Tests;

public class RfmPolicyCompilerTests
{
    private const string Thresholds =
        "{purchases: {event: placed_order, amount: total, refundEvent: refunded_order}, window: 730d, "
        + "scoring: {method: thresholds, recency: [30d, 90d, 180d, 365d], frequency: [1, 2, 4, 9], monetary: [50, 100, 249.99, 1000]}, tiers: {preset: lifecycle}}";

    // Written down: stored break points and dimensions are found by it, so that it must not depend on the release.
    private const string ClassicRevision = "5b0b55465dfb80ca";

    [Fact]
    public void Thresholds_become_break_points_as_written()
    {
        var definition = RfmPolicyCompiler.Compile("p", Specs.RfmPolicy(Thresholds)).Definition.ShouldNotBeNull();
        const long day = 86_400_000;
        definition.BreakPoints.ShouldBe(new RfmBreakPoints([30 * day, 90 * day, 180 * day, 365 * day], [1, 2, 4, 9], [50m, 100m, 249.99m, 1000m]));
        definition.WindowMs.ShouldBe(730 * day);
        (definition.PurchaseEvent, definition.Amount.PropertyName, definition.RefundEvent).ShouldBe(("placed_order", "total", "refunded_order"));
        definition.Tiers.Names.ShouldBe(RfmTiers.Lifecycle.Names);
    }

    [Fact]
    public void Quantiles_use_the_break_points_drawn_last_and_none_before()
    {
        var drawn = new RfmBreakPoints([1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4]);
        var spec = Specs.RfmPolicy(Specs.ClassicPolicy);
        RfmPolicyCompiler.Compile("p", spec).Definition!.BreakPoints.ShouldBeNull();
        RfmPolicyCompiler.Compile("p", spec, drawn).Definition!.BreakPoints.ShouldBe(drawn);
    }

    [Fact]
    public void Break_points_drawn_for_another_number_of_scores_are_not_used()
    {
        var drawn = new RfmBreakPoints([1, 2], [1, 2], [1, 2]);
        var spec = Specs.RfmPolicy("{purchases: {event: a}, window: 1d, scoring: {scores: 4}, tiers: {preset: lifecycle}}");
        RfmPolicyCompiler.Compile("p", spec, drawn).Definition!.BreakPoints.ShouldBeNull();
    }

    [Fact]
    public void Predictions_have_terms_and_a_model_once_there_is_one()
    {
        const long day = 86_400_000;
        var model = new PurchaseModel(new BgNbd(0.243, 4.414, 0.793, 2.426), null, 30 * day);
        RfmPolicyCompiler.Compile("p", Specs.RfmPolicy(Specs.ClassicPolicy)).Terms.ShouldBeNull();
        var compiled = RfmPolicyCompiler.Compile("p", Specs.RfmPolicy("{purchases: {event: a}, window: 730d, predictions: {}}"), null, model);
        compiled.Terms.ShouldBe(new PredictionTerms(90 * day, 500, 50, 180 * day, 30 * day));
        compiled.Definition!.Predictions.ShouldBe(model);
        RfmPolicyCompiler.Compile(
                "p",
                Specs.RfmPolicy("{purchases: {event: a}, window: 90d, predictions: {horizon: 52w, minCustomers: 10, minRepeatCustomers: 2, minHistory: 90d, maxQuiet: 1d}}"))
            .Terms.ShouldBe(new PredictionTerms(364 * day, 10, 2, 90 * day, day));
    }

    [Theory]
    [InlineData("horizon: 23h", "horizon", "shorter than 1d")]
    [InlineData("horizon: 731d", "horizon", "longer than 730d")]
    [InlineData("minCustomers: 0", "minCustomers", "must be 1 or more")]
    [InlineData("minRepeatCustomers: -1", "minRepeatCustomers", "must be 1 or more")]
    [InlineData("minHistory: soon", "minHistory", "is not a duration")]
    [InlineData("minHistory: 366d", "minHistory", "longer than spec.window")]
    [InlineData("maxQuiet: 1h", "maxQuiet", "shorter than 1d")]
    [InlineData("refitEvery: 30s", "refitEvery", "shorter than 1m")]
    public void Wrong_predictions_are_refused_with_place_and_cure(string wrong, string field, string message) =>
        ShouldBeRefused($"{{purchases: {{event: a}}, window: 365d, predictions: {{{wrong}}}}}", "spec.predictions." + field, message);

    [Theory]
    [InlineData("{window: 1d}", "spec.purchases.event", "is required")]
    [InlineData("{purchases: {event: a, amount: ''}, window: 1d}", "spec.purchases.amount", "is required")]
    [InlineData("{purchases: {event: a, refundEvent: a}, window: 1d}", "spec.purchases.refundEvent", "cannot be the purchase event itself")]
    [InlineData("{purchases: {event: a}}", "spec.window", "is empty")]
    [InlineData("{purchases: {event: a}, window: 1d, scoring: {scores: 11}, tiers: {preset: lifecycle}}", "spec.scoring.scores", "must be 3 to 10")]
    [InlineData("{purchases: {event: a}, window: 1d, scoring: {scores: 4}}", "spec.tiers.preset", "set spec.scoring.scores to 5, preset to lifecycle")]
    [InlineData("{purchases: {event: a}, window: 1d, scoring: {recomputeEvery: 1s}}", "spec.scoring.recomputeEvery", "shorter than 1m")]
    [InlineData("{purchases: {event: a}, window: 1d, scoring: {recency: [1d]}}", "spec.scoring.recency", "needs 4 cut points for 5 scores")]
    [InlineData("{purchases: {event: a}, window: 1d, scoring: {scores: 3, recency: [1d, 2d], frequency: [1, 2], monetary: [1, 2]}, tiers: {preset: klaviyo-like}}", "spec.scoring.method", "Set method: thresholds")]
    [InlineData("{purchases: {event: a}, window: 1d, scoring: {weights: {recency: 0, frequency: 0, monetary: 0}}}", "spec.scoring.weights", "make one of them larger")]
    [InlineData("{purchases: {event: a}, window: 1d, scoring: {weights: {recency: 101}}}", "spec.scoring.weights.recency", "must be 0 to 100")]
    [InlineData("{purchases: {event: a}, window: 1d, hysteresis: {}}", "spec.hysteresis", "give minDwell")]
    [InlineData("{purchases: {event: a}, window: 1d, hysteresis: {minDwell: soon}}", "spec.hysteresis.minDwell", "is not a duration")]
    [InlineData("{purchases: {event: a}, window: 1d, hysteresis: {marginPercent: 51}}", "spec.hysteresis.marginPercent", "must be 1 to 50")]
    [InlineData("{purchases: {event: a}, window: 1d, tiers: {preset: klaviyo-like}}", "spec.tiers.preset", "set spec.scoring.scores to 3")]
    [InlineData("{purchases: {event: a}, window: 1d, tiers: {preset: lifecycle, list: [{name: all}]}}", "spec.tiers", "take preset out")]
    [InlineData("{purchases: {event: a}, window: 1d, tiers: {list: []}}", "spec.tiers.list", "takes 1 to 30 tiers")]
    [InlineData("{purchases: {event: a}, window: 1d, tiers: {list: [{name: Best}]}}", "spec.tiers.list[0].name", "is no name for a tier")]
    [InlineData("{purchases: {event: a}, window: 1d, tiers: {list: [{name: a, recency: {eq: 5}}, {name: a}]}}", "spec.tiers.list[1].name", "is the name of list[0] already")]
    [InlineData("{purchases: {event: a}, window: 1d, tiers: {list: [{name: a, recency: {gt: 5}}, {name: b}]}}", "spec.tiers.list[0].recency", "no score is gt 5: they go from 1 to 5")]
    [InlineData("{purchases: {event: a}, window: 1d, tiers: {list: [{name: a}, {name: b, recency: {eq: 5}}]}}", "spec.tiers.list[1]", "no combination of scores reaches b: all that it fits belong to a before it")]
    [InlineData("{purchases: {event: a}, window: 1d, tiers: {list: [{name: a, recency: {gte: 2}}]}}", "spec.tiers.list", "1 of 5 combinations of scores fit no tier: R1; widen a tier")]
    public void A_wrong_policy_is_refused_with_place_and_cure(string spec, string path, string message) => ShouldBeRefused(spec, path, message);

    [Theory]
    [InlineData("recency: [30d, 90d, 180d, 365d]", "recency: [30d, 90d, 180d]", "spec.scoring.recency", "needs 4 cut points for 5 scores; there are 3")]
    [InlineData("recency: [30d, 90d, 180d, 365d]", "recency: [30d, x, 180d, 365d]", "spec.scoring.recency[1]", "is not a duration")]
    [InlineData("recency: [30d, 90d, 180d, 365d]", "recency: [30d, 90d, 20d, 365d]", "spec.scoring.recency[2]", "must be larger than the one before")]
    [InlineData("frequency: [1, 2, 4, 9], ", "", "spec.scoring.frequency", "is required with method thresholds")]
    [InlineData("frequency: [1, 2, 4, 9]", "frequency: [1, 2, 2, 9]", "spec.scoring.frequency[2]", "must be larger")]
    [InlineData("249.99", "0.12345678901234567", "spec.scoring.monetary[2]", "must be larger")]
    [InlineData("1000]", "5000000000000]", "spec.scoring.monetary[3]", "out of range")]
    [InlineData("method: thresholds", "method: thresholds, recomputeEvery: 1h", "spec.scoring.recomputeEvery", "belongs to method quantiles")]
    public void Wrong_thresholds_are_refused_with_place_and_cure(string right, string wrong, string path, string message)
    {
        Thresholds.ShouldContain(right);
        ShouldBeRefused(Thresholds.Replace(right, wrong, StringComparison.Ordinal), path, message);
    }

    // name, recency, frequency, monetary: the table that the R package rfm publishes with rfm_segment.
    private const string PublishedTable =
        """
        champions          4-5 4-5 4-5
        loyal-customers    2-5 3-5 3-5
        potential-loyalist 3-5 1-3 1-3
        new-customers      4-5 1-1 1-1
        promising          3-4 1-1 1-1
        need-attention     2-3 2-3 2-3
        about-to-sleep     2-3 1-2 1-2
        at-risk            1-2 2-5 2-5
        cant-lose-them     1-1 4-5 4-5
        lost               1-2 1-2 1-2
        """;

    [Fact]
    public void The_table_that_a_package_publishes_is_refused_with_what_it_leaves_uncovered()
    {
        var rows = PublishedTable.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        var list = string.Join(", ", rows.Select(row => $"{{name: {row[0]}, recency: {Between(row[1])}, frequency: {Between(row[2])}, monetary: {Between(row[3])}}}"));

        var problems = RfmPolicyCompiler.Compile("p", Specs.RfmPolicy($"{{purchases: {{event: a}}, window: 1d, tiers: {{list: [{list}]}}}}")).Problems;

        var uncovered = (
            from r in Enumerable.Range(1, 5)
            from f in Enumerable.Range(1, 5)
            from m in Enumerable.Range(1, 5)
            where !rows.Exists(row => Has(row[1], r) && Has(row[2], f) && Has(row[3], m))
            select (r, f, m)).ToList();
        problems[0].FieldPath.ShouldBe("spec.tiers.list");
        problems[0].Message.ShouldStartWith($"{uncovered.Count} of 125 combinations of scores fit no tier: R1 F1 M3-5, R1 F3 M1, ");
        problems[0].Message.ShouldContain(" more; widen a tier, or end the list with one that fits all that is left");
        problems.Skip(1).Select(problem => problem.FieldPath).ShouldBe(["spec.tiers.list[3]", "spec.tiers.list[4]", "spec.tiers.list[8]"]);

        static string Between(string range) => $"{{between: [{range[0]}, {range[2]}]}}";
        static bool Has(string range, int digit) => digit >= range[0] - '0' && digit <= range[2] - '0';
    }

    [Fact]
    public void A_list_of_tiers_is_taken_in_its_order_and_its_overlaps_are_told()
    {
        var spec = Specs.RfmPolicy(
            "{purchases: {event: a, frequency: days, monetary: average, excludeZeroValue: true}, window: 1d, scoring: {scores: 3, frequency: [1, 5], weights: {recency: 2}}, "
            + "tiers: {list: [{name: once, singlePurchase: true}, {name: odd, recency: {ne: 2}}, {name: rest}]}}");
        var definition = RfmPolicyCompiler.Compile("p", spec).Definition.ShouldNotBeNull();

        definition.Tiers.Names.ShouldBe(["once", "odd", "rest"]);
        ((string?[])[definition.Tiers.TierOf(1, 1, 1, 1), definition.Tiers.TierOf(1, 1, 1, 2), definition.Tiers.TierOf(2, 1, 1, 2)]).ShouldBe(["once", "odd", "rest"]);
        (definition.Frequency, definition.Monetary, definition.ExcludesZeroValues, definition.Weights).ShouldBe((RfmFrequency.Days, RfmMonetary.Average, true, new RfmWeights(2, 1, 1)));
        definition.CutPoints.Frequency.ShouldBe([1, 5]);
        RfmPolicyLinter.Lint(spec).Select(finding => (finding.Path, finding.Message)).ShouldBe(
        [
            ("spec.tiers.list[1]", "2 of the combinations of scores that odd fits go to once, before it in the list; move it up, if that is not meant"),
            ("spec.tiers.list[2]", "5 of the combinations of scores that rest fits go to once and odd, before it in the list; move it up, if that is not meant"),
        ]);
    }

    [Theory]
    [InlineData("{purchases: {event: placed_order, frequency: purchases, monetary: sum, excludeZeroValue: false}, window: 730d}")]
    [InlineData("{purchases: {event: placed_order}, window: 730d, tiers: {preset: classic}}")]
    public void What_is_written_out_and_what_is_left_out_have_one_revision(string spec) =>
        RfmPolicyCompiler.Compile("p", Specs.RfmPolicy(spec)).Revision.ShouldBe(ClassicRevision);

    [Theory]
    [InlineData("{purchases: {event: placed_order, frequency: days}, window: 730d}")]
    [InlineData("{purchases: {event: placed_order, monetary: average}, window: 730d}")]
    [InlineData("{purchases: {event: placed_order, excludeZeroValue: true}, window: 730d}")]
    [InlineData("{purchases: {event: placed_order}, window: 730d, scoring: {weights: {recency: 2}}}")]
    [InlineData("{purchases: {event: placed_order}, window: 730d, tiers: {list: [{name: all}]}}")]
    [InlineData("{purchases: {event: placed_order}, window: 730d, hysteresis: {minDwell: 1d}}")]
    public void Whatever_moves_a_score_is_another_revision(string spec) =>
        RfmPolicyCompiler.Compile("p", Specs.RfmPolicy(spec)).Revision.ShouldNotBe(ClassicRevision);

    private static void ShouldBeRefused(string spec, string path, string message)
    {
        var compiled = RfmPolicyCompiler.Compile("p", Specs.RfmPolicy(spec));
        compiled.IsValid.ShouldBeFalse();
        var problem = compiled.Problems[0];
        (problem.Reason, problem.FieldPath).ShouldBe((ProblemReasons.InvalidSpec, path));
        problem.Message.ShouldContain(message);
    }
}
