using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using Segmentation.Operator.Telemetry;

namespace Segmentation.Operator.Tests.Telemetry;

/// <summary>The text that Prometheus scrapes, byte for byte.</summary>
public sealed class PrometheusTextTests : IDisposable
{
    private readonly Meter _meter = new(DataPlaneMetrics.MeterName);
    private readonly PrometheusReader _reader = new();
    private readonly MeterProvider _provider;

    public PrometheusTextTests() => _provider = Meters.Build(_reader);

    public void Dispose()
    {
        _provider.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public async Task A_counter_has_help_type_and_a_line_for_each_set_of_labels()
    {
        var counter = _meter.CreateCounter<long>("golden_orders_total", description: "Orders\nseen \\ counted.");
        counter.Add(2, new KeyValuePair<string, object?>("workspace", "acme"));
        counter.Add(3, new KeyValuePair<string, object?>("workspace", "acme"));
        counter.Add(1, new KeyValuePair<string, object?>("workspace", "a\"b\\c\nd"));
        (await LinesAsync("golden_orders")).ShouldBe(
        [
            "# HELP golden_orders_total Orders\\nseen \\\\ counted.",
            "# TYPE golden_orders_total counter",
            "golden_orders_total{workspace=\"acme\"} 5",
            "golden_orders_total{workspace=\"a\\\"b\\\\c\\nd\"} 1",
        ]);
    }

    [Fact]
    public async Task A_histogram_has_cumulative_buckets_a_sum_and_a_count()
    {
        var histogram = _meter.CreateHistogram<double>("golden_turn_seconds");
        foreach (var seconds in (double[])[0.001, 0.002, 0.3, 100]) histogram.Record(seconds, new KeyValuePair<string, object?>("kind", "log"));
        var lines = await LinesAsync("golden_turn");
        lines[0].ShouldBe("# TYPE golden_turn_seconds histogram");
        lines.ShouldContain("golden_turn_seconds_bucket{kind=\"log\",le=\"0.001\"} 1");
        lines.ShouldContain("golden_turn_seconds_bucket{kind=\"log\",le=\"0.0025\"} 2");
        lines.ShouldContain("golden_turn_seconds_bucket{kind=\"log\",le=\"0.25\"} 2");
        lines.ShouldContain("golden_turn_seconds_bucket{kind=\"log\",le=\"0.5\"} 3");
        lines.ShouldContain("golden_turn_seconds_bucket{kind=\"log\",le=\"60\"} 3");
        lines[^3..].ShouldBe(
        [
            "golden_turn_seconds_bucket{kind=\"log\",le=\"+Inf\"} 4",
            "golden_turn_seconds_sum{kind=\"log\"} 100.303",
            "golden_turn_seconds_count{kind=\"log\"} 4",
        ]);
    }

    [Fact]
    public async Task A_histogram_without_labels_has_only_the_bounds()
    {
        _meter.CreateHistogram<double>("golden_bare_seconds").Record(2);
        var lines = await LinesAsync("golden_bare");
        lines.ShouldContain("golden_bare_seconds_bucket{le=\"2.5\"} 1");
        lines[^1].ShouldBe("golden_bare_seconds_count 1");
    }

    [Fact]
    public async Task Gauges_and_counts_that_fall_are_gauges_and_fractions_have_a_point()
    {
        _meter.CreateObservableGauge("golden_level", () => 0.1 + 0.2);
        _meter.CreateUpDownCounter<long>("golden_open").Add(-2);
        (await LinesAsync("golden_level")).ShouldBe(["# TYPE golden_level gauge", "golden_level 0.30000000000000004"]);
        (await LinesAsync("golden_open")).ShouldBe(["# TYPE golden_open gauge", "golden_open -2"]);
    }

    [Fact]
    public async Task Names_get_the_characters_that_Prometheus_knows()
    {
        _meter.CreateCounter<long>("golden.dotted-name").Add(1, new KeyValuePair<string, object?>("http.route:x", "/v1"));
        (await LinesAsync("golden_dotted")).ShouldBe(["# TYPE golden_dotted_name_total counter", "golden_dotted_name_total{http_route_x=\"/v1\"} 1"]);
    }

    [Fact]
    public async Task Scrapes_at_the_same_time_each_get_a_whole_text()
    {
        _meter.CreateCounter<long>("golden_busy_total").Add(1);
        var texts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _reader.ScrapeAsync(CancellationToken.None))));
        foreach (var text in texts) text.ShouldContain("golden_busy_total 1\n");
    }

    private async Task<string[]> LinesAsync(string prefix)
    {
        var text = await _reader.ScrapeAsync(CancellationToken.None);
        text.ShouldEndWith("\n");
        return [.. text.Split('\n').Where(l => l.StartsWith(prefix, StringComparison.Ordinal) || (l.StartsWith('#') && l.Split(' ')[2].StartsWith(prefix, StringComparison.Ordinal)))];
    }
}
