using Microsoft.Extensions.Logging.Abstractions;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Tests.Partitions;
using Segmentation.Operator.Tests.Redis;
using Segmentation.Operator.Tests.Replicas;
using Segmentation.Operator.Workspaces;
using Segmentation.Resources;
using Xunit.Abstractions;

namespace Segmentation.Operator.Tests.Workspaces;

/// <summary>What a census says against counting every profile that was ever heard of.</summary>
[Collection(SharedRedis.Name)]
public sealed class RfmCensusTests(RedisServer redis, ITestOutputHelper output)
{
    private const int Partitions = 8;

    private static readonly RfmScoringSpec Thresholds = new()
    {
        Method = RfmScoringMethod.Thresholds, Scores = 3, Recency = ["1d", "4d"], Frequency = [1, 2], Monetary = [20m, 60m],
    };

    private static readonly RfmTiersSpec Tiers = new()
    {
        List = [new RfmTierSpec { Name = "rich", Monetary = new ComparisonSpec { Eq = 3 } }, new RfmTierSpec { Name = "fresh", Recency = new ComparisonSpec { Eq = 3 } }, new RfmTierSpec { Name = "others" }],
    };

    private static readonly Dictionary<string, RfmPolicySpec> Policies = new()
    {
        ["sums"] = Shop.Quantiles,
        ["averages"] = Shop.Quantiles with
        {
            Purchases = Shop.Quantiles.Purchases with { Monetary = RfmMonetaryMeasure.Average, Frequency = RfmFrequencyMeasure.Days }, Scoring = Thresholds, Tiers = Tiers,
        },
        ["held"] = Shop.Quantiles with { Scoring = Thresholds, Tiers = Tiers, Hysteresis = new RfmHysteresisSpec { MinDwell = "8d" } },
    };

    [Fact]
    public async Task A_census_finds_what_counting_every_profile_finds_whichever_replica_owns_it()
    {
        foreach (var seed in Seeds.Take(3))
        {
            output.WriteLine($"SEED={seed}");
            await using var shared = await SharedPlane.OpenAsync(redis.Configuration, Partitions, new DataPlaneOptions());
            var (plane, random) = (shared.Plane, new Random(seed));
            await shared.AddAsync();
            await shared.AddAsync();
            for (var number = 0; number < 3; number++) shared.Look(number);
            foreach (var (name, spec) in Policies) plane.Declare(name, spec);
            for (var step = 0; step < 4; step++)
            {
                for (var i = 0; i < 100; i++)
                {
                    plane.Time.Advance(random.Next(1, (int)(2 * History.HourMs)));
                    var name = random.Next(12) == 0 ? "refunded_order" : "placed_order";
                    await plane.AppendAsync(new CustomerEvent($"{step}-{i}", name, $"customer-{random.Next(60)}", plane.Clock.NowMs, random.Next(1, 9000) / 100m));
                }
                await shared.DrainAsync();
                foreach (var name in Policies.Keys) await ShouldAgreeAsync(plane, name, $"SEED={seed} step {step} {name}");
            }
        }
    }

    [Fact]
    public async Task A_census_that_finds_the_same_keeps_its_time_and_a_policy_that_is_gone_has_none()
    {
        await using var plane = await DataPlane.OpenAsync(redis.Configuration);
        plane.Declare("default", Policies["held"]);
        await plane.AppendAsync(new CustomerEvent("o", "placed_order", "ada", plane.Clock.NowMs, 30m));
        await plane.DrainAsync();
        var taker = Taker(plane);
        await taker.TakeDueAsync(plane.Workspace, CancellationToken.None);
        var first = plane.Workspace.Censuses["default"];
        first.Cells.ShouldBe([new RfmCensusCell(3, 1, 1, 30m, "fresh")]);
        first.RevenueByTier.ShouldBe(new Dictionary<string, decimal> { ["fresh"] = 30m });

        plane.Time.Advance(History.HourMs);
        (await TakeAsync(plane, "default")).After(first).ShouldBeSameAs(first);
        plane.Time.Advance(24 * History.HourMs);
        await plane.DrainAsync();
        var later = (await TakeAsync(plane, "default")).After(first);
        later.AtMs.ShouldBe(plane.Clock.NowMs);
        later.Cells.ShouldBe([new RfmCensusCell(2, 1, 1, 30m, "fresh")], "the digit has fallen, the tier is held");

        plane.Policies.Remove("default");
        plane.WantPlan();
        await plane.DrainAsync();
        await taker.TakeDueAsync(plane.Workspace, CancellationToken.None);
        plane.Workspace.Censuses.ShouldBeEmpty();
    }

    private static async Task ShouldAgreeAsync(DataPlane plane, string policy, string context)
    {
        var definition = Oracle.Compile(plane).Policies[policy].Definition!;
        var scores = Oracle.Replay(plane).Values.Select(profile => Score(profile, definition, plane.Clock.NowMs)).Where(score => score.HasScore).ToArray();
        scores.Length.ShouldBeGreaterThan(20, context);
        var cells = scores.GroupBy(score => (score.Recency, score.Frequency)).OrderBy(cell => cell.Key);
        var census = await TakeAsync(plane, policy);

        census.Cells.Select(cell => (cell.Recency, cell.Frequency, cell.Profiles, cell.Revenue)).ShouldBe(
            cells.Select(cell => (cell.Key.Recency, cell.Key.Frequency, (long)cell.Count(), cell.Sum(score => score.Spent))), context);
        census.RevenueByTier.Values.Sum().ShouldBe(scores.Sum(score => score.Spent), context);
        if (definition.Hysteresis is not null) return; // what is held does not follow from the purchases
        census.Cells.Select(cell => cell.Tier).ShouldBe(
            cells.Select(cell => definition.Tiers.Names.MaxBy(tier => cell.Count(score => score.Tier == tier))), context);
        census.RevenueByTier.OrderBy(tier => tier.Key).ShouldBe(
            scores.GroupBy(score => score.Tier!).OrderBy(tier => tier.Key).Select(tier => KeyValuePair.Create(tier.Key, tier.Sum(score => score.Spent))), context);
    }

    private static RfmCensusTaker Taker(DataPlane plane) => new(plane.Redis, plane.Clock, TimeProvider.System, NullLogger<RfmCensusTaker>.Instance);

    private static Task<RfmCensus> TakeAsync(DataPlane plane, string policy) => Taker(plane)
        .TakeAsync(plane.Workspace, plane.Workspace.Plan!.Policies.Single(p => p.IsServing && p.Name == policy), CancellationToken.None);

    private static RfmScore Score(Profile profile, RfmPolicyDefinition definition, long atMs)
    {
        var evaluation = new Evaluation();
        evaluation.Begin(profile, atMs);
        return evaluation.Score(definition);
    }
}
