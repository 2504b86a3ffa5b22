using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Segmentation.Operator.Telemetry;

namespace Operator.Tests.Audiences;

[Collection(AudienceCollection.Name)]
public sealed class AudienceMetricsTests(RedisServer redis)
{
    [Fact]
    public async Task Deliveries_and_changes_are_counted_by_workspace_and_sync_alone()
    {
        await using var bench = await AudienceBench.StartAsync(redis);
        var measured = new ConcurrentQueue<(string Name, double Value, Dictionary<string, object?> Labels)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == DataPlaneMetrics.MeterName && instrument.Name.StartsWith("segmentation_audience_", StringComparison.Ordinal))
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((i, value, labels, _) => measured.Enqueue((i.Name, value, new(labels.ToArray()))));
        listener.SetMeasurementEventCallback<double>((i, value, labels, _) => measured.Enqueue((i.Name, value, new(labels.ToArray()))));
        listener.Start();
        bench.Receiver.Answer(503);
        await bench.Data.ServeAsync("r1", ["a", "b", "c"], "uid-crm");
        bench.Apply();
        bench.Lead();
        await bench.InSyncAsync();
        listener.RecordObservableInstruments();

        var own = measured.Where(m => (string?)m.Labels["workspace"] == bench.Workspace).ToArray();
        own.ShouldAllBe(m => (string?)m.Labels["audience_sync"] == "crm");
        own.Where(m => m.Name == "segmentation_audience_deliveries_total").Select(m => (string?)m.Labels["result"]).ShouldBe(["unreachable", "accepted"]);
        own.Where(m => m.Name == "segmentation_audience_changes_delivered_total").Sum(m => m.Value).ShouldBe(3);
        own.Count(m => m.Name == "segmentation_audience_delivery_duration_seconds").ShouldBe(2);
        own.Single(m => m.Name == "segmentation_audience_pending_changes").Value.ShouldBe(0);
        own.SelectMany(m => m.Labels.Keys).Distinct().ShouldBe(["workspace", "audience_sync", "result"], ignoreOrder: true);
    }
}
