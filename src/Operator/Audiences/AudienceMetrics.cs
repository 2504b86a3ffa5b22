using System.Diagnostics.Metrics;
using Segmentation.Operator.Telemetry;

namespace Segmentation.Operator.Audiences;

/// <summary>What audiences count, by workspace and AudienceSync.</summary>
internal sealed class AudienceMetrics
{
    private readonly Counter<long> _deliveries;
    private readonly Counter<long> _changes;
    private readonly Histogram<double> _duration;

    public AudienceMetrics(IMeterFactory factory, AudienceRegistry registry)
    {
        var meter = factory.Create(DataPlaneMetrics.MeterName);
        _deliveries = meter.CreateCounter<long>("segmentation_audience_deliveries_total", description: "Attempts to deliver a batch, by result.");
        _changes = meter.CreateCounter<long>("segmentation_audience_changes_delivered_total", description: "Changes that destinations have accepted.");
        _duration = meter.CreateHistogram<double>("segmentation_audience_delivery_duration_seconds", "s", "How long an attempt took.");
        meter.CreateObservableGauge("segmentation_audience_pending_changes", () => Pending(registry), description: "Changes that wait to be delivered, as last counted.");
    }

    public void Attempted(AudienceIdentity sync, DeliveryOutcome outcome, int changes, TimeSpan duration)
    {
        KeyValuePair<string, object?> workspace = new("workspace", sync.Workspace), name = new("audience_sync", sync.Name);
        _deliveries.Add(1, workspace, name, new("result", ResultOf(outcome)));
        _duration.Record(duration.TotalSeconds, workspace, name);
        if (outcome == DeliveryOutcome.Accepted) _changes.Add(changes, workspace, name);
    }

    private static IEnumerable<Measurement<long>> Pending(AudienceRegistry registry) =>
        from runner in registry.All
        where runner.State.Pending is not null
        select new Measurement<long>(
            runner.State.Pending!.Value,
            new KeyValuePair<string, object?>("workspace", runner.Identity.Workspace),
            new KeyValuePair<string, object?>("audience_sync", runner.Identity.Name));

    private static string ResultOf(DeliveryOutcome outcome) => outcome switch
    {
        DeliveryOutcome.Accepted => "accepted",
        DeliveryOutcome.Unreachable => "unreachable",
        DeliveryOutcome.Rejected => "rejected",
        DeliveryOutcome.TooLarge => "too_large",
        DeliveryOutcome.Gone => "gone",
        DeliveryOutcome.Misconfigured => "misconfigured",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };
}
