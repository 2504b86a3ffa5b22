using Kubernetes.Controllers;
using Kubernetes.Events;
using Kubernetes.Model;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Workspaces;
using Segmentation.Resources;

namespace Segmentation.Operator.Reconcilers;

/// <summary>
/// Reports what became of a Segment. The work itself is done by <see cref="PlanWorker"/> and the partitions; both ask for a reconcile when there
/// is something new to report.
/// </summary>
[EntityRbac(typeof(Segment), Verbs = RbacVerb.Get | RbacVerb.List | RbacVerb.Watch | RbacVerb.Patch, StatusVerbs = RbacVerb.Patch)]
internal sealed class SegmentController(WorkspaceRegistry registry, EntityEvents events, BusinessClock clock, TimeProvider time) : IEntityController<Segment>
{
    // The 24-hour numbers fall by time alone; a segment that moved is looked at again this often until they are zero.
    private static readonly TimeSpan FlowRefresh = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PlanningWait = TimeSpan.FromSeconds(5);

    public Task<ReconciliationResult<Segment>> ReconcileAsync(Segment entity, CancellationToken cancellationToken)
    {
        var workspace = registry.Find(entity.Metadata.Namespace!);
        var outcome = workspace?.Segments.GetValueOrDefault(entity.Metadata.Name);
        if (workspace is null && registry.OtherShard(entity.Metadata.Namespace!) is { } shard)
            outcome = SegmentOutcome.Elsewhere(entity.Metadata.Generation, shard);
        if (outcome is null || outcome.Generation < entity.Metadata.Generation)
            return Task.FromResult(ReconciliationResult<Segment>.Success(entity, PlanningWait));

        var status = entity.Status;
        var wasStalled = Conditions.IsTrue(status.Conditions, Conditions.Stalled);
        var wasServing = status.ActiveRevision;
        status.ObservedGeneration = outcome.Generation;
        status.LastHandledReconcileAt = entity.Metadata.Annotations?.TryGetValue(SegmentationApi.ReconcileRequestedAnnotation, out var requested) == true ? requested : null;
        status.ActiveRevision = outcome.Serving;
        status.BackfillPercent = outcome.BuildingPassKey is { } key ? workspace!.Passes.Percent(key, outcome.BuildingPassId!) : null;
        var moving = Numbers(entity, workspace, outcome);
        var missing = workspace?.Compiled?.Segments.GetValueOrDefault(entity.Metadata.Name)?.Definition is { } definition ? workspace.MissingFor(definition.Dependencies) : null;
        SegmentConditions.Set(entity, outcome, time.GetUtcNow());

        // While a replica's share is not known, it keeps what it says.
        if (workspace?.HasNumbers != false) SegmentConditions.SetHistory(entity, outcome, missing, time.GetUtcNow());
        Tell(entity, outcome, wasStalled, wasServing);
        return Task.FromResult(ReconciliationResult<Segment>.Success(entity, outcome.Building is not null ? TimeSpan.FromSeconds(1) : moving || missing is not null ? FlowRefresh : null));
    }

    public Task<ReconciliationResult<Segment>> DeletedAsync(Segment entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult<Segment>.Success(entity));

    /// <returns>Whether the numbers will change by time alone.</returns>
    private bool Numbers(Segment entity, Workspace? workspace, SegmentOutcome outcome)
    {
        if (outcome.Serving is not { } revision || workspace?.HasNumbersOf(entity.Metadata.Name, revision) != true) return false;
        var status = entity.Status;
        var numbers = workspace.NumbersOf(entity.Metadata.Name, revision);
        var day = numbers.FlowWithin(SegmentNumbers.Day, clock.NowMs);
        status.MemberCount = numbers.Members;
        status.Entered24h = day.Entered;
        status.Left24h = day.Left;
        status.LastChange = numbers.LastChangeMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(numbers.LastChangeMs / 1000 * 1000);
        status.DriftPercent = Drift.Percent(numbers.Members, numbers.FlowWithin(Drift.WindowOf(entity.Spec), clock.NowMs));
        return day.Entered + day.Left > 0;
    }

    private void Tell(Segment entity, SegmentOutcome outcome, bool wasStalled, string? wasServing)
    {
        if (outcome.Problems.Count > 0 && !wasStalled)
            events.Publish(entity, EntityEventType.Warning, outcome.Problems[0].Reason, SegmentConditions.Message(outcome.Problems));
        if (outcome.Serving is not null && outcome.Serving != wasServing)
        {
            // Without the count of members, which would keep equal events apart and is a moment old.
            events.Publish(entity, EntityEventType.Normal, "RevisionServing", $"Revision {outcome.Serving} serves.");
        }
    }
}
