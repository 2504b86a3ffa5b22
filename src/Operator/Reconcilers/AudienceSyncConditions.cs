using Kubernetes.Model;
using Segmentation.Operator.Audiences;
using Segmentation.Resources;

namespace Segmentation.Operator.Reconcilers;

/// <summary>
/// An AudienceSync's conditions, as kstatus reads them. Stalled only when no progress is possible without a change of the spec; whatever may mend
/// itself, such as a destination that does not answer or a Secret that is missing, is Reconciling.
/// </summary>
internal static class AudienceSyncConditions
{
    /// <param name="state">Null when it is not followed.</param>
    /// <param name="policyExists">Whether the RfmPolicy exists that it includes; true when it includes none.</param>
    public static void Set(AudienceSync entity, IReadOnlyList<SpecProblem> problems, AudienceState? state, bool segmentExists, bool policyExists, DateTimeOffset now)
    {
        var (ready, progress, reason, message) = Judge(entity.Spec, problems, state, segmentExists, policyExists);
        var list = entity.Status.Conditions;
        var generation = entity.Metadata.Generation;
        Conditions.Set(list, Conditions.Ready, ready ? Conditions.True : Conditions.False, reason, message, generation, now);
        Conditions.SetOnlyWhenTrue(list, progress == Progress.Reconciling, Conditions.Reconciling, reason, message, generation, now);
        Conditions.SetOnlyWhenTrue(list, progress == Progress.Stalled, Conditions.Stalled, reason, message, generation, now);
    }

    private static (bool Ready, Progress Progress, string Reason, string Message) Judge(
        AudienceSyncSpec spec, IReadOnlyList<SpecProblem> problems, AudienceState? state, bool segmentExists, bool policyExists)
    {
        if (problems.Count > 0) return (false, Progress.Stalled, problems[0].Reason, SegmentConditions.Message(problems) + ".");
        if (spec.Suspend) return (true, Progress.None, AudienceReasons.Suspended, "Deliveries are held back by spec.suspend; changes wait.");
        if (state is null) return (false, Progress.Reconciling, AudienceReasons.Starting, "Starting.");
        if (state.Reason is { } reason && (policyExists || reason != AudienceReasons.WaitingForRfmPolicy))
        {
            var stalled = state.Phase == AudiencePhase.Stopped;
            return (false, stalled ? Progress.Stalled : Progress.Reconciling, reason, Sentence(state, stalled));
        }
        if (!segmentExists)
        {
            return (false, Progress.Reconciling, AudienceReasons.SegmentNotFound,
                $"Segment {spec.SegmentRef.Name} does not exist in this namespace; deliveries begin, or go on, when it does.");
        }
        if (!policyExists)
        {
            return (false, Progress.Reconciling, AudienceReasons.RfmPolicyNotFound,
                $"spec.include.rfmPolicy: RfmPolicy {spec.Include!.RfmPolicy} does not exist in this namespace; changes wait until it does, or is not included any more.");
        }
        return state.Phase switch
        {
            AudiencePhase.Starting => (false, Progress.Reconciling, AudienceReasons.Starting, "Starting."),
            AudiencePhase.WaitingForSegment => (false, Progress.Reconciling, AudienceReasons.WaitingForSegment,
                $"Segment {spec.SegmentRef.Name} has not been evaluated for every profile yet."),
            AudiencePhase.InitialSync => (false, Progress.Reconciling, AudienceReasons.Syncing, "Telling the members there are."),
            _ when state.Pending > 0 => (true, Progress.None, AudienceReasons.Syncing, "Changes are being delivered."),
            _ => (true, Progress.None, AudienceReasons.InSync, "The destination has every change."),
        };
    }

    private static string Sentence(AudienceState state, bool stalled) => stalled || state.FailedAttempts == 0
        ? state.Message!
        : $"{state.Message}; {state.FailedAttempts} {(state.FailedAttempts == 1 ? "attempt" : "attempts")} failed, and it is tried again.";

    private enum Progress
    {
        None,
        Reconciling,
        Stalled,
    }
}
