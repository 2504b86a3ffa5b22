using Kubernetes.Model;

namespace Segmentation.Resources;

/// <summary>What the operator observed about an audience. Written by the operator alone.</summary>
[Description("What the operator observed; written by the operator alone.")]
public sealed record AudienceSyncStatus
{
    [Description("The metadata.generation that this status speaks of; -1 before the first look.")]
    [Default("-1")]
    public long ObservedGeneration { get; set; } = -1;

    [Description("When the destination last accepted a batch.")]
    public DateTimeOffset? LastSync { get; set; }

    [Description("How many changes the destination has accepted.")]
    [RangeMinimum(0)]
    public long? Synced { get; set; }

    [Description("How many changes wait.")]
    [RangeMinimum(0)]
    public long? Pending { get; set; }

    [Description("How many attempts have failed since the last success.")]
    [RangeMinimum(0)]
    public long? FailedAttempts { get; set; }

    [Description("What the last failed attempt answered; never the content or the secret.")]
    [Length(1024)]
    public string? LastError { get; set; }

    [Description("The last value of the annotation segmentation.dev/reconcile-requested-at that was acted on.")]
    [Length(256)]
    public string? LastHandledReconcileAt { get; set; }

    [Description("Ready, Reconciling and Stalled, by type.")]
    [ListMapKeys("type"), Items(16)]
    public IList<Condition> Conditions { get; set; } = [];
}
