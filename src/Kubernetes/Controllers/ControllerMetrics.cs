using System.Diagnostics.Metrics;
using Kubernetes.Client;

namespace Kubernetes.Controllers;

/// <summary>One controller's instruments, under the names that controller-runtime gave them.</summary>
internal sealed class ControllerMetrics
{
    private readonly Counter<long> _total;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _terminalErrors;
    private readonly Histogram<double> _time;
    private readonly UpDownCounter<long> _active;
    private readonly KeyValuePair<string, object?> _controller;

    public ControllerMetrics(IMeterFactory meters, string controller)
    {
        var meter = meters.Create(RuntimeMetrics.MeterName);
        _controller = new("controller", controller);
        _total = meter.CreateCounter<long>("controller_runtime_reconcile_total", description: "Reconciliations by controller and result.");
        _errors = meter.CreateCounter<long>("controller_runtime_reconcile_errors_total", description: "Reconciliations that failed.");
        _terminalErrors = meter.CreateCounter<long>(
            "controller_runtime_terminal_reconcile_errors_total", description: "Those that no repetition mends.");
        _time = meter.CreateHistogram<double>("controller_runtime_reconcile_time_seconds", "s", "How long a reconciliation took.");
        _active = meter.CreateUpDownCounter<long>("controller_runtime_active_workers", description: "Workers busy now.");
    }

    public void Started() => _active.Add(1, _controller);

    public void Ended(Outcome? outcome, TimeSpan duration)
    {
        _active.Add(-1, _controller);
        _time.Record(duration.TotalSeconds, _controller);
        if (outcome is null)
            return;
        var result = outcome.Kind switch
        {
            OutcomeKind.Success => "success",
            OutcomeKind.RequeueAfter => "requeue_after",
            _ => "error",
        };
        _total.Add(1, _controller, new("result", result));
        if (outcome.IsError)
            _errors.Add(1, _controller);
        if (outcome.Kind == OutcomeKind.TerminalError)
            _terminalErrors.Add(1, _controller);
    }
}
