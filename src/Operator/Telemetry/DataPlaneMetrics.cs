using System.Diagnostics.Metrics;

namespace Segmentation.Operator.Telemetry;

/// <summary>What the data plane counts. Labels name the workspace, never a profile.</summary>
public sealed class DataPlaneMetrics
{
    public const string MeterName = "segmentation";

    private readonly Counter<long> _applied;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _memberships;
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _ignoredFields;
    private readonly Counter<long> _erased;
    private readonly Counter<long> _forgotten;
    private readonly Counter<long> _takeovers;
    private readonly Counter<long> _fenced;

    public DataPlaneMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        _accepted = meter.CreateCounter<long>("segmentation_events_accepted_total", description: "Events acknowledged.");
        _rejected = meter.CreateCounter<long>("segmentation_events_rejected_total", description: "Events refused because something in them was wrong.");
        _ignoredFields = meter.CreateCounter<long>("segmentation_event_fields_ignored_total", description: "Unknown fields of accepted events.");
        _applied = meter.CreateCounter<long>("segmentation_events_applied_total", description: "Events applied to profiles.");
        _duplicates = meter.CreateCounter<long>("segmentation_events_duplicate_total", description: "Events whose id had been seen before.");
        _memberships = meter.CreateCounter<long>("segmentation_membership_operations_total", description: "Memberships written.");
        _erased = meter.CreateCounter<long>("segmentation_profiles_erased_total", description: "Profiles erased.");
        _forgotten = meter.CreateCounter<long>("segmentation_events_forgotten_total", description: "Events no longer kept, for their age or their number.");
        _takeovers = meter.CreateCounter<long>("segmentation_partition_takeovers_total", description: "Partitions that this replica has taken over, again after a failure of Redis, too.");
        _fenced = meter.CreateCounter<long>("segmentation_partition_fenced_total", description: "Partitions that another replica took away from this one.");
    }

    public void Accepted(string workspace, int events, int rejected, int ignoredFields)
    {
        var label = new KeyValuePair<string, object?>("workspace", workspace);
        if (events > 0) _accepted.Add(events, label);
        if (rejected > 0) _rejected.Add(rejected, label);
        if (ignoredFields > 0) _ignoredFields.Add(ignoredFields, label);
    }

    // What is counted from then on is there at zero, or its first increase would not be seen.
    public void TakenOver(string workspace)
    {
        var label = new KeyValuePair<string, object?>("workspace", workspace);
        foreach (var counter in (Counter<long>[])[_accepted, _applied, _duplicates, _memberships, _erased, _forgotten, _fenced]) counter.Add(0, label);
        _takeovers.Add(1, label);
    }

    public void Fenced(string workspace) => _fenced.Add(1, new KeyValuePair<string, object?>("workspace", workspace));

    public void Committed(string workspace, int events, int duplicates, int memberships, int erasedProfiles, int forgottenEvents)
    {
        var label = new KeyValuePair<string, object?>("workspace", workspace);
        if (events > 0) _applied.Add(events, label);
        if (duplicates > 0) _duplicates.Add(duplicates, label);
        if (memberships > 0) _memberships.Add(memberships, label);
        if (erasedProfiles > 0) _erased.Add(erasedProfiles, label);
        if (forgottenEvents > 0) _forgotten.Add(forgottenEvents, label);
    }
}
