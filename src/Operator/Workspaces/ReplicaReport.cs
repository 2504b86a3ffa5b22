using System.Text.Json.Serialization;
using Segmentation.Operator.Partitions;

namespace Segmentation.Operator.Workspaces;

/// <summary>
/// What a replica tells the one that leads of its share of a workspace. Which passes are done and which plan is followed stays true whoever takes a
/// partition over later; the numbers count only as long as every partition is in one replica's report.
/// </summary>
/// <param name="Partitions">Its share, as far as it has taken that over.</param>
/// <param name="FollowedVersion">The lowest version of the catalog that one of them follows.</param>
/// <param name="Passes">By <c>key pass-id</c> those of its partitions in which a revision that is being built, or any of a policy, has been evaluated for every profile.</param>
/// <param name="Segments">The numbers of the serving segments.</param>
/// <param name="ForgottenBeforeMs">By event name the latest time before which, exclusive, one of its partitions may have forgotten events for their age.</param>
internal sealed record ReplicaReport(
    IReadOnlyList<int> Partitions,
    long FollowedVersion,
    IReadOnlyDictionary<string, IReadOnlyList<int>> Passes,
    IReadOnlyDictionary<string, SegmentReport> Segments,
    IReadOnlyDictionary<string, long> ForgottenBeforeMs)
{
    /// <summary>Of what this replica owns now.</summary>
    /// <param name="driftWindow">How far back a segment's drift looks.</param>
    public static ReplicaReport Of(Workspace workspace, WorkspacePlan plan, Func<string, TimeSpan> driftWindow)
    {
        var owned = workspace.Slots.Select(slot => slot.Partition).Where(partition => partition.IsOwned).ToArray();
        var built = plan.Segments.Where(s => !s.IsServing).Select(s => (s.PassKey, s.PassId))
            .Concat(plan.Policies.Select(p => (p.PassKey, p.PassId)));
        return new ReplicaReport(
            [.. owned.Select(partition => partition.Number)],
            owned.Select(partition => partition.FollowedVersion).DefaultIfEmpty(long.MaxValue).Min(),
            built.ToDictionary(pass => $"{pass.PassKey} {pass.PassId}", pass => workspace.Passes.DoneIn(pass.PassKey, pass.PassId)),
            plan.Segments.Where(s => s.IsServing).ToDictionary(s => s.Name, s => Numbers(s, driftWindow(s.Name))),
            owned.SelectMany(partition => partition.ForgottenBeforeMs).GroupBy(f => f.Key, f => f.Value).ToDictionary(name => name.Key, name => name.Max()));

        SegmentReport Numbers(TrackedSegment segment, TimeSpan window)
        {
            var numbers = new SegmentNumbers();
            foreach (var partition in owned) partition.Tally.AddTo(numbers, segment.Name, segment.Revision, workspace.NowMs);
            var (day, drift) = (numbers.FlowWithin(SegmentNumbers.Day, workspace.NowMs), numbers.FlowWithin(window, workspace.NowMs));
            return new SegmentReport(
                segment.Revision, numbers.Members, numbers.LastChangeMs, day.Entered, day.Left, (long)window.TotalMilliseconds, drift.Entered, drift.Left);
        }
    }
}

/// <summary>A segment's numbers in one replica's share.</summary>
/// <param name="WindowMs">How far back the last two look.</param>
internal sealed record SegmentReport(
    string Revision, long Members, long LastChangeMs, long Entered24h, long Left24h, long WindowMs, long EnteredInWindow, long LeftInWindow);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReplicaReport))]
internal sealed partial class ReplicaReportJson : JsonSerializerContext;
