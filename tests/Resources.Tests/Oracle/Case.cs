using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Segmentation.Resources;

namespace Resources.Tests.Oracle;

/// <summary>A segment, what it refers to, a customer, and an instant to begin at.</summary>
/// <param name="Workspace">With the segment <see cref="Name"/>, which is asked about.</param>
/// <param name="Profile">The customer.</param>
/// <param name="Now">From here on; not before what is known of the customer, events aside.</param>
/// <param name="Seed">Decides the order of arrival and which instants are tried.</param>
public sealed record Case(PlainWorkspace Workspace, PlainProfile Profile, long Now, int Seed)
{
    public const string Name = "it";

    public static Gen<Case> Any { get; } =
        from scene in Scene.Any
        from levels in Gen.Elements(0, 0, 1, 2, 3)
        from match in Conditions.Tree(scene, levels)
        from others in Others(scene)
        from policies in Policies(scene)
        from profile in Histories.Any(scene)
        from now in scene.Instant
        from seed in Gen.Choose(0, int.MaxValue)
        select new Case(
            new PlainWorkspace(new Dictionary<string, SegmentSpec>(others) { [Name] = Spec(scene, match) }, policies).UsedBy(Name),
            profile,
            Math.Max(now, profile.KnownFrom),
            seed);

    public SegmentSpec It => Workspace.Segments[Name];

    /// <summary>The same case with another condition.</summary>
    public Case With(ConditionSpec match) =>
        this with
        {
            Workspace = (Workspace with { Segments = new Dictionary<string, SegmentSpec>(Workspace.Segments) { [Name] = It with { Match = match } } }).UsedBy(Name),
        };

    public override string ToString()
    {
        var segments = Workspace.Segments.Select(segment =>
            $"{segment.Key}, {segment.Value.TimeZone}, weeks start on {segment.Value.WeekStartsOn}: {Text(segment.Value.Match)}");
        var policies = Workspace.Policies.Select(policy => $"{policy.Key}: {JsonSerializer.Serialize(policy.Value, ResourcesJson.Default.RfmPolicySpec)}");
        return string.Join("\n", segments.Concat(policies).Append(Profile.ToString()).Append($"from {Now}, order {Seed}"));
    }

    private static string Text(ConditionSpec condition) => JsonSerializer.Serialize(condition, ResourcesJson.Default.ConditionSpec);

    private static SegmentSpec Spec(Scene scene, ConditionSpec match) => new() { TimeZone = scene.Zone, WeekStartsOn = scene.WeekStartsOn, Match = match };

    // Segments to refer to: two plain ones, in places of their own, and one that refers to both.
    private static Gen<IReadOnlyDictionary<string, SegmentSpec>> Others(Scene scene) =>
        from elsewhere in Gen.OneOf(Gen.Constant(scene), Scene.Any)
        from buyers in Conditions.Referred(scene)
        from readers in Conditions.Referred(scene)
        from joined in Conditions.Membership(scene, "buyers")
        from other in Conditions.Membership(scene, "readers")
        select (IReadOnlyDictionary<string, SegmentSpec>)new Dictionary<string, SegmentSpec>
        {
            ["buyers"] = Spec(scene, buyers),
            ["readers"] = Spec(elsewhere, readers),
            ["both"] = Spec(scene, new ConditionSpec { All = [joined, new ConditionSpec { Any = [other, joined] }] }),
        };

    private static Gen<IReadOnlyDictionary<string, RfmPolicySpec>> Policies(Scene scene) =>
        from classic in Policy(scene, RfmTierPreset.Classic)
        from lifecycle in Policy(scene, RfmTierPreset.Lifecycle)
        select (IReadOnlyDictionary<string, RfmPolicySpec>)new Dictionary<string, RfmPolicySpec> { ["classic"] = classic, ["lifecycle"] = lifecycle };

    private static Gen<RfmPolicySpec> Policy(Scene scene, RfmTierPreset preset) =>
        from window in scene.DurationMs
        from ages in scene.DurationMs.Select(age => Math.Max(1, age / 4)).ArrayOf(4)
        from amount in Gen.Elements("value", "value", "p")
        from refunds in Gen.Elements("refund", null)
        from frequency in Gen.Elements(new[] { 1L, 2, 3, 4 }, [1, 2, 4, 9])
        from monetary in Gen.Elements(new[] { 0m, 1m, 5m, 20m }, [0.1m, 0.3m, 1m, 2.5m])
        from count in Gen.Elements(RfmFrequencyMeasure.Purchases, RfmFrequencyMeasure.Days)
        from value in Gen.Elements(RfmMonetaryMeasure.Sum, RfmMonetaryMeasure.Average)
        from zeros in Gen.Elements(true, false)
        from weights in Gen.Elements(null, new RfmWeightsSpec(), new RfmWeightsSpec { Recency = 3, Frequency = 0, Monetary = 4 })
        select new RfmPolicySpec
        {
            Purchases = new RfmPurchasesSpec { Event = "order", Amount = amount, RefundEvent = refunds, Frequency = count, Monetary = value, ExcludeZeroValue = zeros },
            Window = Texts.Duration(window),
            Scoring = new RfmScoringSpec
            {
                Method = RfmScoringMethod.Thresholds,
                Recency = ages.Select((_, i) => Texts.Duration(ages.Take(i + 1).Sum())).ToList(),
                Frequency = frequency,
                Monetary = monetary,
                Weights = weights,
            },
            Tiers = new RfmTiersSpec { Preset = preset },
        };
}
