namespace Segmentation.Tests.Oracle;

/// <summary>
/// The semantics, done the slow and obvious way, straight from their text: every question looks at every event again. Shares nothing with
/// the engine.
/// </summary>
public sealed class BruteForce
{
    private readonly List<PlainEvent> events;
    private readonly IReadOnlyDictionary<string, object> properties;
    private readonly Dictionary<string, List<PlainEvent>> refundsOf;

    public BruteForce(IEnumerable<PlainEvent> delivered, IReadOnlyDictionary<string, object> properties)
    {
        events = delivered.DistinctBy(e => e.Id).ToList();
        this.properties = properties;
        refundsOf = events.Where(e => e.Refunds is not null).GroupBy(e => e.Refunds!).ToDictionary(g => g.Key, g => g.ToList());
    }

    public IReadOnlyList<PlainEvent> Events => events;

    public bool Holds(Spec spec, long t) => spec switch
    {
        GroupSpec { Kind: "all" } all => all.Children.All(child => Holds(child, t)),
        GroupSpec { Kind: "any" } any => any.Children.Any(child => Holds(child, t)),
        GroupSpec none => !none.Children.Any(child => Holds(child, t)),
        EventSpec leaf => HoldsEvent(leaf, t),
        PropertySpec leaf => Satisfies(properties, leaf.Predicate),
        SegmentSpec leaf => Holds(leaf.Rule, t) == leaf.IsMember,
        RfmSpec leaf => Tier(leaf.Policy, t) is { } tier && leaf.Tiers.Contains(tier),
        _ => throw new ArgumentException("unknown", nameof(spec)),
    };

    public (int R, int F, int M, string? Tier, long Last, int Purchases, decimal Spent) Score(PolicySpec policy, long t)
    {
        var purchases = events.Where(e => e.Name == policy.Purchase && InWindow(e, policy.Window, t) && !TakenBack(e, t)).ToList();
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
        if (policy.Recency is null)
            return (0, 0, 0, null, last, purchases.Count, spent);
        var scores = policy.Recency.Count + 1;
        var r = scores - policy.Recency.Count(b => t - last > b);
        var f = 1 + policy.Frequency!.Count(b => purchases.Count > b);
        var m = 1 + policy.Monetary!.Count(b => spent > b);
        return (r, f, m, TierOf(policy.Preset, r, f, m, purchases.Count), last, purchases.Count, spent);
    }

    private string? Tier(PolicySpec policy, long t) => Score(policy, t).Tier;

    private static string? TierOf(string preset, int r, int f, int m, int purchases)
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

    private IEnumerable<object> Values(PlainEvent e, string of, long t)
    {
        if (of == "value")
            return AmountLeft(e, of, t) is { } left ? [left] : [];
        return e.Properties.TryGetValue(of, out var value) ? value as object[] ?? [value] : [];
    }

    private bool HoldsEvent(EventSpec leaf, long t)
    {
        var counted = events
            .Where(e => e.Name == leaf.Name && InWindow(e, leaf.Within, t) && t - e.Time >= leaf.Younger && !TakenBack(e, t))
            .Where(e => leaf.Where.All(predicate => Satisfies(e.Properties, predicate)))
            .ToList();
        if (leaf.Aggregate == "count")
            return Compare(counted.Count, leaf.Op, leaf.A, leaf.B);
        if (leaf.Aggregate == "distinct")
            return Compare(counted.SelectMany(e => Values(e, leaf.Of, t)).Distinct().Count(), leaf.Op, leaf.A, leaf.B);
        var amounts = counted.OrderBy(e => e.Time).ThenBy(e => e.Id, StringComparer.Ordinal).Select(e => AmountLeft(e, leaf.Of, t)).OfType<decimal>().ToList();
        if (leaf.Aggregate == "sum")
            return Compare(amounts.Sum(), leaf.Op, leaf.A, leaf.B);
        if (amounts.Count == 0)
            return false;
        return leaf.Aggregate switch
        {
            "avg" => Compare(amounts.Sum(), leaf.Op, leaf.A * amounts.Count, leaf.B * amounts.Count),
            "min" => Compare(amounts.Min(), leaf.Op, leaf.A, leaf.B),
            "first" => Compare(amounts[0], leaf.Op, leaf.A, leaf.B),
            "last" => Compare(amounts[^1], leaf.Op, leaf.A, leaf.B),
            _ => Compare(amounts.Max(), leaf.Op, leaf.A, leaf.B),
        };
    }

    private static bool Compare(decimal number, string op, decimal a, decimal b) => op switch
    {
        "eq" => number == a,
        "ne" => number != a,
        "gt" => number > a,
        "gte" => number >= a,
        "lt" => number < a,
        "lte" => number <= a,
        _ => number >= a && number <= b,
    };

    private static bool Satisfies(IReadOnlyDictionary<string, object> bag, PredicateSpec predicate)
    {
        var present = bag.TryGetValue(predicate.Property, out var value);
        if (predicate.Op == "exists")
            return present == (bool)predicate.Operands[0];
        if (!present || !SpeaksOf(predicate, value!))
            return predicate.IncludeMissing;
        return predicate.Op switch
        {
            "eq" or "in" => predicate.Operands.Any(o => Same(o, value!)),
            "ne" or "notIn" => !predicate.Operands.Any(o => Same(o, value!)),
            "contains" => value is string[] list ? list.Contains((string)predicate.Operands[0]) : Text(value!).Contains(Text(predicate.Operands[0])),
            "startsWith" => Text(value!).StartsWith(Text(predicate.Operands[0]), StringComparison.Ordinal),
            "endsWith" => Text(value!).EndsWith(Text(predicate.Operands[0]), StringComparison.Ordinal),
            "between" => Compare((decimal)value!, "between", (decimal)predicate.Operands[0], (decimal)predicate.Operands[1]),
            _ => Compare((decimal)value!, predicate.Op, (decimal)predicate.Operands[0], 0m),
        };
    }

    private static bool SpeaksOf(PredicateSpec predicate, object value) => predicate.Op switch
    {
        "eq" or "ne" or "in" or "notIn" => predicate.Operands.Any(o => o.GetType() == value.GetType()),
        "contains" => value is string or string[],
        "startsWith" or "endsWith" => value is string,
        _ => value is decimal,
    };

    private static string Text(object value) => (string)value;

    private static bool Same(object a, object b) => a is string[] x && b is string[] y ? x.SequenceEqual(y) : a.Equals(b);
}
