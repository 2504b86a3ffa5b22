namespace Segmentation.Tests.Oracle;

/// <summary>
/// The tiers of a profile under hysteresis, the slow way: at every instant at which anything could matter, the tier that the values give is
/// asked for, and the one that is held is kept for the dwell and within the margin.
/// </summary>
internal sealed class HeldTiers(PolicySpec policy, IReadOnlyList<PlainEvent> events, long dwell, int margin)
{
    private readonly BruteForce oracle = new(events);

    public List<(string? Tier, long At)> Path(long from, long until)
    {
        var instants = new SortedSet<long>(RelevantInstants.Of(policy, events).Where(t => t >= from && t < until)) { from };
        foreach (var e in events)
        {
            foreach (var point in policy.Recency!)
            {
                foreach (var factor in (int[])[100 - margin, 100 + margin])
                    instants.UnionWith(new[] { -1L, 0, 1, 2 }.Select(more => e.Time + (point * 100 / factor) + more).Where(t => t >= from && t < until));
            }
        }

        var path = new List<(string?, long)>();
        var (held, since) = ((string?)null, 0L);
        while (instants.Count > 0)
        {
            var t = instants.Min;
            instants.Remove(t);
            var score = oracle.Score(policy, t);
            var tier = score.Tier;
            if (held is not null && tier is not null && (t - since < dwell || CouldBe(held, score, t)))
                tier = held;
            if (tier == held)
                continue;
            (held, since) = (tier, t);
            path.Add((tier, t));
            if (t + dwell < until)
                instants.Add(t + dwell);
        }

        return path;
    }

    // Whether some age, frequency and monetary value within the margin would be of the tier.
    private bool CouldBe(string tier, (int R, int F, int M, string? Tier, long Last, int Purchases, decimal Spent, int Frequency, decimal Monetary) score, long t)
    {
        var ages = Ends(t - score.Last).Select(age => 5 - policy.Recency!.Count(point => age > point)).ToList();
        var frequencies = Ends(score.Frequency).Select(count => 1 + policy.Frequency!.Count(point => count > point)).ToList();
        var monetaries = Ends(score.Monetary).Select(value => 1 + policy.Monetary!.Count(point => value > point)).ToList();
        return (
            from r in Between(ages)
            from f in Between(frequencies)
            from m in Between(monetaries)
            select BruteForce.TierOf(policy.Preset, r, f, m, score.Frequency)).Contains(tier);
    }

    private IEnumerable<decimal> Ends(decimal value) => [value - (Math.Abs(value) * margin / 100m), value + (Math.Abs(value) * margin / 100m)];

    private static IEnumerable<int> Between(List<int> digits) => Enumerable.Range(digits.Min(), digits.Max() - digits.Min() + 1);
}
