using Kubernetes.Model;
using Segmentation.Resources;

namespace Segmentation.Cli.Rfm;

/// <summary>What an RfmPolicy's status says of its customers, with shares.</summary>
/// <param name="Cells">Every combination of digits: the best recency first, and of those the lowest frequency first.</param>
/// <param name="Tiers">In the policy's order.</param>
internal sealed record RfmReport(
    string Workspace, string Policy, RfmPolicyStatus Status, RfmMatrixStatus Matrix, IReadOnlyList<RfmShare> Cells, IReadOnlyList<RfmShare> Tiers)
{
    /// <exception cref="CliException">The policy has not been scored and counted yet.</exception>
    public static RfmReport Of(RfmPolicy policy, string workspace)
    {
        if (policy.Status.Matrix is not { } matrix)
            throw NotCounted(policy, workspace);
        var counted = matrix.Cells.ToDictionary(cell => (cell.Recency, cell.Frequency));
        IEnumerable<RfmShare> cells =
            from recency in Enumerable.Range(1, matrix.Scores).Reverse()
            from frequency in Enumerable.Range(1, matrix.Scores)
            let cell = counted.GetValueOrDefault((recency, frequency))
            select RfmShare.Of(cell?.Tier, cell?.Profiles ?? 0, matrix.Profiles, cell?.Revenue ?? 0, matrix.Revenue) with { Recency = recency, Frequency = frequency };
        IList<RfmTierCount> tiers = policy.Status.TierCounts ?? [];
        long inTiers = tiers.Sum(tier => tier.Profiles);
        decimal revenue = tiers.Sum(tier => tier.Revenue ?? 0);
        return new RfmReport(workspace, policy.Metadata.Name, policy.Status, matrix, [.. cells],
            [.. tiers.Select(tier => RfmShare.Of(tier.Tier, tier.Profiles, inTiers, tier.Revenue ?? 0, revenue))]);
    }

    private static CliException NotCounted(RfmPolicy policy, string workspace)
    {
        Condition? ready = policy.Status.Conditions.FirstOrDefault(condition => condition.Type == Conditions.Ready);
        string why = ready is null ? "the operator has not looked at it yet" : $"{ready.Reason}: {ready.Message}";
        return new CliException(ExitCode.Failed, $"RfmPolicy '{policy.Metadata.Name}' is not scored and counted yet ({why.TrimEnd('.')})",
            $"'kubectl get rfm {policy.Metadata.Name} -n {workspace} -w' shows when it is scored; it is counted a few seconds later");
    }
}

/// <summary>Some of the customers.</summary>
/// <param name="Tier">The one that they, or most of them, are in; null where there are none.</param>
/// <param name="ProfilePercent">Of all customers, to one decimal.</param>
/// <param name="RevenuePercent">Of all revenue, to one decimal; null where that is not above 0.</param>
internal sealed record RfmShare(string? Tier, long Profiles, decimal ProfilePercent, decimal Revenue, decimal? RevenuePercent)
{
    public int Recency { get; init; }

    public int Frequency { get; init; }

    public static RfmShare Of(string? tier, long profiles, long allProfiles, decimal revenue, decimal allRevenue) => new(
        tier, profiles, allProfiles == 0 ? 0 : Math.Round(100m * profiles / allProfiles, 1), revenue, allRevenue > 0 ? Math.Round(100 * revenue / allRevenue, 1) : null);
}
