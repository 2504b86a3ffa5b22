using System.Diagnostics.Metrics;
using Kubernetes.Client;

namespace Kubernetes.Informers;

/// <summary>How the watch of one kind in one scope fares.</summary>
/// <param name="Namespace">Null for all namespaces.</param>
/// <param name="UnreachableSince">Since when the API server gives no good answer for this kind; null while all is well.</param>
/// <param name="LastError">Why, as of the last try; null while all is well.</param>
public sealed record InformerStatus(
    string Kind, string? Namespace, bool Synced, int Objects, int Undecodable, DateTimeOffset? UnreachableSince, string? LastError);

/// <summary>
/// What readiness and people want to know of the informers: whether each kind is synced, and since when its definitions may be
/// old.
/// </summary>
public sealed class InformerHealth
{
    private readonly Lock _lock = new();
    private readonly List<InformerRecord> _records = [];

    public InformerHealth(IMeterFactory meters, TimeProvider time)
    {
        var meter = meters.Create(RuntimeMetrics.MeterName);
        meter.CreateObservableGauge(
            "informer_synced", () => Measure(status => status.Synced ? 1 : 0), description: "1 once the first list of a kind is in.");
        meter.CreateObservableGauge(
            "informer_objects", () => Measure(status => status.Objects), description: "Objects of a kind in the cache.");
        meter.CreateObservableGauge(
            "informer_undecodable_objects", () => Measure(status => status.Undecodable), description: "Objects that do not fit their type.");
        meter.CreateObservableGauge(
            "informer_unreachable_seconds",
            () => Measure(status => status.UnreachableSince is { } since ? (time.GetUtcNow() - since).TotalSeconds : 0),
            "s",
            "For how long the API server has given no good answer for a kind; 0 while it does.");
    }

    /// <summary>True when every kind has had its first complete list.</summary>
    public bool AllSynced => Snapshot().All(status => status.Synced);

    /// <summary>Since when the API server has been failing us for some kind; null while all is well.</summary>
    public DateTimeOffset? UnreachableSince => Snapshot().Min(status => status.UnreachableSince);

    /// <summary>One entry per kind and watched scope.</summary>
    public IReadOnlyList<InformerStatus> Snapshot()
    {
        lock (_lock)
            return [.. _records.Select(record => record.Read())];
    }

    internal void Add(InformerRecord record)
    {
        lock (_lock)
            _records.Add(record);
    }

    private List<Measurement<double>> Measure(Func<InformerStatus, double> value) =>
        [.. Snapshot().Select(status => new Measurement<double>(
            value(status),
            new KeyValuePair<string, object?>("kind", status.Kind),
            new KeyValuePair<string, object?>("namespace", status.Namespace ?? "")))];
}

/// <summary>Where one informer notes how it fares.</summary>
internal sealed class InformerRecord(
    string kind, string? scope, Func<bool> synced, Func<int> objects, Func<int> undecodable, TimeProvider time)
{
    private readonly Lock _lock = new();
    private DateTimeOffset? _unreachableSince;
    private string? _lastError;

    /// <summary>The server gave a good answer.</summary>
    /// <returns>For how long it had not, when that just ended.</returns>
    public TimeSpan? Succeeded()
    {
        lock (_lock)
        {
            var outage = time.GetUtcNow() - _unreachableSince;
            _unreachableSince = null;
            _lastError = null;
            return outage;
        }
    }

    public void Failed(string error)
    {
        lock (_lock)
        {
            _unreachableSince ??= time.GetUtcNow();
            _lastError = error;
        }
    }

    public InformerStatus Read()
    {
        lock (_lock)
            return new(kind, scope, synced(), objects(), undecodable(), _unreachableSince, _lastError);
    }
}
