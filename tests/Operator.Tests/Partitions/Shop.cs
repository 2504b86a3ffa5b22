using Segmentation.Resources;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>Definitions that between them use every kind of condition, and both ways that time moves a member.</summary>
internal static class Shop
{
    public static IReadOnlyDictionary<string, SegmentSpec> Segments { get; } = new Dictionary<string, SegmentSpec>
    {
        ["frequent"] = Spec(Orders(within: "10d", count: new ComparisonSpec { Gte = 2 })),
        ["spenders"] = Spec(new ConditionSpec
        {
            Event = new EventConditionSpec
            {
                Name = "placed_order",
                Sum = new AggregateSpec { Gt = 100 },
                Within = "5d",
                Where = [new WhereSpec { Property = "channel", Ne = (ScalarValue)"marketplace", OnMissing = OnMissingProperty.Include }],
            },
        }),
        ["lapsed"] = Spec(new ConditionSpec { All = [Orders(), new ConditionSpec { None = [Orders(within: "3d")] }] }),
        ["never-ordered"] = Spec(Orders(count: new ComparisonSpec { Eq = 0 })),
        ["between-orders"] = Spec(Orders(within: "4d", count: new ComparisonSpec { Between = [1, 2] })),
        ["cheap-average"] = Spec(Aggregate(avg: new AggregateSpec { Lt = 40 })),
        ["dear-maximum"] = Spec(Aggregate(max: new AggregateSpec { Gte = 80 })),
        ["germans"] = Spec(new ConditionSpec { Property = new PropertyConditionSpec { Name = "country", In = ["DE", "AT"] } }),
        ["not-germans"] = Spec(new ConditionSpec { Property = new PropertyConditionSpec { Name = "country", Ne = (ScalarValue)"DE", OnMissing = OnMissingProperty.Include } }),
        ["settled-germans"] = Spec(new ConditionSpec { Property = new PropertyConditionSpec { Name = "country", In = ["DE", "AT"], For = "2d" } }),
        ["subscribed"] = Spec(new ConditionSpec
        {
            All =
            [
                new ConditionSpec { Consent = new ConsentConditionSpec { Channel = "email", For = "1d", Within = "6d" } },
                new ConditionSpec { Suppression = new SuppressionConditionSpec { Channel = "email", Is = SuppressionState.NotSuppressed } },
            ],
        }),
        ["never-asked"] = Spec(new ConditionSpec { Consent = new ConsentConditionSpec { Channel = "email", Is = ConsentState.Never } }),
        ["renewing"] = Spec(new ConditionSpec { Property = new PropertyConditionSpec { Name = "renewal", WithinNext = "36h" } }),
        ["silent-germans"] = Spec(new ConditionSpec
        {
            All =
            [
                new ConditionSpec { Segment = new SegmentConditionSpec { Name = "germans" } },
                new ConditionSpec { None = [new ConditionSpec { Event = new EventConditionSpec { Name = "opened_email", Within = "2d" } }] },
                new ConditionSpec { Segment = new SegmentConditionSpec { Name = "frequent", Is = SegmentMembership.NotMember } },
            ],
        }),
        ["best"] = Spec(new ConditionSpec
        {
            Any =
            [
                new ConditionSpec { Rfm = new RfmConditionSpec { Policy = "fixed", Tier = ["champions", "loyal"] } },
                new ConditionSpec { Property = new PropertyConditionSpec { Name = "visits", Gt = 7 } },
            ],
        }),
    };

    /// <summary>Those that ask of the past: when a profile entered others, what it did since entering, which tier it was in.</summary>
    public static IReadOnlyDictionary<string, SegmentSpec> AskingOfThePast { get; } = new Dictionary<string, SegmentSpec>
    {
        ["fresh"] = Spec(Member("frequent", new() { JoinedWithin = "2d" })),
        ["veterans"] = Spec(Member("frequent", new() { MemberFor = "3d" })),
        ["fresh-veterans"] = Spec(Member("veterans", new() { JoinedWithin = "36h" })),
        ["early"] = Spec(Member("lapsed", new() { JoinedBefore = "2025-03-12" })),
        ["welcome"] = Spec(new ConditionSpec { All = [Happened("opened_email"), new ConditionSpec { None = [SinceEntering("placed_order")] }] }),
        ["comes-and-goes"] = Spec(new ConditionSpec
        {
            All =
            [
                new ConditionSpec { Any = [Happened("opened_email", within: "1d"), SinceEntering("placed_order")] },
                new ConditionSpec { None = [Happened("odd:name%3A", within: "1d"), Member("germans", new())] },
            ],
        }),
        ["once-good"] = Spec(new ConditionSpec { Rfm = new RfmConditionSpec { Policy = "fixed", WasTier = ["champions", "loyal", "new"], Within = "4d" } }),
        ["recent"] = Spec(new ConditionSpec { Rfm = new RfmConditionSpec { Policy = "fixed", Recency = new ComparisonSpec { Gte = 3 } } }),
    };

    /// <summary>Named cut points, so that scores follow from a profile alone.</summary>
    public static IReadOnlyDictionary<string, RfmPolicySpec> Policies { get; } = new Dictionary<string, RfmPolicySpec>
    {
        ["fixed"] = new RfmPolicySpec
        {
            Purchases = new RfmPurchasesSpec { Event = "placed_order", RefundEvent = "refunded_order" },
            Window = "12d",
            Scoring = new RfmScoringSpec
            {
                Method = RfmScoringMethod.Thresholds,
                Recency = ["1d", "3d", "5d", "8d"],
                Frequency = [1, 2, 3, 4],
                Monetary = [20, 50, 100, 200],
            },
        },
    };

    public static RfmPolicySpec Quantiles { get; } = new()
    {
        Purchases = new RfmPurchasesSpec { Event = "placed_order", RefundEvent = "refunded_order" },
        Window = "12d",
    };

    public static SegmentSpec Spec(ConditionSpec match) => new() { Match = match };

    public static ConditionSpec Orders(string? within = null, ComparisonSpec? count = null) =>
        new() { Event = new EventConditionSpec { Name = "placed_order", Within = within, Count = count } };

    public static ConditionSpec Happened(string name, string? within = null) => new() { Event = new EventConditionSpec { Name = name, Within = within } };

    public static ConditionSpec SinceEntering(string name) => new() { Event = new EventConditionSpec { Name = name, SinceEntering = true } };

    public static ConditionSpec Member(string segment, SegmentConditionSpec asked) => new() { Segment = asked with { Name = segment } };

    private static ConditionSpec Aggregate(AggregateSpec? avg = null, AggregateSpec? max = null) =>
        new() { Event = new EventConditionSpec { Name = "placed_order", Avg = avg, Max = max, Within = "6d" } };
}
