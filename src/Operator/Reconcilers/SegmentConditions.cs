using Kubernetes.Model;
using Segmentation.Operator.Workspaces;
using Segmentation.Resources;

namespace Segmentation.Operator.Reconcilers;

/// <summary>A Segment's conditions, as kstatus reads them: Ready, and, only while they hold, Reconciling, Stalled, Drifting and HistoryIncomplete.</summary>
internal static class SegmentConditions
{
    public const string Drifting = "Drifting";
    public const string HistoryIncomplete = "HistoryIncomplete";
    private const int MostProblemsShown = 5;

    /// <summary>Sets all but HistoryIncomplete.</summary>
    public static void Set(Segment entity, SegmentOutcome outcome, DateTimeOffset now)
    {
        var (ready, reason, message) = Ready(entity, outcome);
        var list = entity.Status.Conditions;
        var generation = outcome.Generation;
        Conditions.Set(list, Conditions.Ready, ready, reason, message, generation, now);
        Conditions.SetOnlyWhenTrue(list, outcome.Problems.Count == 0 && outcome.Building is not null && !entity.Spec.Suspend, Conditions.Reconciling, reason, message, generation, now);
        Conditions.SetOnlyWhenTrue(list, outcome.Problems.Count > 0, Conditions.Stalled, reason, message, generation, now);
        var limit = entity.Spec.Drift?.MaxChangePercent;
        var drift = entity.Status.DriftPercent;
        Conditions.SetOnlyWhenTrue(
            list, limit is not null && drift is not null && Math.Abs(drift.Value) > limit, Drifting, "MaxChangeExceeded",
            $"The member count changed by {drift} % within {entity.Spec.Drift?.Window}; {limit} % is allowed.", generation, now);
    }

    /// <summary>Sets HistoryIncomplete.</summary>
    /// <param name="missing">What the definition asks for and was forgotten; null for nothing.</param>
    public static void SetHistory(Segment entity, SegmentOutcome outcome, MissingEvents? missing, DateTimeOffset now) =>
        Conditions.SetOnlyWhenTrue(entity.Status.Conditions, missing is not null, HistoryIncomplete, "EventsForgotten", Message(missing), outcome.Generation, now);

    public static string Message(IReadOnlyList<SpecProblem> problems)
    {
        var shown = string.Join("; ", problems.Take(MostProblemsShown));
        return problems.Count > MostProblemsShown ? $"{shown}; and {problems.Count - MostProblemsShown} more" : shown;
    }

    private static string Message(MissingEvents? missing) => missing switch
    {
        null => "",
        { FromMs: Verdict.Never } =>
            $"{missing.EventName}: events before {Rfc3339.Format(missing.BeforeMs)} were forgotten before this asked for all of them. They are kept from now on: send them again, or give the condition a window.",
        _ =>
            $"{missing.EventName}: events before {Rfc3339.Format(missing.BeforeMs)} were forgotten before this asked for them. The members are exact from {Rfc3339.Format(missing.FromMs)} on; for sooner, send those events again.",
    };

    private static (string Status, string Reason, string Message) Ready(Segment entity, SegmentOutcome outcome)
    {
        if (outcome.Problems.Count > 0)
        {
            var kept = outcome.Serving is { } serving ? $" Revision {serving}, the last good one, keeps serving." : "";
            return (Conditions.False, outcome.Problems[0].Reason, Message(outcome.Problems) + "." + kept);
        }
        if (entity.Spec.Suspend)
        {
            return outcome.Serving is not null
                ? (Conditions.True, "Suspended", "Suspended: the members stay as they are.")
                : (Conditions.False, "Suspended", "Suspended before it was ever evaluated; set spec.suspend to false.");
        }
        var pending = outcome.Serving is null ? Conditions.False : Conditions.Unknown;
        if (outcome.WaitsForPolicy is { } policy)
            return (pending, "WaitingForRfmPolicy", $"Waiting for the first break points of RfmPolicy {policy}, and for its first attempt at a model if it predicts.");
        if (outcome.Building is not null || outcome.Serving is null)
            return (pending, "Backfilling", "Evaluating the definition for every profile.");
        return (Conditions.True, "Serving", "The members are current.");
    }
}
