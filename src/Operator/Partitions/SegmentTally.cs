using System.Globalization;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Workspaces;

namespace Segmentation.Operator.Partitions;

/// <summary>
/// Members and moves of one partition's segments, kept in step with the commits, so that a status costs no query. Written by the partition's
/// turn, read by status writers: every member takes the lock.
/// </summary>
internal sealed class SegmentTally
{
    public const int FlowMinutes = 24 * 60;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Segment, string Revision), long> _members = [];
    private readonly Dictionary<string, Flow> _flows = [];

    /// <summary>Starts from what the store holds.</summary>
    public void Load(IEnumerable<(string Segment, string Revision, long Members)> members, IReadOnlyDictionary<string, string> flow)
    {
        lock (_lock)
        {
            _members.Clear();
            _flows.Clear();
            foreach (var (segment, revision, count) in members) _members[(segment, revision)] = count;
            foreach (var (field, value) in flow) LoadFlow(field.Split('|'), long.Parse(value, CultureInfo.InvariantCulture));
        }
    }

    public void SetMembers(string segment, string revision, long members)
    {
        lock (_lock) _members[(segment, revision)] = members;
    }

    public long MembersOf(string segment, string revision)
    {
        lock (_lock) return _members.GetValueOrDefault((segment, revision));
    }

    /// <summary>Counts membership operations that changed something.</summary>
    public void Count(in MembershipOperation operation)
    {
        lock (_lock)
        {
            var key = (operation.Segment, operation.Revision);
            _members[key] = _members.GetValueOrDefault(key) + (operation.Enters ? 1 : -1);
            if (operation.Audience == FlipAudience.None) return;
            var flow = FlowOf(operation.Segment);
            flow.LastChangeMs = Math.Max(flow.LastChangeMs, operation.AtMs);
            if (operation.CountsInFlow) flow.Add(operation.AtMs / 60_000, operation.Enters, 1);
        }
    }

    public void Activated(string segment, long atMs)
    {
        lock (_lock)
        {
            var flow = FlowOf(segment);
            flow.LastChangeMs = Math.Max(flow.LastChangeMs, atMs);
        }
    }

    public void Forget(string segment, string revision)
    {
        lock (_lock) _members.Remove((segment, revision));
    }

    /// <summary>Takes out all moves of a deleted segment and returns their fields.</summary>
    public IReadOnlyList<string> TakeFlow(string segment)
    {
        lock (_lock)
        {
            if (!_flows.Remove(segment, out var flow)) return [];
            return [.. flow.Minutes.SelectMany(m => FieldsOf(segment, m.Key, m.Value)), segment + "|last"];
        }
    }

    /// <summary>Adds this partition's share of a segment's numbers.</summary>
    public void AddTo(SegmentNumbers numbers, string segment, string revision, long nowMs)
    {
        lock (_lock)
        {
            numbers.Members += _members.GetValueOrDefault((segment, revision));
            if (!_flows.TryGetValue(segment, out var flow)) return;
            numbers.LastChangeMs = Math.Max(numbers.LastChangeMs, flow.LastChangeMs);
            var oldest = (nowMs / 60_000) - FlowMinutes;
            foreach (var (minute, (entered, left)) in flow.Minutes)
            {
                if (minute <= oldest) continue;
                numbers.AddFlow(minute, entered, left);
            }
        }
    }

    /// <summary>Takes out buckets older than a day and returns their fields.</summary>
    public IReadOnlyList<string> TakeExpired(long nowMs)
    {
        var oldest = (nowMs / 60_000) - FlowMinutes;
        var fields = new List<string>();
        lock (_lock)
        {
            foreach (var (segment, flow) in _flows)
            {
                foreach (var minute in flow.Minutes.Keys.Where(m => m <= oldest).ToArray())
                {
                    fields.AddRange(FieldsOf(segment, minute, flow.Minutes[minute]));
                    flow.Minutes.Remove(minute);
                }
            }
        }
        return fields;
    }

    private static IEnumerable<string> FieldsOf(string segment, long minute, (int Entered, int Left) moves)
    {
        if (moves.Entered > 0) yield return $"{segment}|{minute}|+";
        if (moves.Left > 0) yield return $"{segment}|{minute}|-";
    }

    private void LoadFlow(string[] field, long value)
    {
        var flow = FlowOf(field[0]);
        if (field.Length == 2) flow.LastChangeMs = value;
        else flow.Add(long.Parse(field[1], CultureInfo.InvariantCulture), field[2] == "+", (int)value);
    }

    private Flow FlowOf(string segment)
    {
        if (!_flows.TryGetValue(segment, out var flow)) _flows[segment] = flow = new Flow();
        return flow;
    }

    private sealed class Flow
    {
        public long LastChangeMs { get; set; }

        public Dictionary<long, (int Entered, int Left)> Minutes { get; } = [];

        public void Add(long minute, bool enters, int count)
        {
            var (entered, left) = Minutes.GetValueOrDefault(minute);
            Minutes[minute] = enters ? (entered + count, left) : (entered, left + count);
        }
    }
}

/// <summary>A segment's numbers over all partitions.</summary>
internal sealed class SegmentNumbers
{
    public static readonly TimeSpan Day = TimeSpan.FromHours(24);

    private readonly SortedDictionary<long, (long Entered, long Left)> _minutes = [];
    private readonly List<SegmentReport> _reported = [];

    public long Members { get; set; }

    /// <summary>Instant of the latest flip, 0 when there was none.</summary>
    public long LastChangeMs { get; set; }

    public void AddFlow(long minute, long entered, long left)
    {
        var before = _minutes.GetValueOrDefault(minute);
        _minutes[minute] = (before.Entered + entered, before.Left + left);
    }

    /// <summary>Adds what another replica reports.</summary>
    public void Add(SegmentReport share)
    {
        Members += share.Members;
        LastChangeMs = Math.Max(LastChangeMs, share.LastChangeMs);
        _reported.Add(share);
    }

    /// <summary>
    /// Moves within the last <paramref name="window"/> (at most 24 h), to the minute. Of other replicas' shares those of 24 h, or of the window that they know
    /// the segment to have; one that was just changed is counted right with their next report.
    /// </summary>
    public (long Entered, long Left) FlowWithin(TimeSpan window, long nowMs)
    {
        var oldest = (nowMs - (long)window.TotalMilliseconds) / 60_000;
        long entered = 0, left = 0;
        foreach (var (minute, flow) in _minutes)
        {
            if (minute <= oldest) continue;
            entered += flow.Entered;
            left += flow.Left;
        }
        foreach (var share in _reported)
        {
            entered += window == Day ? share.Entered24h : share.EnteredInWindow;
            left += window == Day ? share.Left24h : share.LeftInWindow;
        }
        return (entered, left);
    }
}
