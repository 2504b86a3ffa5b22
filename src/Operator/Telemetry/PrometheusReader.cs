using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Segmentation.Operator.Telemetry;

/// <summary>
/// Collects all instruments on demand and writes them in the Prometheus text format 0.0.4. The aggregation is the OpenTelemetry SDK's; only the
/// text is ours, because no exporter package for it can be restored (docs/decisions).
/// </summary>
internal sealed class PrometheusReader : BaseExportingMetricReader
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly TextExporter _exporter;

    public PrometheusReader()
        : this(new TextExporter())
    {
    }

    private PrometheusReader(TextExporter exporter)
        : base(exporter) => _exporter = exporter;

    public async Task<string> ScrapeAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            // A pull exporter is only served when the collection was asked for through it.
            _exporter.Collect!(Timeout.Infinite);
            return _exporter.Text;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _oneAtATime.Dispose();
        base.Dispose(disposing);
    }

    [ExportModes(ExportModes.Pull)]
    private sealed class TextExporter : BaseExporter<Metric>, IPullMetricExporter
    {
        public string Text { get; private set; } = "";

        public Func<int, bool>? Collect { get; set; }

        public override ExportResult Export(in Batch<Metric> batch)
        {
            var text = new StringBuilder();
            foreach (var metric in batch) PrometheusText.Write(text, metric);
            Text = text.ToString();
            return ExportResult.Success;
        }
    }
}
