namespace Segmentation.Resources;

/// <summary>Turns the condition on what a policy's model expects into the engine's rule.</summary>
internal static class PredictionCompiler
{
    private static readonly string[] Quantities = ["churnProbability", "expectedPurchases", "predictedValue", "expectedNextOrder"];

    /// <summary>Null after reporting a problem.</summary>
    public static Rule? Compile(PredictionConditionSpec spec, string path, SegmentScope scope)
    {
        var problems = scope.Problems;
        if (scope.References.Policy(spec.Policy, path + ".policy", scope.Used, problems) is not { } policy)
            return null;
        object?[] operands = [spec.ChurnProbability, spec.ExpectedPurchases, spec.PredictedValue, spec.ExpectedNextOrder];
        string[] given = [.. Quantities.Where((_, i) => operands[i] is not null)];
        if (!ComparisonCompiler.ExactlyOne(given, Quantities, "prediction", path, problems))
            return null;
        var at = $"{path}.{given[0]}";
        return given[0] switch
        {
            "churnProbability" => Compare(policy, PredictedQuantity.ChurnProbability, spec.ChurnProbability!, at, problems),
            "expectedPurchases" => Compare(policy, PredictedQuantity.ExpectedPurchases, spec.ExpectedPurchases!, at, problems),
            "predictedValue" => Compare(policy, PredictedQuantity.PredictedValue, spec.PredictedValue!, at, problems),
            _ => NextOrder(policy, spec.ExpectedNextOrder!, at, problems),
        };
    }

    private static PredictionRule? Compare(
        RfmPolicyDefinition policy, PredictedQuantity quantity, ComparisonSpec spec, string path, ProblemList problems) =>
        ComparisonCompiler.Compile(spec, path, problems) is { } comparison ? new PredictionRule(policy, quantity, comparison) : null;

    // In (t, t + W]: from the next millisecond on.
    private static PredictionRule? NextOrder(RfmPolicyDefinition policy, ExpectedNextOrderSpec spec, string path, ProblemList problems) =>
        problems.Duration(spec.WithinNext, path + ".withinNext") is { } ms
            ? new PredictionRule(policy, PredictedQuantity.NextOrderInMs, Comparison.Between(1, ms))
            : null;
}
