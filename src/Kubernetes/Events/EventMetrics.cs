using System.Diagnostics.Metrics;
using Kubernetes.Client;

namespace Kubernetes.Events;

/// <summary>Counts the events that were lost, and why.</summary>
internal sealed class EventMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _lost = meters.Create(RuntimeMetrics.MeterName)
        .CreateCounter<long>("kubernetes_events_lost_total", description: "Events not written, by cause.");

    /// <param name="cause"><c>queue_full</c>, <c>rate_limited</c> or <c>not_written</c>.</param>
    public void Lost(string cause) => _lost.Add(1, new KeyValuePair<string, object?>("cause", cause));
}
