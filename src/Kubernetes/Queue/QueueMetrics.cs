using System.Diagnostics.Metrics;
using Kubernetes.Client;

namespace Kubernetes.Queue;

/// <summary>One work queue's instruments, under the names that client-go gave them.</summary>
public sealed class QueueMetrics
{
    private readonly UpDownCounter<long> _depth;
    private readonly Counter<long> _adds;
    private readonly Counter<long> _retries;
    private readonly Histogram<double> _waited;
    private readonly Histogram<double> _worked;
    private readonly KeyValuePair<string, object?> _name;

    /// <param name="name">The queue's name, that of its controller.</param>
    public QueueMetrics(IMeterFactory meters, string name)
    {
        var meter = meters.Create(RuntimeMetrics.MeterName);
        _name = new("name", name);
        _depth = meter.CreateUpDownCounter<long>("workqueue_depth", description: "Keys ready to be worked on.");
        _adds = meter.CreateCounter<long>("workqueue_adds_total", description: "Keys added; one that is there already does not count.");
        _retries = meter.CreateCounter<long>("workqueue_retries_total", description: "Keys added again after a failure.");
        _waited = meter.CreateHistogram<double>("workqueue_queue_duration_seconds", "s", "From a key being ready to its being taken.");
        _worked = meter.CreateHistogram<double>("workqueue_work_duration_seconds", "s", "From a key being taken to its being done.");
    }

    internal void Added() => _adds.Add(1, _name);

    internal void Queued() => _depth.Add(1, _name);

    internal void Retried() => _retries.Add(1, _name);

    internal void Taken(TimeSpan waited)
    {
        _depth.Add(-1, _name);
        _waited.Record(waited.TotalSeconds, _name);
    }

    internal void Worked(TimeSpan worked) => _worked.Record(worked.TotalSeconds, _name);
}
