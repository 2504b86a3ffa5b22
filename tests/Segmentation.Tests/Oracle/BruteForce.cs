namespace Segmentation.Tests.Oracle;

/// <summary>
/// RFM scores, done the slow and obvious way, straight from docs/rfm.md: every question looks at every event again. Shares nothing with
/// the engine.
/// </summary>
public sealed class BruteForce
{
    private readonly List<PlainEvent> events;
    private readonly Dictionary<string, List<PlainEvent>> refundsOf;

    public BruteForce(IEnumerable<PlainEvent> delivered)
    {
        events = delivered.DistinctBy(e => e.Id).ToList();
        refundsOf = events.Where(e => e.Refunds is not null).GroupBy(e => e.Refunds!).ToDictionary(g => g.Key, g => g.ToList());
    }

    public (int R, int F, int M, string? Tier, long Last, int Purchases, decimal Spent, int Frequency, decimal Monetary) Score(PolicySpec policy, long t)
    {
        var purchases = events.Where(e => e.Name == policy.Purchase && InWindow(e, policy.Window, t) && !TakenBack(e, t))
            .Where(e => !policy.NoZeros || (AmountLeft(e, policy.Amount, t) ?? 0m) > 0m).ToList();
        if (purchases.Count == 0)
            return default;
        var spent = purchases.Sum(e => AmountLeft(e, policy.Amount, t) ?? 0m);
        if (policy.Refund is not null)
        {
            spent -= events
                .Where(e => e.Name == policy.Refund && e.Refunds is null && InWindow(e, policy.Window, t) && !TakenBack(e, t))
                .Sum(e => Math.Abs(AmountLeft(e, policy.Amount, t) ?? 0m));
        }

        var last = purchases.Max(e => e.Time);
        var frequency = policy.Days ? purchases.Select(e => DateTimeOffset.FromUnixTimeMilliseconds(e.Time).UtcDateTime.Date).Distinct().Count() : purchases.Count;
        var monetary = policy.Average ? Math.Round(spent / purchases.Count, 4) : spent;
        if (policy.Recency is null)
            return (0, 0, 0, null, last, purchases.Count, spent, frequency, monetary);
        var scores = policy.Recency.Count + 1;
        var r = scores - policy.Recency.Count(b => t - last > b);
        var f = 1 + policy.Frequency!.Count(b => frequency > b);
        var m = 1 + policy.Monetary!.Count(b => monetary > b);
        return (r, f, m, TierOf(policy.Preset, r, f, m, frequency), last, purchases.Count, spent, frequency, monetary);
    }

    internal static string? TierOf(string preset, int r, int f, int m, int purchases)
    {
        if (preset == "lifecycle")
        {
            if (purchases == 1)
                return r >= 4 ? "new" : "one-time";
            if (r >= 4 && f >= 4 && m >= 4)
                return "vip";
            return r >= 3 ? "active" : r == 2 ? "at-risk" : "churned";
        }

        return r switch
        {
            5 => f >= 4 ? "champions" : f >= 2 ? "potential-loyalist" : "new",
            4 => f >= 4 ? "loyal" : f >= 2 ? "potential-loyalist" : "promising",
            3 => f >= 4 ? "loyal" : f == 3 ? "need-attention" : "about-to-sleep",
            _ => f == 5 ? "cannot-lose" : f >= 3 ? "at-risk" : "hibernating",
        };
    }

    private static bool InWindow(PlainEvent e, long? window, long t) => e.Time <= t && (window is null || e.Time > t - window);

    private IEnumerable<PlainEvent> RefundsOf(PlainEvent e, long t) =>
        refundsOf.TryGetValue(e.Id, out var refunds) ? refunds.Where(r => r.Time <= t) : [];

    private bool TakenBack(PlainEvent e, long t)
    {
        var refunds = RefundsOf(e, t).ToList();
        if (refunds.Count == 0)
            return false;
        return refunds.Exists(r => r.Value is null) || e.Value is null || refunds.Sum(r => Math.Abs(r.Value!.Value)) >= e.Value;
    }

    private decimal? AmountLeft(PlainEvent e, string of, long t)
    {
        if (of == "value")
            return e.Value - RefundsOf(e, t).Sum(r => Math.Abs(r.Value ?? 0m));
        return e.Properties.TryGetValue(of, out var value) && value is decimal number ? number : null;
    }
}
