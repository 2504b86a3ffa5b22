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
        if (outcome.Serving is { } revision)
        {
            status.ScoredProfiles = await calculator.CountAsync(workspace, entity.Metadata.Name, revision);
            var tiers = TiersOf(entity.Spec);
            var counts = await calculator.CountTiersAsync(workspace, entity.Metadata.Name, tiers);
            status.TierCounts = [.. tiers.Zip(counts, (tier, profiles) => new RfmTierCount { Tier = tier, Profiles = profiles })];
        }
        SetConditions(entity, outcome, time.GetUtcNow());
        if (outcome.Problems.Count > 0 && !wasStalled)
            events.Publish(entity, EntityEventType.Warning, outcome.Problems[0].Reason, SegmentConditions.Message(outcome.Problems));
        return ReconciliationResult<RfmPolicy>.Success(entity, Refresh);
    }

    public Task<ReconciliationResult<RfmPolicy>> DeletedAsync(RfmPolicy entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult<RfmPolicy>.Success(entity));

    private static IReadOnlyList<string> TiersOf(RfmPolicySpec spec) =>
        spec.Tiers.Preset == RfmTierPreset.Classic ? RfmTiers.Classic.Names : RfmTiers.Lifecycle.Names;

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
        var (ready, reason, message) = Ready(outcome);
        var list = entity.Status.Conditions;
        Conditions.Set(list, Conditions.Ready, ready, reason, message, outcome.Generation, now);
        Conditions.SetOnlyWhenTrue(list, outcome.Problems.Count == 0 && outcome.Building, Conditions.Reconciling, reason, message, outcome.Generation, now);
        Conditions.SetOnlyWhenTrue(list, outcome.Problems.Count > 0, Conditions.Stalled, reason, message, outcome.Generation, now);
    }

    private static (string Status, string Reason, string Message) Ready(PolicyOutcome outcome)
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
        return (Conditions.True, "Scored", "The scores are current.");
    }
}
