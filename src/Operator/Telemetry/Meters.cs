using System.Diagnostics.Metrics;
using Kubernetes.Client;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Segmentation.Operator.Telemetry;

/// <summary>Which instruments <c>/metrics</c> shows.</summary>
internal static class Meters
{
    private static readonly double[] SecondsBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    public static MeterProvider Build(PrometheusReader reader) =>
        Sdk.CreateMeterProviderBuilder()
            .AddMeter(DataPlaneMetrics.MeterName, RuntimeMetrics.MeterName, "System.Runtime")
            .AddView(BucketsInSeconds)
            .AddReader(reader)
            .Build();

    // The SDK's default bounds are made for milliseconds.
    private static MetricStreamConfiguration? BucketsInSeconds(Instrument instrument) =>
        instrument.Name.EndsWith("_seconds", StringComparison.Ordinal) && instrument is Histogram<double>
            ? new ExplicitBucketHistogramConfiguration { Boundaries = SecondsBounds }
            : null;
}
