using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Kubernetes.Client;

/// <summary>Counts and times requests, under the names that client-go gave them.</summary>
public sealed class ClientMetrics
{
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _duration;

    public ClientMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(RuntimeMetrics.MeterName);
        _requests = meter.CreateCounter<long>("rest_client_requests_total", description: "Requests to the API server by code, method and host.");
        _duration = meter.CreateHistogram<double>(
            "rest_client_request_duration_seconds", "s", "Time until the response's headers came, by method and host.");
    }

    /// <param name="code">The status code, or <c>&lt;error&gt;</c> when no answer came.</param>
    internal void Record(string code, HttpMethod method, string host, TimeSpan duration)
    {
        _requests.Add(1, new TagList { { "code", code }, { "method", method.Method }, { "host", host } });
        _duration.Record(duration.TotalSeconds, new TagList { { "method", method.Method }, { "host", host } });
    }
}

/// <summary>Where the runtime's instruments are found.</summary>
public static class RuntimeMetrics
{
    /// <summary>The name of the meter that holds every instrument of this runtime.</summary>
    public const string MeterName = "Kubernetes.Runtime";
}
