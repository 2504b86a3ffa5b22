namespace Segmentation.Tests.Oracle;

/// <summary>
/// Random histories and policies from one seed. Times lie on a coarse grid with few points, so that events coincide with one another and with
/// the bounds of windows; names and values come from small sets for the same reason.
/// </summary>
public sealed class RandomWorld
{
    private static readonly string[] Names = ["order", "refund", "open"];
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

    private Dictionary<string, object> Properties()
    {
        var bag = new Dictionary<string, object>();
        foreach (var name in (string[])["p", "q"])
        {
            if (random.Next(3) > 0)
                bag.Add(name, Value());
        }

        return bag;
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
            Pick("classic", "lifecycle"),
            Days: random.Next(3) == 0,
            Average: random.Next(3) == 0,
            NoZeros: random.Next(3) == 0);
    }

    private object Value() => random.Next(5) == 0 ? Some("a", "b", "5").ToArray() : Scalar();

    private object Scalar() => random.Next(3) switch
    {
        0 => Pick(Texts),
        1 => Pick(Amounts),
        _ => random.Next(2) == 0,
    };

    private List<string> Some(params string[] from)
    {
        var some = from.Where(_ => random.Next(2) == 0).ToList();
        return some.Count == 0 ? [from[0]] : some;
    }

    private static List<T> Ascending<T>(Func<T> next) => Enumerable.Range(0, 4).Select(_ => next()).Order().ToList();

    private T Pick<T>(params T[] from) => from[random.Next(from.Length)];
}
