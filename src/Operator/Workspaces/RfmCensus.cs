using Segmentation.Operator.Partitions;

namespace Segmentation.Operator.Workspaces;

/// <summary>
/// How a policy's customers are spread over the digits of recency and frequency, and over its tiers, and what their purchases in the window come to. The
/// digits are those of the break points, as ever; the tiers are those that profiles are in, held there or not.
/// </summary>
/// <param name="PolicyKey">The revision of the policy that it speaks of.</param>
/// <param name="AtMs">When it was taken; of several in a row that found the same, the first.</param>
/// <param name="Cells">Those with customers, by recency and then by frequency.</param>
/// <param name="RevenueByTier">Of the tiers with customers.</param>
internal sealed record RfmCensus(
    string PolicyKey, long AtMs, IReadOnlyList<RfmCensusCell> Cells, IReadOnlyDictionary<string, decimal> RevenueByTier)
{
    /// <summary>This one, as of the time of the last one when that found the same.</summary>
    public RfmCensus After(RfmCensus? last) =>
        last?.PolicyKey == PolicyKey && last.Cells.SequenceEqual(Cells) && last.RevenueByTier.OrderBy(t => t.Key).SequenceEqual(RevenueByTier.OrderBy(t => t.Key))
            ? last
            : this;
}

/// <summary>The customers with the same digits of recency and frequency.</summary>
/// <param name="Revenue">What their purchases in the window come to, less refunds.</param>
/// <param name="Tier">The one that most of them are in, the first of those in the policy's order; null when none of them is filed under any yet.</param>
internal sealed record RfmCensusCell(int Recency, int Frequency, long Profiles, decimal Revenue, string? Tier);

/// <summary>Counts customers for a census.</summary>
internal sealed class RfmTally(TrackedPolicy policy, long atMs)
{
    private readonly Dictionary<(int Recency, int Frequency, int Tier), (long Profiles, decimal Revenue)> _counts = [];

    /// <param name="frequency">What the policy takes for frequency: purchases, or days with one.</param>
    /// <param name="spent">What the purchases come to.</param>
    /// <param name="tier">Which of the policy's tiers; −1 for none.</param>
    public void Add(long lastPurchaseMs, long frequency, decimal spent, int tier)
    {
        var points = policy.Definition.BreakPoints!;
        var key = (points.RecencyDigit(Math.Max(0, atMs - lastPurchaseMs)), points.FrequencyDigit(frequency), tier);
        var (profiles, revenue) = _counts.GetValueOrDefault(key);
        _counts[key] = (profiles + 1, revenue + spent);
    }

    public RfmCensus ToCensus()
    {
        var names = policy.Definition.Tiers.Names;
        var cells = _counts.GroupBy(count => (count.Key.Recency, count.Key.Frequency)).OrderBy(cell => cell.Key).Select(cell =>
        {
            var most = cell.Where(count => count.Key.Tier >= 0).OrderByDescending(count => count.Value.Profiles).ThenBy(count => count.Key.Tier).ToArray();
            return new RfmCensusCell(
                cell.Key.Recency, cell.Key.Frequency, cell.Sum(count => count.Value.Profiles), cell.Sum(count => count.Value.Revenue),
                most.Length == 0 ? null : names[most[0].Key.Tier]);
        });
        var tiers = _counts.Where(count => count.Key.Tier >= 0).GroupBy(count => names[count.Key.Tier]);
        return new RfmCensus(policy.Key, atMs, [.. cells], tiers.ToDictionary(tier => tier.Key, tier => tier.Sum(count => count.Value.Revenue)));
    }
}
