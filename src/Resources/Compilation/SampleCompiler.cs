namespace Segmentation.Resources;

/// <summary>Turns the condition on a random share into the engine's rule.</summary>
internal static class SampleCompiler
{
    /// <summary>Null after reporting a problem.</summary>
    public static SampleRule? Compile(SampleConditionSpec spec, string path, SegmentScope scope)
    {
        var before = scope.Problems.Count;
        scope.Problems.RequireText(spec.Salt, path + ".salt", "spring-2027; another salt gives another sample");
        var from = spec.From ?? 0;
        RequirePercent(from, path + ".from", scope.Problems);
        RequirePercent(spec.To, path + ".to", scope.Problems);
        if (scope.Problems.Count == before && from >= spec.To)
            scope.Problems.Invalid(path + ".to", $"{spec.To} does not lie above from, which is {from}; write the lower bound in from, the upper one in to");
        return scope.Problems.Count == before ? new SampleRule(spec.Salt, from, spec.To) : null;
    }

    private static void RequirePercent(decimal percent, string path, ProblemList problems)
    {
        if (percent is < 0 or > 100)
            problems.Invalid(path, $"{percent} is no share; write a percentage from 0 to 100");
        else if (percent * 100 != decimal.Truncate(percent * 100))
            problems.Invalid(path, $"{percent} has more than two decimals; round it, such as {Math.Round(percent, 2)}");
    }
}
