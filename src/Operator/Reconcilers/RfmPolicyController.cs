using Kubernetes.Controllers;
using Kubernetes.Events;
using Kubernetes.Model;
using Segmentation.Operator.Workspaces;
using Segmentation.Resources;

namespace Segmentation.Operator.Reconcilers;

/// <summary>Reports what became of an RfmPolicy: break points, tiers and how many profiles are in each.</summary>
[EntityRbac(typeof(RfmPolicy), Verbs = RbacVerb.Get | RbacVerb.List | RbacVerb.Watch, StatusVerbs = RbacVerb.Patch)]
internal sealed class RfmPolicyController(WorkspaceRegistry registry, BreakPointCalculator calculator, EntityEvents events, TimeProvider time)
    : IEntityController<RfmPolicy>
{
    // Tier counts follow the purchases; the status follows the counts at this pace, and is written only when they differ.
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(15);

    public async Task<ReconciliationResult<RfmPolicy>> ReconcileAsync(RfmPolicy entity, CancellationToken cancellationToken)
    {
        var workspace = registry.Find(entity.Metadata.Namespace!);
        var outcome = workspace?.Policies.GetValueOrDefault(entity.Metadata.Name);
        if (workspace is null || outcome is null || outcome.Generation < entity.Metadata.Generation)
            return ReconciliationResult<RfmPolicy>.Success(entity, TimeSpan.FromSeconds(5));

        var status = entity.Status;
        var wasStalled = Conditions.IsTrue(status.Conditions, Conditions.Stalled);
        status.ObservedGeneration = outcome.Generation;
        status.LastHandledReconcileAt = entity.Metadata.Annotations?.TryGetValue(SegmentationApi.ReconcileRequestedAnnotation, out var requested) == true ? requested : null;
        BreakPoints(entity, outcome);
        status.Predictions = PredictionStatus.Of(outcome.Model);
        if (workspace.Plan?.Policies.FirstOrDefault(policy => policy.IsServing && policy.Name == entity.Metadata.Name) is { } serving)
        {
            status.ScoredProfiles = await calculator.CountAsync(workspace, serving.Name, serving.Revision);
            var tiers = serving.Definition.Tiers;
            var counts = await calculator.CountTiersAsync(workspace, serving.Name, tiers.Names);
            status.TierCounts = [.. tiers.Names.Zip(counts, (tier, profiles) => new RfmTierCount { Tier = tier, Profiles = profiles, Revenue = RevenueBefore(status, tier) })];
            if (serving.Definition.BreakPoints is null) status.Matrix = null;
            else if (workspace.Censuses.GetValueOrDefault(serving.Name) is { } census && census.PolicyKey == serving.Key) Show(census, tiers, status);
            var rescored = await calculator.CountRescoredAsync(workspace, serving);
            (status.Rescored, status.Moved) = (rescored.Rescored, rescored.Moved);
            status.TierOverlaps = entity.Spec.Tiers.List is null ? null : Overlaps(tiers);
        }
        SetConditions(entity, outcome, time.GetUtcNow());
        if (outcome.Problems.Count > 0 && !wasStalled)
            events.Publish(entity, EntityEventType.Warning, outcome.Problems[0].Reason, SegmentConditions.Message(outcome.Problems));
        return ReconciliationResult<RfmPolicy>.Success(entity, Refresh);
    }

    public Task<ReconciliationResult<RfmPolicy>> DeletedAsync(RfmPolicy entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult<RfmPolicy>.Success(entity));

    // A replica that has just begun to lead has not counted yet: what was counted before it stays.
    private static decimal? RevenueBefore(RfmPolicyStatus status, string tier) =>
        status.Matrix is null ? null : status.TierCounts?.FirstOrDefault(count => count.Tier == tier)?.Revenue;

    private static void Show(RfmCensus census, RfmTiers tiers, RfmPolicyStatus status)
    {
        status.Matrix = new RfmMatrixStatus
        {
            CountedAt = DateTimeOffset.FromUnixTimeMilliseconds(census.AtMs / 1000 * 1000),
            Scores = tiers.Scores,
            Profiles = census.Cells.Sum(cell => cell.Profiles),
            Revenue = Money(census.Cells.Sum(cell => cell.Revenue)),
            Cells = [.. census.Cells.Select(cell => new RfmMatrixCellStatus
            {
                Recency = cell.Recency, Frequency = cell.Frequency, Profiles = cell.Profiles, Revenue = Money(cell.Revenue), Tier = cell.Tier,
            })],
        };
        foreach (var count in status.TierCounts!) count.Revenue = Money(census.RevenueByTier.GetValueOrDefault(count.Tier));
    }

    private static decimal Money(decimal amount) => Math.Round(amount, 2, MidpointRounding.ToEven);

    private static List<RfmTierOverlapStatus>? Overlaps(RfmTiers tiers)
    {
        var overlaps = RfmTierCoverage.Of(tiers).Overlaps;
        return overlaps.Count == 0 ? null :
            [.. overlaps.Select(overlap => new RfmTierOverlapStatus { Tier = tiers.Names[overlap.Index], Combinations = overlap.Combinations, TakenBy = overlap.TakenBy })];
    }

    private static void BreakPoints(RfmPolicy entity, PolicyOutcome outcome)
    {
        var points = outcome.BreakPoints;
        var quantiles = entity.Spec.Scoring.Method == RfmScoringMethod.Quantiles;
        entity.Status.BreakPoints = points is null || points.Recency.Count == 0
            ? null
            : new RfmBreakPointsStatus { Recency = [.. points.Recency.Select(DurationText.Format)], Frequency = points.Frequency, Monetary = points.Monetary };
        entity.Status.LastScored = points is null || !quantiles ? null : DateTimeOffset.FromUnixTimeMilliseconds(points.ComputedAtMs / 1000 * 1000);
        entity.Status.NextRecompute = entity.Status.LastScored is { } last && !entity.Spec.Suspend
            && DurationText.TryParse(entity.Spec.Scoring.RecomputeEvery ?? RfmScoringSpec.DefaultRecomputeEvery, out var everyMs, out _)
            ? last.AddMilliseconds(everyMs)
            : null;
    }

    private static void SetConditions(RfmPolicy entity, PolicyOutcome outcome, DateTimeOffset now)
    {
        PredictionStatus.SetCondition(entity.Status.Conditions, entity.Spec.Predictions, outcome.Model, outcome.Generation, now);
        var (ready, reason, message) = Ready(outcome, entity.Spec.Scoring);
        var list = entity.Status.Conditions;
        Conditions.Set(list, Conditions.Ready, ready, reason, message, outcome.Generation, now);
        Conditions.SetOnlyWhenTrue(list, outcome.Problems.Count == 0 && outcome.Building, Conditions.Reconciling, reason, message, outcome.Generation, now);
        Conditions.SetOnlyWhenTrue(list, outcome.Problems.Count > 0, Conditions.Stalled, reason, message, outcome.Generation, now);
    }

    private static (string Status, string Reason, string Message) Ready(PolicyOutcome outcome, RfmScoringSpec scoring)
    {
        if (outcome.Problems.Count > 0)
        {
            var kept = outcome.Serving is null ? "" : " The last good policy keeps scoring.";
            return (Conditions.False, outcome.Problems[0].Reason, SegmentConditions.Message(outcome.Problems) + "." + kept);
        }
        if (outcome.Building || outcome.Serving is null)
            return (outcome.Serving is null ? Conditions.False : Conditions.Unknown, "GatheringDimensions", "Gathering the purchases of every profile.");
        if (outcome.BreakPoints is null or { Recency.Count: 0 })
            return (Conditions.True, "NoPurchases", "No profile has a purchase in the window yet; scores begin soon after the first ones.");
        if (scoring.Method == RfmScoringMethod.Quantiles && outcome.BreakPoints.Profiles < scoring.Scores)
        {
            return (
                Conditions.True, "InsufficientData",
                $"{outcome.BreakPoints.Profiles} customers have a purchase in the window; quantiles need {scoring.Scores} to tell {scoring.Scores} scores apart.");
        }
        return (Conditions.True, "Scored", "The scores are current.");
    }
}
