using System.Globalization;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Partitions;
using Segmentation.Resources;

namespace Segmentation.Operator.Tests.Faults;

/// <summary>
/// What must have come out of what was accepted, worked out by brute force: members with their joined-at, every move with its instant and
/// cause, the counts of moves, the events of each profile, and due times.
/// </summary>
internal static class FaultOracle
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <summary>Waits until everything that was accepted is applied, has had its effect, and has been told.</summary>
    /// <param name="tellsAll">Whether audiences were told exactly what the outboxes were; not so where Redis has lost what was told already.</param>
    public static async Task ShouldAgreeAsync(FaultRig rig, Producers producers, bool tellsAll, string because)
    {
        IReadOnlyList<string> differences = [];
        await Eventually.HoldsAsync(
            async () => (differences = [.. Differences(await Snapshot.TakeAsync(rig), producers, tellsAll).Take(20)]).Count == 0,
            () => $"{because}: everything agrees with brute force\n{string.Join('\n', differences)}\n{rig.Operator.Log[^Math.Min(rig.Operator.Log.Length, 4000)..]}",
            Deadline);
    }

    private static IEnumerable<string> Differences(Snapshot snapshot, Producers producers, bool tellsAll)
    {
        var known = Known(snapshot.Journal);
        foreach (var id in producers.Acknowledged.Keys.Where(id => !known.Contains(id))) yield return $"{id} was acknowledged and is lost";
        var merges = new Merges(snapshot.Journal.Merges);
        foreach (var e in snapshot.Journal.Events.Where(e => !WasSent(e, producers, merges))) yield return $"{e} was not sent like that";
        foreach (var entry in snapshot.Journal.Partitions.SelectMany(p => p.Accepted).Where(entry => !IsAsSent(entry, producers))) yield return $"{entry} was not accepted like that";

        for (var p = 0; p < snapshot.Partitions.Count; p++)
        {
            var (journal, stored, at) = (snapshot.Journal.Partitions[p], snapshot.Partitions[p], $"partition {p}");
            if (!journal.IsRead) yield return $"{at}: {journal.Unread} entries are not applied";
            if (stored.SortedSet("due").Any(due => due.Value <= journal.ClockMs)) yield return $"{at}: profiles are due";
            var flow = new Dictionary<string, string>();
            foreach (var segment in FaultRig.Definitions.Segments.Values)
            {
                foreach (var difference in Moves(segment, journal, stored, snapshot.Told.ContainsKey(segment.Name), flow)) yield return $"{at}: {difference}";
            }
            foreach (var difference in Compare("flow", flow, stored.Hash("flow"))) yield return $"{at}: {difference}";
            foreach (var difference in Profiles(journal, stored).Concat(Forwarded(snapshot, p))) yield return $"{at}: {difference}";
        }
        foreach (var difference in OfNeverErased(snapshot, producers, merges)) yield return difference;
        if (!tellsAll) yield break;
        foreach (var (segment, told) in snapshot.Told)
        {
            var written = snapshot.Journal.Partitions.SelectMany(p => p.ToldOf(segment));
            foreach (var difference in Compare($"what the audience of {segment} was told", ByProfile(written), ByProfile(told))) yield return difference;
            var members = MembersOf(snapshot, segment);
            if (!snapshot.Audiences[segment].SetEquals(members)) yield return $"the audience of {segment} has {snapshot.Audiences[segment].Count} members";
        }
    }

    // Under the id that it was sent with, or that of one that this one was merged into.
    private static bool WasSent(CustomerEvent e, Producers producers, Merges merges) =>
        producers.Sent.GetValueOrDefault(e.Id) is { } sent && sent with { ProfileId = e.ProfileId } == e && merges.TargetOf(sent.ProfileId) == merges.TargetOf(e.ProfileId);

    // Nothing of a merged profile is in a log but what was sent on to it.
    private static bool IsAsSent(LogEntry entry, Producers producers) => entry.Profile?.Merged is null && entry.Events.All(e => producers.Sent.GetValueOrDefault(e.Id) == e);

    // What a partition has had for each other one is in that one's log, once and in the same order, and nowhere else any more.
    private static IEnumerable<string> Forwarded(Snapshot snapshot, int from)
    {
        for (var to = 0; to < FaultRig.Partitions; to++)
        {
            var forwarded = snapshot.Journal.Partitions[from].ForwardedTo(to, FaultRig.Partitions);
            var received = snapshot.Journal.Partitions[to].ReceivedFrom(from);
            if (!received.SequenceEqual(forwarded)) yield return $"{received.Count} entries were received by partition {to}, expected\n{string.Join('\n', forwarded)}\nbut got\n{string.Join('\n', received)}";
        }
        if (snapshot.Partitions[from].ForwardLength is > 0 and var left) yield return $"{left} entries are not cut off";
    }

    // Whatever was sent, over all partitions: each event is held once, by the profile that the one that it was sent for counts for.
    private static IEnumerable<string> OfNeverErased(Snapshot snapshot, Producers producers, Merges merges)
    {
        var expected = producers.Sent.Values.Where(e => !Producers.IsErasable(e.ProfileId)).ToDictionary(e => e.Id, e => merges.TargetOf(e.ProfileId));
        var held = snapshot.Partitions.SelectMany(p => p.Events).Where(e => !Producers.IsErasable(e.ProfileId)).GroupBy(e => e.Id);
        return Compare("the profile of", expected, held.ToDictionary(e => e.Key, e => string.Join(' ', e.Select(of => of.ProfileId))));
    }

    /// <summary>The ids of events and the marks of changes and merges that were accepted for good.</summary>
    public static HashSet<string> Known(Journal journal)
    {
        var known = journal.Events.Select(e => e.Id).ToHashSet();
        var changes = journal.Entries.Select(entry => entry.Profile).OfType<ProfileChange>();
        known.UnionWith(changes.SelectMany(change => change.Properties).Where(p => p.Key == "mark").Select(p => p.Value.ToString()!));
        known.UnionWith(journal.Merges.Select(merge => Producers.MarkOfMerge(merge.ProfileId)));
        return known;
    }

    private static IEnumerable<string> Moves(SegmentCompilation segment, PartitionJournal journal, StoredPartition stored, bool isFollowed, Dictionary<string, string> flow)
    {
        var moves = new FlipOracle(segment.Definition!).Run(journal.Applied, journal.ClockMs);
        var all = moves.SelectMany(m => m).ToArray();
        var told = isFollowed ? all : [];
        var expected = moves.Where(m => m.Last().Enters).ToDictionary(m => m.Key, m => m.Last().AtMs);
        foreach (var count in all.GroupBy(m => $"{segment.Name}|{m.AtMs / 60_000}|{(m.Enters ? '+' : '-')}"))
            flow[count.Key] = count.Count().ToString(CultureInfo.InvariantCulture);
        if (all.Length > 0) flow[segment.Name + "|last"] = all.Max(m => m.AtMs).ToString(CultureInfo.InvariantCulture);
        return Compare("members of " + segment.Name, expected, Members(stored, segment))
            .Concat(Compare("outbox of " + segment.Name, ByProfile(told), ByProfile(journal.ToldOf(segment.Name))));
    }

    private static IEnumerable<string> Profiles(PartitionJournal journal, StoredPartition stored)
    {
        var profiles = Oracle.Replay(journal.Applied);
        var events = stored.SortedSets.Where(s => s.Key.StartsWith("events:", StringComparison.Ordinal)).ToDictionary(s => s.Key, s => Format(s.Value));
        var expected = profiles.Values.SelectMany(p => p.EventNames.Select(name => p.History(name)!)
            .Select(history => (Key: $"events:{p.Id}:{history.Name}", Events: Format(history.ToDictionary(Member, o => o.TimeMs))))).ToDictionary(e => e.Key, e => e.Events);
        foreach (var difference in Compare("events", expected, events)) yield return difference;
        foreach (var difference in Compare("profiles", profiles.ToDictionary(p => p.Key, _ => 0L), stored.SortedSet("profiles"))) yield return difference;
        foreach (var difference in Compare("merged", journal.Merged.ToDictionary(m => m.Key, m => "into=" + m.Value), stored.Merged)) yield return difference;

        // Early is allowed, late or missing is not.
        foreach (var profile in profiles.Values)
        {
            var due = stored.SortedSet("due").GetValueOrDefault(profile.Id, long.MaxValue);
            foreach (var segment in FaultRig.Definitions.Segments.Values)
            {
                if (Oracle.FlipAfter(profile, segment.Definition!, journal.ClockMs) is { } flipMs && due > flipMs)
                    yield return $"{profile.Id} is due at {due} and flips in {segment.Name} at {flipMs}";
            }
        }
    }

    private static string Member(Occurrence o) => $"{o.Id}\t{o.Value}\t{o.Refunds}".TrimEnd('\t');

    private static string Format(IEnumerable<KeyValuePair<string, long>> members) => string.Join(' ', members.Select(m => $"{m.Value}={m.Key}").Order(StringComparer.Ordinal));

    /// <summary>Who is in a segment, over all partitions.</summary>
    public static IEnumerable<string> MembersOf(Snapshot snapshot, string segment) =>
        snapshot.Partitions.SelectMany(p => Members(p, FaultRig.Definitions.Segments[segment]).Keys);

    private static IReadOnlyDictionary<string, long> Members(StoredPartition stored, SegmentCompilation segment) => stored.SortedSet(Keys.MembersSuffix(segment.Name, segment.Revision!));

    private static Dictionary<string, string> ByProfile(IEnumerable<Flip> flips) =>
        flips.GroupBy(f => f.Profile).ToDictionary(g => g.Key, g => string.Join(' ', g.Select(f => $"{(f.Enters ? '+' : '-')}{f.AtMs}{f.Cause[0]}")));

    private static IEnumerable<string> Compare<T>(string what, IReadOnlyDictionary<string, T> expected, IReadOnlyDictionary<string, T> actual)
    {
        foreach (var key in expected.Keys.Union(actual.Keys).Order(StringComparer.Ordinal))
        {
            var (wanted, found) = (expected.TryGetValue(key, out var e) ? $"{e}" : "nothing", actual.TryGetValue(key, out var a) ? $"{a}" : "nothing");
            if (wanted != found) yield return $"{what}: {key} is {found}, expected {wanted}";
        }
    }
}
