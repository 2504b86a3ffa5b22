using System.Diagnostics.Metrics;
using Kubernetes.LeaderElection;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Reconcilers;
using Segmentation.Operator.Workspaces;

namespace Segmentation.Operator.Telemetry;

/// <summary>What the segments look like at the moment of a scrape, on the replica that owns them. Alerts on drift read these.</summary>
internal sealed class SegmentMetrics
{
    private readonly WorkspaceRegistry _registry;
    private readonly BusinessClock _clock;

    public SegmentMetrics(IMeterFactory factory, WorkspaceRegistry registry, LiveReplicas replicas, BusinessClock clock)
    {
        _registry = registry;
        _clock = clock;
        var meter = factory.Create(DataPlaneMetrics.MeterName);
        meter.CreateObservableGauge("segmentation_segment_members", () => Measure((n, _) => n.Members), description: "Members of a serving segment.");
        meter.CreateObservableGauge("segmentation_segment_entered_24h", () => Measure((n, day) => day.Entered), description: "Profiles that entered within 24 hours.");
        meter.CreateObservableGauge("segmentation_segment_left_24h", () => Measure((n, day) => day.Left), description: "Profiles that left within 24 hours.");
        meter.CreateObservableGauge(
            "segmentation_segment_drift_percent", () => Measure((n, day) => (double?)Drift.Percent(n.Members, day) ?? 0), description: "Change of the member count within 24 hours.");
        meter.CreateObservableGauge("segmentation_replicas", () => replicas.Current.Count, description: "Replicas that the partitions are shared by, as this one sees it.");
        meter.CreateObservableGauge("segmentation_partitions_owned", Owned, description: "Partitions that this replica owns.");
        meter.CreateObservableGauge("segmentation_due_lag_seconds", DueLag, description: "How long the earliest due time of a workspace has passed without a turn.");
    }

    private IEnumerable<Measurement<double>> Measure(Func<SegmentNumbers, (long Entered, long Left), double> value)
    {
        foreach (var workspace in _registry.All)
        {
            foreach (var (name, outcome) in workspace.Segments)
            {
                if (outcome.Serving is not { } revision) continue;
                var numbers = workspace.NumbersOf(name, revision);
                yield return new Measurement<double>(
                    value(numbers, numbers.FlowWithin(SegmentNumbers.Day, _clock.NowMs)),
                    new KeyValuePair<string, object?>("workspace", workspace.Name), new KeyValuePair<string, object?>("segment", name));
            }
        }
    }

    private IEnumerable<Measurement<int>> Owned() => _registry.All.Select(workspace => new Measurement<int>(
        workspace.Slots.Count(slot => slot.Partition.IsOwned), new KeyValuePair<string, object?>("workspace", workspace.Name)));

    private IEnumerable<Measurement<double>> DueLag()
    {
        foreach (var workspace in _registry.All)
        {
            var lagMs = workspace.Slots.Max(slot => _clock.NowMs - Math.Min(_clock.NowMs, slot.Partition.NextDueMs));
            yield return new Measurement<double>(lagMs / 1000.0, new KeyValuePair<string, object?>("workspace", workspace.Name));
        }
    }
}
