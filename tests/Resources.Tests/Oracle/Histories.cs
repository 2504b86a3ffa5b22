using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Resources.Tests.Oracle;

/// <summary>Random customers: what they did, and what is known of them.</summary>
internal static class Histories
{
    public static Gen<PlainProfile> Any(Scene scene) =>
        from id in Gen.Elements(Conditions.ProfileIds)
        from events in Events(scene)
        from properties in Properties(scene)
        from changes in Gen.Frequency((2, Gen.Constant<IReadOnlyList<PlainChange>>([])), (1, Changes(scene)))
        from consents in Gen.Frequency((1, Gen.Constant<IReadOnlyList<PlainConsent>>([])), (1, Consents(scene)))
        from suppressed in Gen.SubListOf(Conditions.Channels)
        from stays in Gen.Frequency((1, Gen.Constant<IReadOnlyDictionary<string, PlainStay>>(new Dictionary<string, PlainStay>())), (2, Stays(scene)))
        from tiers in Gen.Frequency((1, Gen.Constant<IReadOnlyDictionary<string, IReadOnlyList<PlainTier>>>(new Dictionary<string, IReadOnlyList<PlainTier>>())), (1, Tiers(scene)))
        select new PlainProfile
        {
            Id = id, Events = events, Properties = properties, Changes = changes, Consents = consents, Suppressed = suppressed, Stays = stays, Tiers = tiers,
        };

    // Mostly few; now and then more than a profile searches one by one.
    private static Gen<IReadOnlyList<PlainEvent>> Events(Scene scene) =>
        from count in Gen.Frequency((60, Gen.Choose(0, 12)), (1, Gen.Choose(49, 60)))
        from events in Event(scene, count).ArrayOf(count)
        select (IReadOnlyList<PlainEvent>)events
            .Select((e, i) => e with { Id = Name(i), Refunds = e.Refunds == Name(i) ? null : e.Refunds })
            .ToList();

    private static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"e{i}");

    // A refund may name an event of any kind, before it, after it, or unknown.
    private static Gen<PlainEvent> Event(Scene scene, int count) =>
        from name in Gen.Frequency((4, Gen.Constant("order")), (3, Gen.Constant("open")), (2, Gen.Constant("view")), (2, Gen.Constant("refund")))
        from at in scene.Instant
        from value in Gen.Frequency((1, Gen.Constant<decimal?>(null)), (4, Values.Number.Select(number => (decimal?)number)))
        from bag in Gen.Frequency((1, Gen.Constant<IReadOnlyDictionary<string, object>>(new Dictionary<string, object>())), (2, Values.Bag(scene)))
        from isLinked in Gen.Choose(0, name == "refund" ? 1 : 11)
        from link in Gen.Choose(0, count + 1)
        select new PlainEvent("", name, at, value, bag, isLinked == 0 ? Name(link) : null);

    private static Gen<IReadOnlyDictionary<string, object>> Properties(Scene scene) =>
        from bag in Values.Bag(scene)
        from country in Gen.Frequency((3, Conditions.Country.Select(text => (object)text)), (1, Values.Scalar))
        from region in Gen.Frequency((3, Conditions.Region.Select(text => (object)text)), (1, Values.Scalar))
        from point in Conditions.Point
        from present in Gen.Choose(0, 4).ArrayOf(4)
        select (IReadOnlyDictionary<string, object>)bag
            .Concat(new Dictionary<string, object>
            {
                ["country"] = country, ["region"] = region, ["latitude"] = point.Latitude, ["longitude"] = point.Longitude,
            }.Where((_, i) => present[i] > 0))
            .ToDictionary(value => value.Key, value => value.Value);

    // Now and then more of one property than are remembered.
    private static Gen<IReadOnlyList<PlainChange>> Changes(Scene scene) =>
        from count in Gen.Frequency((4, Gen.Choose(1, 4)), (1, Gen.Choose(12, 24)))
        from times in scene.Instant.ArrayOf(count)
        from few in Gen.Elements(true, false)
        from changes in Change(scene, few).ArrayOf(count)
        select (IReadOnlyList<PlainChange>)Ascending(times).Zip(changes, (at, change) => change with { At = at }).ToList();

    private static Gen<PlainChange> Change(Scene scene, bool onlyOne) =>
        from name in onlyOne ? Gen.Constant("p") : Gen.Elements("p", "q", "tags", "day")
        from value in Gen.Frequency(
            (1, Gen.Constant<object?>(null)),
            (4, name switch
            {
                "tags" => Values.List.Select(list => (object?)list),
                "day" => Values.DateOf(scene).Select(date => (object?)date),
                _ => Values.Scalar.Select(scalar => (object?)scalar),
            }))
        select new PlainChange(0, name, value);

    private static Gen<IReadOnlyList<PlainConsent>> Consents(Scene scene) =>
        from count in Gen.Choose(1, 4)
        from times in scene.Instant.ArrayOf(count)
        from channels in Gen.Elements(Conditions.Channels).ArrayOf(count)
        from words in Gen.Elements("subscribed", "unsubscribed").ArrayOf(count)
        select (IReadOnlyList<PlainConsent>)Ascending(times).Select((at, i) => new PlainConsent(at, channels[i], words[i])).ToList();

    private static Gen<IReadOnlyDictionary<string, PlainStay>> Stays(Scene scene) =>
        from names in Gen.SubListOf([.. Conditions.SegmentNames, Case.Name])
        from times in scene.Instant.ArrayOf(names.Count)
        from members in Gen.Elements(true, false).ArrayOf(names.Count)
        from before in Gen.Frequency((1, Gen.Constant<long?>(null)), (1, scene.DurationMs.Select(ms => (long?)ms))).ArrayOf(names.Count)
        select (IReadOnlyDictionary<string, PlainStay>)names
            .Select((name, i) => (name, Stay: new PlainStay(times[i], members[i], members[i] ? times[i] - before[i] : null)))
            .ToDictionary(stay => stay.name, stay => stay.Stay);

    // The last one is the present one; the others are left, each when the next one begins.
    private static Gen<IReadOnlyDictionary<string, IReadOnlyList<PlainTier>>> Tiers(Scene scene) =>
        from count in Gen.Choose(1, 3)
        from names in Gen.Shuffle(Conditions.ClassicTiers)
        from times in scene.Instant.ArrayOf(count)
        select (IReadOnlyDictionary<string, IReadOnlyList<PlainTier>>)new Dictionary<string, IReadOnlyList<PlainTier>>
        {
            ["classic"] = Ascending(times).Select((at, i) => (At: at, Index: i)).ToList() is var starts
                ? starts.Select(start => new PlainTier(names[start.Index], start.At, start.Index + 1 < starts.Count ? starts[start.Index + 1].At : null)).ToList()
                : [],
        };

    // No two at one instant.
    private static List<long> Ascending(IEnumerable<long> times) => times.Distinct().Order().ToList();
}
