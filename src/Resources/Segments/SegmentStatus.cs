using Kubernetes.Model;

namespace Segmentation.Resources;

/// <summary>What the operator observed about a segment. Written by the operator alone.</summary>
[Description("What the operator observed; written by the operator alone.")]
public sealed record SegmentStatus
{
    [Description("The metadata.generation that this status speaks of; -1 before the first look.")]
    [Default("-1")]
    public long ObservedGeneration { get; set; } = -1;

    [Description("How many customers are members now.")]
    [RangeMinimum(0)]
    public long? MemberCount { get; set; }

    [Description("How many entered within the last 24 hours.")]
    [RangeMinimum(0)]
    public long? Entered24h { get; set; }

    [Description("How many left within the last 24 hours.")]
    [RangeMinimum(0)]
    public long? Left24h { get; set; }

    [Description("Change of the member count over the drift window, in percent of the count at the window's start.")]
    public decimal? DriftPercent { get; set; }

    [Description("When a customer last entered or left.")]
    public DateTimeOffset? LastChange { get; set; }

    [Description("Names the definition whose members are served.")]
    [Length(64)]
    public string? ActiveRevision { get; set; }

    [Description("How far the evaluation of a new definition has come, 0 to 100; absent when none runs.")]
    [RangeMinimum(0), RangeMaximum(100)]
    public int? BackfillPercent { get; set; }

    [Description("The last value of the annotation segmentation.dev/reconcile-requested-at that was acted on.")]
    [Length(256)]
    public string? LastHandledReconcileAt { get; set; }

    [Description("Ready, Reconciling, Stalled, Drifting and HistoryIncomplete, by type.")]
    [ListMapKeys("type"), Items(16)]
    public IList<Condition> Conditions { get; set; } = [];
}
