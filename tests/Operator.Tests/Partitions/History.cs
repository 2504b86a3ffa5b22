using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>What happens at random to some profiles: the same seed and shape give the same history.</summary>
internal sealed class History(int seed, HistoryShape shape)
{
    public const long HourMs = 3_600_000;

    // Ids with what keys, cursors and byte orders could trip over.
    private static readonly string[] OddIds = ["a:b", "a", "{x}", "ü", "\U0001D4B3z", "\uFF21", "a b", "%3A", "profile:1", "members:x@y"];
    private static readonly string[] Countries = ["DE", "AT", "FR", ""];

    private readonly Random _random = new(seed);
    private readonly List<CustomerEvent> _past = [];
    private readonly HashSet<string> _merged = [];
    private int _number;

    public Random Random => _random;

    /// <summary>Appends one request's worth, or moves the clock.</summary>
    public async Task StepAsync(DataPlane plane)
    {
        switch (_random.Next(100))
        {
            case < 60:
                await plane.AppendAsync([.. Enumerable.Range(0, _random.Next(1, 1 + shape.EventsPerRequest)).Select(_ => NextEvent(plane.Clock.NowMs))]);
                break;
            case < 72:
                await plane.AppendAsync(NextChange(plane.Clock.NowMs));
                break;
            case < 76:
                await plane.EraseAsync(NextProfile());
                break;
            default:
                plane.Time.Advance(_random.Next(3) == 0 ? _random.Next(1, 5) : _random.NextInt64(1, shape.LongestWaitMs));
                break;
        }
    }

    public CustomerEvent NextEvent(long nowMs)
    {
        if (_past.Count > 0 && _random.NextDouble() < shape.Duplicates)
        {
            // The same id again, now and then with another content: it still counts once.
            var again = _past[_random.Next(_past.Count)];
            return _random.Next(2) == 0 || !shape.DuplicatesMove ? again : again with { Value = 999, OccurredAtMs = nowMs };
        }
        var profile = NextProfile();
        var occurredAtMs = nowMs - (_random.NextDouble() < shape.Late ? _random.NextInt64(0, 12 * 24 * HourMs) : 0);
        if (_random.NextDouble() < shape.Future) occurredAtMs = nowMs + _random.NextInt64(1, 24 * HourMs);
        if (_random.Next(8) == 0) occurredAtMs = occurredAtMs / HourMs * HourMs; // several at one instant
        var id = $"e{_number++}";
        var e = _random.Next(10) switch
        {
            < 6 => new CustomerEvent(id, "placed_order", profile, occurredAtMs, _random.Next(1, 9000) / 100m, Channel()),
            < 8 => new CustomerEvent(id, "opened_email", profile, occurredAtMs),
            8 => new CustomerEvent(id, "odd:name%3A", profile, occurredAtMs, Properties: Channel()),
            _ => Refund(id, profile, occurredAtMs),
        };
        _past.Add(e);
        return e;
    }

    // Of an order that came, or of one that comes later: the next ids are known in advance.
    private CustomerEvent Refund(string id, string profile, long occurredAtMs)
    {
        var orders = _past.Where(e => e.Name == "placed_order").ToArray();
        var amount = _random.Next(3) == 0 ? (decimal?)null : _random.Next(1, 5000) / 100m;
        if (_random.Next(3) == 0 || orders.Length == 0)
            return new CustomerEvent(id, "refunded_order", profile, occurredAtMs, amount, Refunds: $"e{_number + _random.Next(1, 6)}");
        var order = orders[_random.Next(orders.Length)];
        return new CustomerEvent(id, "refunded_order", order.ProfileId, occurredAtMs, amount, Refunds: _random.Next(6) == 0 ? null : order.Id);
    }

    /// <summary>Consent as it was since an instant of its own: the same whatever comes before or after it.</summary>
    public ProfileChange NextStatement(long nowMs)
    {
        var status = _random.Next(2) == 0 ? ProfileFacts.Subscribed : ProfileFacts.Unsubscribed;
        var fact = new FactStatement(ProfileFacts.Consent("email"), status, nowMs - (8 * 24 * HourMs) + _number++);
        return new ProfileChange(NextProfile(), PropertyBag.Empty, Merge: true, [], [fact]);
    }

    /// <summary>Of a profile that was not merged before, into any other; null when it was.</summary>
    public ProfileMerge? NextMerge()
    {
        var id = NextProfile();
        var into = NextProfile();
        return id != into && _merged.Add(id) ? new ProfileMerge(id, into) : null;
    }

    public ProfileChange NextChange(long nowMs)
    {
        if (_random.Next(3) == 0) return new ProfileChange(NextProfile(), PropertyBag.Empty, Merge: true, [], [NextFact(nowMs)]);
        var properties = PropertyBag.Of(
            ("country", Countries[_random.Next(Countries.Length)]),
            ("visits", _random.Next(12)),
            ("renewal", Rfc3339.Format(nowMs + (_random.Next(-2, 5) * 24 * HourMs))));
        if (_random.Next(3) > 0) properties = properties.Only(new HashSet<string> { _random.Next(2) == 0 ? "country" : "visits", "renewal" });
        var merge = _random.Next(3) > 0;
        return new ProfileChange(NextProfile(), properties, merge, merge && _random.Next(3) == 0 ? ["country", "unknown"] : []);
    }

    private FactStatement NextFact(long nowMs)
    {
        long? sinceMs = _random.Next(2) == 0 ? null : nowMs - _random.NextInt64(0, 8 * 24 * HourMs);
        return _random.Next(8) switch
        {
            0 => new FactStatement(ProfileFacts.Suppression("email"), _random.Next(3) == 0, null),
            1 => new FactStatement(ProfileFacts.Consent("email"), null, null),
            2 or 3 => new FactStatement(ProfileFacts.Consent("email"), ProfileFacts.Unsubscribed, sinceMs),
            _ => new FactStatement(ProfileFacts.Consent("email"), ProfileFacts.Subscribed, sinceMs),
        };
    }

    private PropertyBag? Channel() => _random.Next(3) switch
    {
        0 => null,
        1 => PropertyBag.Of(("channel", "marketplace")),
        _ => PropertyBag.Of(("channel", "web\t\"shop\"\n"), ("items", 2.50m)),
    };

    public string NextProfile()
    {
        var n = _random.Next(shape.Profiles);
        return n < OddIds.Length ? OddIds[n] : $"customer-{n}";
    }
}

/// <summary>How a history is made up.</summary>
internal sealed record HistoryShape(
    int Profiles = 24, int EventsPerRequest = 3, double Duplicates = 0.1, double Late = 0.4, double Future = 0.15, long LongestWaitMs = 30 * History.HourMs,
    bool DuplicatesMove = true);
