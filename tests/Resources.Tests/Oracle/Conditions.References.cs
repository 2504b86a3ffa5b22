using FsCheck;
using FsCheck.Fluent;
using Segmentation.Resources;

namespace Resources.Tests.Oracle;

internal static partial class Conditions
{
    public static readonly string[] Channels = ["email", "sms"];

    public static readonly string[] SegmentNames = ["buyers", "readers", "both"];

    public static readonly string[] ClassicTiers =
        ["champions", "loyal", "cannot-lose", "at-risk", "hibernating", "about-to-sleep", "need-attention", "potential-loyalist", "promising", "new"];

    public static readonly string[] LifecycleTiers = ["vip", "new", "one-time", "active", "at-risk", "churned"];

    public static readonly string[] ProfileIds = ["c-1", "c-2", "Zoë", "c-3 "];

    private static readonly string[] Points = ["52.52 13.405", "48.137 11.575", "40.7128 -74.006", "-33.8688 151.2093", "0 180", "0 -179.99", "90 0", "90.1 0", "0 -181"];

    private static Gen<ConditionSpec> Consent(Scene scene) =>
        from channel in Gen.Elements(Channels)
        from state in Gen.Elements(ConsentState.Subscribed, ConsentState.Subscribed, ConsentState.Unsubscribed, ConsentState.Never)
        from ages in scene.Ages
        from time in Gen.Choose(0, 3)
        select new ConditionSpec
        {
            Consent = new ConsentConditionSpec
            {
                Channel = channel,
                Is = state,
                For = time is 1 or 3 && state != ConsentState.Never ? ages[0] : null,
                Within = time is 2 or 3 && state != ConsentState.Never ? ages[1] : null,
            },
        };

    private static Gen<ConditionSpec> Suppression() =>
        from channel in Gen.Elements(Channels)
        from state in Gen.Elements(SuppressionState.Suppressed, SuppressionState.NotSuppressed)
        select new ConditionSpec { Suppression = new SuppressionConditionSpec { Channel = channel, Is = state } };

    /// <summary>Whether, and since when, the customer is in the segment.</summary>
    public static Gen<ConditionSpec> Membership(Scene scene, string name) =>
        from duration in scene.Duration
        from date in scene.Date
        from question in Gen.Choose(0, 4)
        select new ConditionSpec
        {
            Segment = new SegmentConditionSpec
            {
                Name = name,
                Is = question == 0 ? SegmentMembership.NotMember : SegmentMembership.Member,
                JoinedWithin = question == 2 ? duration : null,
                MemberFor = question == 3 ? duration : null,
                JoinedBefore = question == 4 ? date : null,
            },
        };

    private static Gen<ConditionSpec> Rfm(Scene scene) =>
        from classic in Gen.Elements(true, false)
        from tiers in Values.Some(Gen.Elements(classic ? ClassicTiers : LifecycleTiers), 6)
        from score in Comparison<ComparisonSpec>(Gen.Choose(1, 5).Select(n => (decimal)n))
        from combined in Comparison<ComparisonSpec>(Gen.Elements(1m, 1.33m, 1.67m, 2m, 2.33m, 3m))
        from duration in scene.Duration
        from question in Gen.Choose(0, 8)
        select new ConditionSpec
        {
            Rfm = new RfmConditionSpec
            {
                Policy = classic ? "classic" : "lifecycle",
                Tier = question < 2 ? tiers : null,
                WasTier = question == 2 ? tiers : null,
                Within = question == 2 ? duration : null,
                Recency = question == 3 ? score : null,
                Frequency = question == 4 ? score : null,
                Monetary = question == 5 ? score : null,
                Score = question > 5 ? combined : null,
            },
        };

    private static Gen<ConditionSpec> Prediction(Scene scene) =>
        from share in Comparison<ComparisonSpec>(Gen.Elements(0m, 0.5m, 1m))
        from duration in scene.Duration
        from question in Gen.Choose(0, 3)
        select new ConditionSpec
        {
            Prediction = new PredictionConditionSpec
            {
                Policy = "classic",
                ChurnProbability = question == 0 ? share : null,
                ExpectedPurchases = question == 1 ? share : null,
                PredictedValue = question == 2 ? share : null,
                ExpectedNextOrder = question == 3 ? new ExpectedNextOrderSpec { WithinNext = duration } : null,
            },
        };

    private static Gen<ConditionSpec> Place() => Gen.OneOf(
        Values.Some(Country).Select(names => new PlaceConditionSpec { Country = names }),
        Values.Some(Region).Select(names => new PlaceConditionSpec { Region = names }),
        Gen.Elements(CountryUnion.Eu, CountryUnion.Eea).Select(union => new PlaceConditionSpec { In = union }),
        from point in Point
        where IsOnEarth(point)
        from distance in Gen.Elements("10 km", "2km", "504.5 km", "313.5 mi", "6000 km", "20016 km", "0.5mi")
        select new PlaceConditionSpec { Near = new NearSpec { Latitude = point.Latitude, Longitude = point.Longitude, Distance = distance } })
        .Select(place => new ConditionSpec { Place = place });

    /// <summary>A name or code of a country, in some case of letters.</summary>
    public static Gen<string> Country { get; } =
        from country in Gen.Elements(BruteForce.Countries.ToArray())
        from name in Gen.Elements(country.Names)
        from spelling in Gen.Choose(0, 3)
        select spelling switch { 0 => name.ToLowerInvariant(), 1 => name.ToUpperInvariant(), _ => name };

    public static Gen<string> Region { get; } = Gen.Elements("Bavaria", "bavaria", "BAVARIA", "Île-de-France", "ÎLE-DE-FRANCE", "Tyrol");

    public static Gen<(decimal Latitude, decimal Longitude)> Point { get; } = Gen.Elements(Points).Select(text =>
    {
        var parts = text.Split(' ');
        return (Texts.Number(parts[0])!.Value, Texts.Number(parts[1])!.Value);
    });

    public static bool IsOnEarth((decimal Latitude, decimal Longitude) point) => Math.Abs(point.Latitude) <= 90 && Math.Abs(point.Longitude) <= 180;

    private static Gen<ConditionSpec> Sample() =>
        from salt in Gen.Elements("spring-2027", "a", "ü")
        from bounds in Gen.Elements((null, 50m), (0m, 33.33m), (50m, 100m), (10m, 90m), (99.99m, 100m), (null, 100m), ((decimal?)66.5m, 66.51m))
        select new ConditionSpec { Sample = new SampleConditionSpec { Salt = salt, From = bounds.Item1, To = bounds.Item2 } };

    private static Gen<ConditionSpec> Profiles() =>
        Values.Some(Gen.Elements([.. ProfileIds, "C-1"])).Select(ids => new ConditionSpec { Profiles = new ProfilesConditionSpec { Ids = ids } });
}
