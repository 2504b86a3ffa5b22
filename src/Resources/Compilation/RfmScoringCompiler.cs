namespace Segmentation.Resources;

/// <summary>Checks how dimensions are scored, and reads the cut points that are named.</summary>
internal static class RfmScoringCompiler
{
    private const string Path = "spec.scoring";
    private const long RecomputeEveryMinMs = RfmPolicyCompiler.RecomputeEveryMinMs;

    /// <summary>The cut points that are named: with thresholds of every dimension. Null after reporting a problem.</summary>
    public static RfmCutPoints? Compile(RfmScoringSpec spec, ProblemList problems)
    {
        if (spec.Scores is < RfmPolicyDefinition.LeastScores or > RfmPolicyDefinition.MostScores)
        {
            problems.Invalid(Path + ".scores", $"must be {RfmPolicyDefinition.LeastScores} to {RfmPolicyDefinition.MostScores}, not {spec.Scores}");
            return null;
        }

        var before = problems.Count;
        var isNeeded = spec.Method == RfmScoringMethod.Thresholds;
        if (spec.Weights is { } weights)
            Weights(weights, problems);
        if (spec.RecomputeEvery is not null && isNeeded)
            problems.Invalid(Path + ".recomputeEvery", "belongs to method quantiles; thresholds never move. Leave it out");
        else if (spec.RecomputeEvery is not null)
            problems.Duration(spec.RecomputeEvery, Path + ".recomputeEvery", RecomputeEveryMinMs);
        if (!isNeeded && spec is { Recency: not null, Frequency: not null, Monetary: not null })
            problems.Invalid(Path + ".method", "quantiles would draw nothing: every dimension has cut points. Set method: thresholds, or leave the cut points of one out");

        var recency = Recency(spec.Recency, problems);
        if (recency is not null || spec.Recency is null)
            CutPoints(recency, isNeeded, spec.Scores, "recency", "[30d, 90d, 180d, 365d]", problems);
        CutPoints(spec.Frequency, isNeeded, spec.Scores, "frequency", "[1, 2, 4, 9]", problems);
        CutPoints(spec.Monetary, isNeeded, spec.Scores, "monetary", "[50, 100, 250, 1000]", problems);
        for (var i = 0; i < (spec.Monetary?.Count ?? 0); i++)
            problems.Number(spec.Monetary![i], $"{Path}.monetary[{i}]");
        return problems.Count == before ? new RfmCutPoints(recency, spec.Frequency, spec.Monetary) : null;
    }

    private static void Weights(RfmWeightsSpec weights, ProblemList problems)
    {
        foreach (var (name, weight) in new[] { ("recency", weights.Recency), ("frequency", weights.Frequency), ("monetary", weights.Monetary) })
        {
            if (weight is < 0 or > RfmWeightsSpec.Max)
                problems.Invalid($"{Path}.weights.{name}", $"must be 0 to {RfmWeightsSpec.Max}, not {weight}");
        }

        if (weights is { Recency: 0, Frequency: 0, Monetary: 0 })
            problems.Invalid(Path + ".weights", "are all 0, so that nothing would count; make one of them larger, or leave weights out");
    }

    // Null without any, and after reporting a problem.
    private static List<long>? Recency(IReadOnlyList<string>? texts, ProblemList problems)
    {
        if (texts is null)
            return null;
        var before = problems.Count;
        var ages = new List<long>();
        for (var i = 0; i < texts.Count; i++)
            ages.Add(problems.Duration(texts[i], $"{Path}.recency[{i}]") ?? 0);
        return problems.Count == before ? ages : null;
    }

    private static void CutPoints<T>(IReadOnlyList<T>? points, bool isNeeded, int scores, string name, string example, ProblemList problems)
        where T : IComparable<T>
    {
        var path = $"{Path}.{name}";
        if (points is null)
        {
            if (isNeeded)
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
