using Segmentation.Operator.Storage;
using Segmentation.Operator.Workspaces;
using Segmentation.Resources;
using StackExchange.Redis;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>
/// What must be in Redis, worked out from what was acknowledged alone: every profile is replayed with fresh engine objects, and every segment
/// evaluated by brute force.
/// </summary>
internal static class Oracle
{
    /// <summary>Members, due times, tallies and outbox agree with the acknowledged log and with each other.</summary>
    public static async Task ShouldAgreeAsync(DataPlane plane, string because)
    {
        var profiles = Replay(plane);
        var compiled = Compile(plane);
        foreach (var name in plane.Segments.Keys)
        {
            var definition = compiled.Segments[name].Definition.ShouldNotBeNull();
            var entry = plane.Workspace.Catalog.Segments.GetValueOrDefault(name).ShouldNotBeNull($"{because}: {name} is declared");
            entry.Serving.ShouldNotBeNull($"{because}: {name} has had its backfill").Revision.ShouldBe(compiled.Segments[name].Revision, because);
            var expected = profiles.Values.Where(p => Evaluate(p, definition, plane.Clock.NowMs).Matches).Select(p => p.Id).Order(StringComparer.Ordinal).ToArray();
            var actual = await MembersAsync(plane, name, entry.Serving.Revision);
            actual.Keys.Order(StringComparer.Ordinal).ToArray().ShouldBe(expected, $"{because}: members of {name}");
            plane.Workspace.NumbersOf(name, entry.Serving.Revision).Members.ShouldBe(expected.Length, $"{because}: counted members of {name}");
            if (plane.IsFollowed(name)) await OutboxShouldLeadToAsync(plane, name, actual, because);
            else (await OutboxAsync(plane, name)).ShouldBeEmpty($"{because}: nobody reads the outbox of {name}");
        }
        await DueTimesShouldHoldAsync(plane, profiles, compiled, because);
        foreach (var id in plane.Acknowledged.Select(a => a.Erased).OfType<string>().Distinct().Where(id => !profiles.ContainsKey(id)))
            (await Traces.OfAsync(plane, id)).ShouldBeEmpty($"{because}: {id} was erased");
        await MergedShouldHoldNothingAsync(plane, because);
    }

    /// <summary>The profiles after every acknowledged entry, in the order of the acknowledgements.</summary>
    public static Dictionary<string, Profile> Replay(DataPlane plane) => Replay(plane.Acknowledged);

    /// <remarks>What came for merged profiles counts as if it had come for the others from the beginning, so changes must not depend on their order.</remarks>
    public static Dictionary<string, Profile> Replay(IReadOnlyCollection<Acknowledged> acknowledged)
    {
        var profiles = new Dictionary<string, Profile>();
        var merges = Merges.Of(acknowledged);
        foreach (var entry in acknowledged)
        {
            var (atMs, events, change, erased) = entry;
            foreach (var e in events) merges.ProfileOf(e.ProfileId, profiles).Add(e with { ProfileId = merges.TargetOf(e.ProfileId) });
            if (change is not null) Change(merges.ProfileOf(change.ProfileId, profiles), change, atMs);
            if (erased is not null) profiles.Remove(erased);
            if (entry.Merge is { } merge) merges.ProfileOf(merge.ProfileId, profiles);
        }
        return profiles;
    }

    public static void Change(Profile profile, ProfileChange change, long atMs)
    {
        var properties = profile.Properties.Where(p => change.Merge || ProfileFacts.IsFact(p.Key)).ToDictionary(p => p.Key, p => p.Value);
        foreach (var name in change.Removed) properties.Remove(name);
        foreach (var (name, value) in change.Properties.Where(p => change.Merged is null || !properties.ContainsKey(p.Key))) properties[name] = value;
        profile.ChangeProperties(PropertyBag.Of(properties, PropertyBag.MaxCountWithFacts), atMs);
        foreach (var fact in change.Facts ?? []) profile.State(fact, atMs);
    }

    public static WorkspaceDefinition Compile(DataPlane plane)
    {
        var first = WorkspaceCompiler.Compile(plane.Segments, plane.Policies, new Dictionary<string, RfmBreakPoints>());
        var points = new Dictionary<string, RfmBreakPoints>();
        var models = new Dictionary<string, PredictionModel>();
        foreach (var (name, policy) in first.Policies)
        {
            var key = WorkspacePlanner.PolicyKey(name, policy.Revision!);
            if (plane.Workspace.Catalog.BreakPoints.GetValueOrDefault(key)?.ToBreakPoints() is { } known) points[name] = known;
            if (plane.Workspace.Catalog.Models.GetValueOrDefault(key)?.Model?.ToModel() is { } model) models[name] = model;
        }
        return WorkspaceCompiler.Compile(plane.Segments, plane.Policies, points, models: models);
    }

    public static Verdict Evaluate(Profile profile, SegmentDefinition definition, long atMs)
    {
        var evaluation = new Evaluation();
        evaluation.Begin(profile, atMs);
        return evaluation.Evaluate(definition);
    }

    /// <summary>Profile to joined-at, over all partitions.</summary>
    public static async Task<Dictionary<string, long>> MembersAsync(DataPlane plane, string segment, string revision)
    {
        var members = new Dictionary<string, long>();
        for (var p = 0; p < plane.PartitionCount; p++)
        {
            var key = Keys.Members(Keys.Partition(plane.Name, p), segment, revision);
            foreach (var entry in await plane.Redis.Database.SortedSetRangeByRankWithScoresAsync(key))
                members.Add((string)entry.Element!, (long)entry.Score);
        }
        return members;
    }

    /// <summary>A segment's outbox entries in order, by partition.</summary>
    public static async Task<List<Flip>> OutboxAsync(DataPlane plane, string segment)
    {
        var flips = new List<Flip>();
        for (var p = 0; p < plane.PartitionCount; p++)
        {
            var reply = (RedisResult[])(await plane.Redis.Database.ExecuteAsync("XRANGE", Keys.Outbox(Keys.Partition(plane.Name, p), segment), "-", "+"))!;
            foreach (var entry in reply)
            {
                var fields = (RedisValue[])((RedisResult[])entry!)[1]!;
                flips.Add(new Flip((string)fields[1]!, (string)fields[3]! == "+", (long)fields[5], (string)fields[7]!));
            }
        }
        return flips;
    }

    private static async Task OutboxShouldLeadToAsync(DataPlane plane, string segment, Dictionary<string, long> members, string because)
    {
        var told = new HashSet<string>();
        foreach (var flip in await OutboxAsync(plane, segment))
            (flip.Enters ? told.Add(flip.Profile) : told.Remove(flip.Profile)).ShouldBeTrue($"{because}: {segment}'s outbox tells {flip}, which changes nothing");
        told.Order(StringComparer.Ordinal).ToArray().ShouldBe(members.Keys.Order(StringComparer.Ordinal).ToArray(), $"{because}: the outbox of {segment}, replayed from nothing");
    }

    private static async Task MergedShouldHoldNothingAsync(DataPlane plane, string because)
    {
        foreach (var id in Merges.Of(plane.Acknowledged).Sources)
        {
            var profile = Keys.Profile(Keys.Partition(plane.Name, PartitionHash.Of(id, plane.PartitionCount)), id);
            (await Traces.OfAsync(plane, id)).ShouldBe([(string)profile!], $"{because}: {id} was merged");
            (await plane.Redis.Database.HashKeysAsync(profile)).ShouldBe([(RedisValue)StoredProfile.IntoField], $"{because}: {id} was merged");
        }
    }

    // Early is allowed, late or missing is not.
    private static async Task DueTimesShouldHoldAsync(DataPlane plane, Dictionary<string, Profile> profiles, WorkspaceDefinition compiled, string because)
    {
        var nowMs = plane.Clock.NowMs;
        foreach (var profile in profiles.Values)
        {
            var prefix = Keys.Partition(plane.Name, PartitionHash.Of(profile.Id, plane.PartitionCount));
            var due = await plane.Redis.Database.SortedSetScoreAsync(Keys.Due(prefix), profile.Id) ?? double.PositiveInfinity;
            due.ShouldBeGreaterThan(nowMs, $"{because}: {profile.Id} is due and was not looked at");
            foreach (var segment in compiled.Segments.Values.Where(s => s.Definition is not null))
            {
                if (FlipAfter(profile, segment.Definition!, nowMs) is { } flipMs)
                    due.ShouldBeLessThanOrEqualTo(flipMs, $"{because}: {profile.Id} flips in {segment.Name}");
            }
        }
    }

    /// <summary>The next instant at which time alone changes the answer; null when none does.</summary>
    public static long? FlipAfter(Profile profile, SegmentDefinition definition, long afterMs)
    {
        var now = Evaluate(profile, definition, afterMs);
        var next = now;
        while (next.NextChangeMs != Verdict.Never)
        {
            var atMs = next.NextChangeMs;
            next = Evaluate(profile, definition, atMs);
            if (next.Matches != now.Matches) return atMs;
        }
        return null;
    }
}

/// <summary>One move, as the outbox tells it.</summary>
internal sealed record Flip(string Profile, bool Enters, long AtMs, string Cause);
