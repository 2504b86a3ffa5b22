using Segmentation;
using Segmentation.Resources;

namespace Resources.Tests;

public class RfmPolicyCompilerTests
{
    private const string Thresholds =
        "{purchases: {event: placed_order, amount: total, refundEvent: refunded_order}, window: 730d, "
        + "scoring: {method: thresholds, recency: [30d, 90d, 180d, 365d], frequency: [1, 2, 4, 9], monetary: [50, 100, 249.99, 1000]}, tiers: {preset: lifecycle}}";

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
    [InlineData("{purchases: {event: a}, window: 1d, scoring: {scores: 4}}", "spec.tiers.preset", "set spec.scoring.scores to 5 or preset to lifecycle")]
    [InlineData("{purchases: {event: a}, window: 1d, scoring: {recomputeEvery: 1s}}", "spec.scoring.recomputeEvery", "shorter than 1m")]
    [InlineData("{purchases: {event: a}, window: 1d, scoring: {recency: [1d]}}", "spec.scoring.recency", "belongs to method thresholds")]
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

    private static void ShouldBeRefused(string spec, string path, string message)
    {
        var compiled = RfmPolicyCompiler.Compile("p", Specs.RfmPolicy(spec));
        compiled.IsValid.ShouldBeFalse();
        var problem = compiled.Problems[0];
        (problem.Reason, problem.FieldPath).ShouldBe((ProblemReasons.InvalidSpec, path));
        problem.Message.ShouldContain(message);
    }
}
