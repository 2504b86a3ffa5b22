namespace Segmentation.Tests.Oracle;

/// <summary>
/// Random histories and rules from one seed. Times lie on a coarse grid with few points, so that events coincide with one another and with
/// the bounds of windows; names, values and operands come from small sets for the same reason.
/// </summary>
public sealed class RandomWorld
{
    private static readonly string[] Names = ["order", "refund", "open"];
    private static readonly string[] Operators = ["eq", "ne", "gt", "gte", "lt", "lte", "between"];
    private static readonly decimal[] Amounts = [0m, 0.1m, 0.2m, 0.3m, 1m, 1.00m, 2.5m, 10m, -1m];
    private static readonly string[] Texts = ["", "a", "ab", "b", "5"];

    private readonly Random random;
    private readonly long start;
    private readonly long step;

    public RandomWorld(int seed)
    {
        random = new Random(seed);
        step = Pick(1L, 1_000L, 86_400_000L);
        start = 900_000_000_000L + random.Next(3);
    }

    public long Instant() => start + step * random.Next(-2, 45) + random.Next(-1, 2);

    /// <summary>Distinct events; refunds among them name events before, after and beyond the history.</summary>
    public List<PlainEvent> History()
    {
        // Now and then more than a profile scans for an id.
        var count = random.Next(100) == 0 ? random.Next(49, 70) : random.Next(0, 13);
        var events = new List<PlainEvent>(count);
        for (var i = 0; i < count; i++)
        {
            var name = Pick(Names);
            var link = random.Next(name == "refund" ? 2 : 12) == 0 ? $"e{random.Next(count + 2)}" : null;
            decimal? value = random.Next(5) == 0 ? null : Pick(Amounts);
            events.Add(new PlainEvent($"e{i}", name, start + step * random.Next(0, 40), value, Properties(), link == $"e{i}" ? null : link));
        }

        return events;
    }

    /// <summary>Any order, some events twice; the same for the same seed.</summary>
    public static List<PlainEvent> Deliver(IReadOnlyList<PlainEvent> events, int seed)
    {
        var shuffle = new Random(seed);
        var delivered = events.Concat(events.Where(_ => shuffle.Next(4) == 0)).ToArray();
        shuffle.Shuffle(delivered);
        return [.. delivered];
    }

    public Dictionary<string, object> Properties()
    {
        var bag = new Dictionary<string, object>();
        foreach (var name in (string[])["p", "q"])
        {
            if (random.Next(3) > 0)
                bag.Add(name, Value());
        }

        return bag;
    }

    public Spec Rule(int depth = 3) => depth > 0 && random.Next(3) > 0 ? Group(depth) : Leaf(depth);

    public EventSpec Event()
    {
        var aggregate = Pick("count", "count", "sum", "avg", "min", "max", "distinct", "distinct", "first", "last");
        var op = Pick(Operators);
        var a = aggregate is "count" or "distinct" ? random.Next(-1, 6) + (random.Next(8) == 0 ? 0.5m : 0m) : Pick(Amounts) + (random.Next(4) == 0 ? 0.1m : 0m);
        var b = a + random.Next(0, 3);
        var window = Window();
        var younger = window > 1 && random.Next(4) == 0 ? Math.Min(window.Value - 1, step * random.Next(0, 20) + random.Next(2)) : 0;
        return new EventSpec(
            Pick(Names), random.Next(3) == 0 ? [Predicate()] : [], aggregate, Pick("value", "value", "p"), op, a, b, window, younger);
    }

    public PolicySpec Policy()
    {
        var known = random.Next(6) > 0;
        return new PolicySpec(
            "order",
            Pick("value", "value", "p"),
            Pick("refund", null),
            step * random.Next(1, 40) + random.Next(2),
            known ? Ascending(() => step * random.Next(0, 30) + random.Next(2)) : null,
            known ? Ascending(() => (long)random.Next(0, 6)) : null,
            known ? Ascending(() => Pick(Amounts) * random.Next(1, 4)) : null,
            Pick("classic", "lifecycle"));
    }

    private GroupSpec Group(int depth) =>
        new(Pick("all", "any", "none"), Enumerable.Range(0, random.Next(1, 4)).Select(_ => Rule(depth - 1)).ToList());

    private Spec Leaf(int depth) => random.Next(10) switch
    {
        0 => new PropertySpec(Predicate()),
        1 when depth > 0 => new SegmentSpec("other", Rule(depth - 1), random.Next(2) == 0),
        2 or 3 => new RfmSpec(Policy(), [Pick("loyal", "hibernating")]) is var rfm && rfm.Policy.Preset == "classic"
            ? rfm with { Tiers = Some("champions", "loyal", "new", "hibernating", "at-risk", "about-to-sleep") }
            : rfm with { Tiers = Some("vip", "active", "new", "at-risk", "churned", "one-time") },
        _ => Event(),
    };

    private PredicateSpec Predicate()
    {
        var op = Pick("eq", "ne", "in", "notIn", "gt", "gte", "lt", "lte", "between", "contains", "startsWith", "endsWith", "exists");
        IReadOnlyList<object> operands = op switch
        {
            "eq" or "ne" => [Value()],
            "in" or "notIn" => [Scalar(), Scalar()],
            "between" => [0.2m, 2.5m],
            "contains" or "startsWith" or "endsWith" => [Pick(Texts)],
            "exists" => [random.Next(2) == 0],
            _ => [Pick(Amounts)],
        };
        return new PredicateSpec(Pick("p", "q"), op, operands, op != "exists" && random.Next(3) == 0);
    }

    private object Value() => random.Next(5) == 0 ? Some("a", "b", "5").ToArray() : Scalar();

    private object Scalar() => random.Next(3) switch
    {
        0 => Pick(Texts),
        1 => Pick(Amounts),
        _ => random.Next(2) == 0,
    };

    private long? Window() => random.Next(4) == 0 ? null : Math.Max(1, step * random.Next(0, 30) + random.Next(-1, 2));

    private List<string> Some(params string[] from)
    {
        var some = from.Where(_ => random.Next(2) == 0).ToList();
        return some.Count == 0 ? [from[0]] : some;
    }

    private static List<T> Ascending<T>(Func<T> next) => Enumerable.Range(0, 4).Select(_ => next()).Order().ToList();

    private T Pick<T>(params T[] from) => from[random.Next(from.Length)];
}
