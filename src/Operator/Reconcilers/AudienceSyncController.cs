using Kubernetes.Controllers;
using Kubernetes.Events;
using Kubernetes.Informers;
using Kubernetes.Model;
using Segmentation.Operator.Audiences;
using Segmentation.Resources;

namespace Segmentation.Operator.Reconcilers;

/// <summary>
/// Reports how an AudienceSync is doing. The deliveries are the work of <see cref="AudienceWorker"/>; its runners ask for a reconcile when there is
/// something new to report.
/// </summary>
[EntityRbac(typeof(AudienceSync), Verbs = RbacVerb.Get | RbacVerb.List | RbacVerb.Watch | RbacVerb.Patch, StatusVerbs = RbacVerb.Patch)]
[EntityRbac(typeof(V1Secret), Verbs = RbacVerb.Get)]
internal sealed class AudienceSyncController(AudienceRegistry registry, EntityStore<Segment> segments, EntityStore<RfmPolicy> policies, EntityEvents events, TimeProvider time)
    : IEntityController<AudienceSync>
{
    private static readonly TimeSpan StartWait = TimeSpan.FromSeconds(1);

    public Task<ReconciliationResult<AudienceSync>> ReconcileAsync(AudienceSync entity, CancellationToken cancellationToken)
    {
        var problems = AudienceSyncCompiler.Compile(entity.Spec).Problems;
        var runner = registry.Find(EntityKey.Of(entity));
        var state = runner?.Identity.Uid == entity.Metadata.Uid && runner?.State.Generation == entity.Metadata.Generation ? runner?.State : null;

        var status = entity.Status;
        var requested = entity.Metadata.Annotations?.TryGetValue(SegmentationApi.ReconcileRequestedAnnotation, out var value) == true ? value : null;
        if (requested is not null && requested != status.LastHandledReconcileAt) runner?.RetryNow();
        status.LastHandledReconcileAt = requested;
        status.ObservedGeneration = entity.Metadata.Generation;
        if (state is not null) Numbers(status, state);

        var before = Conditions.Find(status.Conditions, Conditions.Ready);
        var segmentExists = segments.Get(entity.Metadata.Namespace, entity.Spec.SegmentRef.Name) is { Metadata.DeletionTimestamp: null };
        var policyExists = entity.Spec.Include?.RfmPolicy is not { } policy || policies.Get(entity.Metadata.Namespace, policy) is { Metadata.DeletionTimestamp: null };
        AudienceSyncConditions.Set(entity, problems, state, segmentExists, policyExists, time.GetUtcNow());
        Tell(entity, before);
        var starting = state is null && problems.Count == 0 && !entity.Spec.Suspend;
        return Task.FromResult(ReconciliationResult<AudienceSync>.Success(entity, starting ? StartWait : null));
    }

    public Task<ReconciliationResult<AudienceSync>> DeletedAsync(AudienceSync entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult<AudienceSync>.Success(entity));

    private static void Numbers(AudienceSyncStatus status, AudienceState state)
    {
        status.LastSync = state.LastSyncMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(state.LastSyncMs / 1000 * 1000);
        status.Synced = state.Synced;
        status.Pending = state.Pending;
        status.FailedAttempts = state.FailedAttempts;
        status.LastError = state.LastError;
    }

    private void Tell(AudienceSync entity, Condition? before)
    {
        var after = Conditions.Find(entity.Status.Conditions, Conditions.Ready)!;
        if (after.Reason == before?.Reason) return;
        if (after.Reason == AudienceReasons.InSync && before is { Status: not Conditions.True })
            events.Publish(entity, EntityEventType.Normal, after.Reason, after.Message);
        else if (after.Status != Conditions.True && IsProblem(after.Reason))
            events.Publish(entity, EntityEventType.Warning, after.Reason, after.Message);
    }

    private static bool IsProblem(string reason) =>
        reason is not (AudienceReasons.Starting or AudienceReasons.Syncing or AudienceReasons.WaitingForSegment or AudienceReasons.WaitingForRfmPolicy);
}
