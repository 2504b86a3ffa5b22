using System.Text.RegularExpressions;

namespace Segmentation.Resources;

/// <summary>Makes the tiers of a policy, and proves that a list covers every combination of scores and has no tier in vain.</summary>
internal static partial class RfmTiersCompiler
{
    private const string Path = "spec.tiers";
    private const int CombinationsNamed = 10;

    /// <summary>Null after reporting a problem, and when the number of scores makes no sense.</summary>
    public static RfmTiers? Compile(RfmTiersSpec spec, int scores, ProblemList problems)
    {
        if (scores is < RfmPolicyDefinition.LeastScores or > RfmPolicyDefinition.MostScores)
            return null;
        if (spec.List is null)
            return Preset(spec.Preset ?? RfmTierPreset.Classic, scores, problems);
        if (spec.Preset is not null)
            problems.Invalid(Path, "give a preset or a list of tiers, not both: take preset out");
        else if (spec.List.Count is 0 or > RfmTiersSpec.TiersMax)
            problems.Invalid(Path + ".list", $"takes 1 to {RfmTiersSpec.TiersMax} tiers; there are {spec.List.Count}");
        else if (Tiers(spec.List, scores, problems) is { } tiers)
            return Proven(tiers, problems);
        return null;
    }

    private static RfmTiers? Preset(RfmTierPreset preset, int scores, ProblemList problems)
    {
        var (tiers, name) = preset switch
        {
            RfmTierPreset.Classic => (RfmTiers.Classic, "classic"),
            RfmTierPreset.KlaviyoLike => (RfmTiers.KlaviyoLike, "klaviyo-like"),
            _ => (RfmTiers.LifecycleOn(scores), "lifecycle"),
        };
        if (tiers.Scores == scores)
            return tiers;
        problems.Invalid(
            Path + ".preset",
            $"{name} is a table of scores 1 to {tiers.Scores}; set spec.scoring.scores to {tiers.Scores}, preset to lifecycle, or write a list of your own");
        return null;
    }

    private static RfmTiers? Tiers(IReadOnlyList<RfmTierSpec> list, int scores, ProblemList problems)
    {
        var before = problems.Count;
        var tiers = new List<RfmTier>();
        for (var i = 0; i < list.Count; i++)
        {
            var (tier, path) = (list[i], $"{Path}.list[{i}]");
            if (tier.Name.Length > RfmTierSpec.NameLengthMax || !NameForm().IsMatch(tier.Name))
                problems.Invalid(path + ".name", $"'{tier.Name}' is no name for a tier: small letters, digits and hyphens, at most {RfmTierSpec.NameLengthMax}");
            else if (tiers.FindIndex(other => other.Name == tier.Name) is >= 0 and var first)
                problems.Invalid(path + ".name", $"{tier.Name} is the name of list[{first}] already; give each tier its own");
            tiers.Add(new RfmTier(
                tier.Name,
                Digits(tier.Recency, scores, path + ".recency", problems),
                Digits(tier.Frequency, scores, path + ".frequency", problems),
                Digits(tier.Monetary, scores, path + ".monetary", problems),
                tier.SinglePurchase));
        }

        return problems.Count == before ? new RfmTiers(scores, tiers) : null;
    }

    private static DigitSet Digits(ComparisonSpec? spec, int scores, string path, ProblemList problems)
    {
        if (spec is null)
            return new DigitSet(1, scores);
        if (ComparisonCompiler.Compile(spec, path, problems) is not { } comparison)
            return default;
        var digits = DigitSet.Of(Enumerable.Range(1, scores).Where(digit => comparison.Holds(digit)));
        if (digits.IsEmpty)
            problems.Invalid(path, $"no score is {comparison}: they go from 1 to {scores}");
        return digits;
    }

    private static RfmTiers? Proven(RfmTiers tiers, ProblemList problems)
    {
        var before = problems.Count;
        var coverage = RfmTierCoverage.Of(tiers);
        if (coverage.Uncovered.Count > 0)
        {
            var named = coverage.Name(coverage.Uncovered);
            var more = named.Skip(CombinationsNamed).Sum(group => group.Combinations);
            problems.Invalid(
                Path + ".list",
                $"{coverage.Uncovered.Count} of {coverage.Combinations} combinations of scores fit no tier: "
                + string.Join(", ", named.Take(CombinationsNamed).Select(group => group.Name)) + (more > 0 ? $" and {more} more" : "")
                + "; widen a tier, or end the list with one that fits all that is left, such as {name: others}");
        }

        foreach (var (index, behind) in coverage.Unreachable)
        {
            problems.Invalid(
                $"{Path}.list[{index}]",
                $"no combination of scores reaches {tiers.Names[index]}: all that it fits belong to {string.Join(" and ", behind)} before it; move it up, or take it out");
        }

        return problems.Count == before ? tiers : null;
    }

    [GeneratedRegex(RfmTierSpec.NamePattern, RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NameForm();
}
