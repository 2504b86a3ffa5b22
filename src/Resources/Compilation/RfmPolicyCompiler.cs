namespace Segmentation.Resources;

/// <summary>Turns an RfmPolicy's spec into the engine's definition.</summary>
public static class RfmPolicyCompiler
{
    internal const long RecomputeEveryMinMs = 60_000;
    private const long DayMs = PurchaseSummary.DayMs;
    private const long HorizonMaxMs = 730 * DayMs;

    /// <param name="name">The policy's metadata.name.</param>
    /// <param name="spec">Its spec.</param>
    /// <param name="known">
    /// The break points drawn last, for method quantiles; ignored for method thresholds, and when drawn for another number of scores.
    /// </param>
    /// <param name="model">The model fitted last; null before the first.</param>
    public static RfmPolicyCompilation Compile(string name, RfmPolicySpec spec, RfmBreakPoints? known = null, PredictionModel? model = null)
    {
        var problems = new ProblemList();
        Purchases(spec.Purchases, problems);
        var windowMs = problems.Duration(spec.Window, "spec.window");
        var named = RfmScoringCompiler.Compile(spec.Scoring, problems);
        var terms = spec.Predictions is null ? null : Predictions(spec.Predictions, windowMs, problems);
        var hysteresis = spec.Hysteresis is null ? null : Hysteresis(spec.Hysteresis, problems);
        var tiers = RfmTiersCompiler.Compile(spec.Tiers, spec.Scoring.Scores, problems);
        if (problems.Count > 0)
            return new RfmPolicyCompilation(name, null, null, problems.ToList());
        var scores = spec.Scoring.Scores;
        var breakPoints = spec.Scoring.Method == RfmScoringMethod.Thresholds
            ? new RfmBreakPoints(named!.RecencyMs!, named.Frequency!, named.Monetary!)
            : known?.Scores == scores ? known : null;
        var purchases = spec.Purchases;
        var definition = new RfmPolicyDefinition(
            name, purchases.Event, purchases.Amount, purchases.RefundEvent, windowMs!.Value, tiers!, breakPoints, scores, model)
        {
            Frequency = purchases.Frequency == RfmFrequencyMeasure.Days ? RfmFrequency.Days : RfmFrequency.Purchases,
            Monetary = purchases.Monetary == RfmMonetaryMeasure.Average ? RfmMonetary.Average : RfmMonetary.Sum,
            ExcludesZeroValues = purchases.ExcludeZeroValue,
            Weights = spec.Scoring.Weights is { } weights ? new RfmWeights(weights.Recency, weights.Frequency, weights.Monetary) : RfmWeights.Equal,
            Hysteresis = hysteresis,
            CutPoints = named!,
        };
        return new RfmPolicyCompilation(name, definition, Revision.OfPolicy(spec), []) { Terms = terms };
    }

    private static RfmHysteresis? Hysteresis(RfmHysteresisSpec spec, ProblemList problems)
    {
        const string path = "spec.hysteresis";
        var before = problems.Count;
        if (spec is { MinDwell: null, MarginPercent: null })
            problems.Invalid(path, "holds nobody: give minDwell, such as 3d, or marginPercent, such as 5, or both; or take hysteresis out");
        if (spec.MarginPercent is < 1 or > RfmHysteresis.MarginPercentMax)
            problems.Invalid(path + ".marginPercent", $"must be 1 to {RfmHysteresis.MarginPercentMax}, not {spec.MarginPercent}");
        var dwellMs = spec.MinDwell is null ? 0 : problems.Duration(spec.MinDwell, path + ".minDwell");
        return problems.Count == before ? new RfmHysteresis(dwellMs!.Value, spec.MarginPercent ?? 0) : null;
    }

    private static PredictionTerms? Predictions(RfmPredictionsSpec spec, long? windowMs, ProblemList problems)
    {
        const string path = "spec.predictions";
        var before = problems.Count;
        if (spec.MinCustomers < 1)
            problems.Invalid(path + ".minCustomers", $"must be 1 or more, not {spec.MinCustomers}");
        if (spec.MinRepeatCustomers < 1)
            problems.Invalid(path + ".minRepeatCustomers", $"must be 1 or more, not {spec.MinRepeatCustomers}");
        var horizonMs = problems.Duration(spec.Horizon, path + ".horizon", DayMs, HorizonMaxMs);
        var minHistoryMs = problems.Duration(spec.MinHistory, path + ".minHistory", DayMs);
        var maxQuietMs = problems.Duration(spec.MaxQuiet, path + ".maxQuiet", DayMs);
        problems.Duration(spec.RefitEvery, path + ".refitEvery", RecomputeEveryMinMs);
        if (minHistoryMs > windowMs)
        {
            problems.Invalid(
                path + ".minHistory",
                $"{spec.MinHistory} is longer than spec.window, outside of which purchases are not seen; make the one shorter or the other longer");
        }

        return problems.Count == before
            ? new PredictionTerms(horizonMs!.Value, spec.MinCustomers, spec.MinRepeatCustomers, minHistoryMs!.Value, maxQuietMs!.Value)
            : null;
    }

    private static void Purchases(RfmPurchasesSpec spec, ProblemList problems)
    {
        problems.RequireText(spec.Event, "spec.purchases.event", "placed_order");
        problems.RequireText(spec.Amount, "spec.purchases.amount", "value");
        if (spec.RefundEvent == "")
            problems.Invalid("spec.purchases.refundEvent", "is empty; name an event such as refunded_order, or leave it out");
        else if (spec.RefundEvent == spec.Event)
            problems.Invalid(
                "spec.purchases.refundEvent",
                $"cannot be the purchase event itself, {spec.Event}; name the event that takes purchases back, or leave it out");
    }
}
