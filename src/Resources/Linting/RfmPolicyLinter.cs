namespace Segmentation.Resources;

/// <summary>Looks at a valid RfmPolicy for what may not be meant: tiers that others stand before.</summary>
public static class RfmPolicyLinter
{
    /// <param name="spec">One that compiles without problems.</param>
    public static IReadOnlyList<LintFinding> Lint(RfmPolicySpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.Tiers.List is null || RfmPolicyCompiler.Compile("policy", spec).Definition is not { } definition)
            return [];
        return
        [
            .. RfmTierCoverage.Of(definition.Tiers).Overlaps.Select(overlap => new LintFinding(
                "overlap", LintSeverity.Info, $"spec.tiers.list[{overlap.Index}]",
                $"{overlap.Combinations} of the combinations of scores that {definition.Tiers.Names[overlap.Index]} fits go to {string.Join(" and ", overlap.TakenBy)}, "
                + "before it in the list; move it up, if that is not meant")),
        ];
    }
}
