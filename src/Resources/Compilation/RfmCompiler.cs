namespace Segmentation.Resources;

/// <summary>Turns the condition on an RFM tier or score into the engine's rule.</summary>
internal static class RfmCompiler
{
    private static readonly string[] Questions = ["tier", "wasTier", "recency", "frequency", "monetary", "score"];

    /// <summary>Null after reporting a problem.</summary>
    public static Rule? Compile(RfmConditionSpec spec, string path, SegmentScope scope)
    {
        var problems = scope.Problems;
        if (scope.References.Policy(spec.Policy, path + ".policy", scope.Used, problems) is not { } policy)
            return null;
        object?[] operands = [spec.Tier, spec.WasTier, spec.Recency, spec.Frequency, spec.Monetary, spec.Score];
        string[] given = [.. Questions.Where((_, i) => operands[i] is not null)];
        if (!ComparisonCompiler.ExactlyOne(given, Questions, "question", path, problems))
            return null;
        if (spec.Within is not null && spec.WasTier is null)
        {
            problems.Invalid(path + ".within", $"goes with wasTier only; take it out, or write wasTier instead of {given[0]}");
            return null;
        }

        var at = $"{path}.{given[0]}";
        return given[0] switch
        {
            "tier" => AreTiers(spec.Tier!, policy, at, problems) ? new RfmRule(policy, [.. spec.Tier!]) : null,
            "wasTier" => FormerTier(spec, policy, path, problems),
            "recency" => Score(policy, RfmDimension.Recency, spec.Recency!, at, problems),
            "frequency" => Score(policy, RfmDimension.Frequency, spec.Frequency!, at, problems),
            "monetary" => Score(policy, RfmDimension.Monetary, spec.Monetary!, at, problems),
            _ => Score(policy, RfmDimension.Combined, spec.Score!, at, problems),
        };
    }

    private static FormerTierRule? FormerTier(RfmConditionSpec spec, RfmPolicyDefinition policy, string path, ProblemList problems)
    {
        if (spec.Within is null)
        {
            problems.Invalid(path + ".within", "is required with wasTier, such as 90d; for the present tier alone write tier");
            return null;
        }

        var withinMs = problems.Duration(spec.Within, path + ".within");
        return AreTiers(spec.WasTier!, policy, path + ".wasTier", problems) && withinMs is { } ms
            ? new FormerTierRule(policy, [.. spec.WasTier!], ms)
            : null;
    }

    private static RfmScoreRule? Score(
        RfmPolicyDefinition policy, RfmDimension dimension, ComparisonSpec spec, string path, ProblemList problems) =>
        ComparisonCompiler.Compile(spec, path, problems) is { } comparison ? new RfmScoreRule(policy, dimension, comparison) : null;

    private static bool AreTiers(IReadOnlyList<string> tiers, RfmPolicyDefinition policy, string path, ProblemList problems)
    {
        var names = policy.Tiers.Names;
        if (tiers.Count is 0 or > RfmConditionSpec.TiersMax)
        {
            problems.Invalid(path, $"takes 1 to {RfmConditionSpec.TiersMax} tiers; there are {tiers.Count}");
            return false;
        }

        var unknown = Enumerable.Range(0, tiers.Count).Where(i => !names.Contains(tiers[i])).ToList();
        foreach (var i in unknown)
        {
            problems.Add(
                ProblemReasons.UnknownTier,
                $"{path}[{i}]",
                $"RfmPolicy {policy.Name} has no tier {tiers[i]}{NearestName.Hint(tiers[i], names)}; it has {string.Join(", ", names)}");
        }

        return unknown.Count == 0;
    }
}
