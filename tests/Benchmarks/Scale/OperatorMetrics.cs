using System.Globalization;

namespace Segmentation.Benchmarks.Scale;

/// <summary>What the operator's <c>/metrics</c> say at one moment.</summary>
internal sealed class OperatorMetrics
{
    private readonly string[] _lines;

    private OperatorMetrics(string text) => _lines = text.Split('\n');

    public double ApiRequests => Sum("rest_client_requests_total");

    public double SegmentsReconciled => Sum("controller_runtime_reconcile_total{controller=\"segment\"");

    public double Waiting => Sum("workqueue_depth") + Sum("controller_runtime_active_workers");

    /// <summary>Events that are in Redis with all that follows from them, those that were known already included.</summary>
    public double EventsApplied => Sum("segmentation_events_applied_total") + Sum("segmentation_events_duplicate_total");

    public double WorkingSetMegabytes => Sum("dotnet_process_memory_working_set") / 1e6;

    public double CpuSeconds => Sum("dotnet_process_cpu_time");

    public static async Task<OperatorMetrics> ReadAsync(Uri @operator)
    {
        using var client = new HttpClient();
        return new(await client.GetStringAsync(new Uri(@operator, "metrics")));
    }

    /// <summary>Requests to the API server by method, since an earlier moment.</summary>
    public string RequestsSince(OperatorMetrics before) => string.Join(", ", new[] { "GET", "POST", "PATCH" }
        .Select(method => (method, count: Requests(method) - before.Requests(method))).Where(m => m.count > 0).Select(m => $"{m.count:0} {m.method}"));

    private double Requests(string method) => _lines
        .Where(line => line.StartsWith("rest_client_requests_total{", StringComparison.Ordinal) && line.Contains($"method=\"{method}\"", StringComparison.Ordinal))
        .Sum(Value);

    private double Sum(string beginning) => _lines.Where(line => line.StartsWith(beginning, StringComparison.Ordinal)).Sum(Value);

    private static double Value(string line) => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
}
