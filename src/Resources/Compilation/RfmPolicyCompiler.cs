namespace Segmentation.Resources;

/// <summary>Turns an RfmPolicy's spec into the engine's definition.</summary>
public static class RfmPolicyCompiler
{
    private const long RecomputeEveryMinMs = 60_000;
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
        var named = Scoring(spec.Scoring, problems);
        var terms = spec.Predictions is null ? null : Predictions(spec.Predictions, windowMs, problems);
        if (spec.Tiers.Preset == RfmTierPreset.Classic && spec.Scoring.Scores != RfmTiers.Classic.Scores)
        {
            problems.Invalid(
                "spec.tiers.preset",
                $"classic is a table of scores 1 to {RfmTiers.Classic.Scores}; "
                + $"set spec.scoring.scores to {RfmTiers.Classic.Scores} or preset to lifecycle");
        }

        if (problems.Count > 0)
            return new RfmPolicyCompilation(name, null, null, problems.ToList());
        var scores = spec.Scoring.Scores;
        var tiers = spec.Tiers.Preset == RfmTierPreset.Classic ? RfmTiers.Classic : RfmTiers.LifecycleOn(scores);
        var breakPoints = spec.Scoring.Method == RfmScoringMethod.Thresholds ? named : known?.Scores == scores ? known : null;
        var purchases = spec.Purchases;
        var definition = new RfmPolicyDefinition(
            name, purchases.Event, purchases.Amount, purchases.RefundEvent, windowMs!.Value, tiers, breakPoints, scores, model);
        return new RfmPolicyCompilation(name, definition, Revision.OfPolicy(spec), []) { Terms = terms };
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

    // The cut points that thresholds name; null for quantiles, and after reporting a problem.
    private static RfmBreakPoints? Scoring(RfmScoringSpec spec, ProblemList problems)
    {
        const string path = "spec.scoring";
        if (spec.Scores is < RfmPolicyDefinition.LeastScores or > RfmPolicyDefinition.MostScores)
        {
            problems.Invalid(path + ".scores", $"must be {RfmPolicyDefinition.LeastScores} to {RfmPolicyDefinition.MostScores}, not {spec.Scores}");
            return null;
        }

        if (spec.Method == RfmScoringMethod.Thresholds)
            return Thresholds(spec, path, problems);
        if (spec.RecomputeEvery is not null)
            problems.Duration(spec.RecomputeEvery, path + ".recomputeEvery", RecomputeEveryMinMs);
        (string Name, object? CutPoints)[] named = [("recency", spec.Recency), ("frequency", spec.Frequency), ("monetary", spec.Monetary)];
        foreach (var (name, _) in named.Where(dimension => dimension.CutPoints is not null))
        {
            problems.Invalid(
                $"{path}.{name}",
                "belongs to method thresholds; quantiles draw their cut points from the customers. Leave it out, or set method: thresholds");
        }

        return null;
    }

    private static RfmBreakPoints? Thresholds(RfmScoringSpec spec, string path, ProblemList problems)
    {
        var before = problems.Count;
        if (spec.RecomputeEvery is not null)
            problems.Invalid(path + ".recomputeEvery", "belongs to method quantiles; thresholds never move. Leave it out");
        var recency = new List<long>();
        for (var i = 0; i < (spec.Recency?.Count ?? 0); i++)
            recency.Add(problems.Duration(spec.Recency![i], $"{path}.recency[{i}]") ?? 0);
        if (problems.Count == before)
            CutPoints(spec.Recency is null ? null : recency, spec.Scores, path + ".recency", "[30d, 90d, 180d, 365d]", problems);
        CutPoints(spec.Frequency, spec.Scores, path + ".frequency", "[1, 2, 4, 9]", problems);
        CutPoints(spec.Monetary, spec.Scores, path + ".monetary", "[50, 100, 250, 1000]", problems);
        for (var i = 0; i < (spec.Monetary?.Count ?? 0); i++)
            problems.Number(spec.Monetary![i], $"{path}.monetary[{i}]");
        return problems.Count == before ? new RfmBreakPoints(recency, spec.Frequency!, spec.Monetary!) : null;
    }

    private static void CutPoints<T>(IReadOnlyList<T>? points, int scores, string path, string example, ProblemList problems)
        where T : IComparable<T>
    {
        if (points is null)
        {
            problems.Invalid(path, $"is required with method thresholds, such as {example} for five scores");
            return;
        }

        if (points.Count != scores - 1)
            problems.Invalid(path, $"needs {scores - 1} cut points for {scores} scores; there are {points.Count}");
        for (var i = 1; i < points.Count; i++)
        {
            if (points[i].CompareTo(points[i - 1]) <= 0)
                problems.Invalid($"{path}[{i}]", "must be larger than the one before; cut points ascend");
        }
    }
}
