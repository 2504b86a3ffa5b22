using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Workspaces;
using StackExchange.Redis;

namespace Segmentation.Operator.Http;

/// <summary>Reads one profile with its scores and memberships, on any replica.</summary>
internal sealed class ProfileReader(RedisConnection redis, EventAppender appender, ServingViews views, BusinessClock clock)
{
    private static readonly Dictionary<string, ConsentItem> NoConsent = [];
    private static readonly Dictionary<string, bool> NoSuppression = [];

    /// <returns>Null for an id that the workspace has never seen.</returns>
    public async Task<ProfileResponse?> ReadAsync(string workspace, string profileId)
    {
        var store = await StoreAsync(workspace, profileId);
        var (view, stored, joinedAt) = await views.ReadAsync(workspace, async view => (
            view,
            (await store.LoadAsync([profileId], view.Watched))[0],
            await redis.AskAsync(db => Task.WhenAll(view.Segments.Select(segment =>
                db.SortedSetScoreAsync(Keys.Members(store.Prefix, segment.Definition.Name, segment.Revision), profileId, CommandFlags.DemandMaster))))));
        if (stored.MergedInto is { } into) return new ProfileResponse(profileId, PropertyBag.Empty, NoConsent, NoSuppression, [], [], [], into);
        if (!stored.Exists) return null;
        var evaluation = new Evaluation();
        evaluation.Begin(stored.Profile, clock.NowMs);
        return new ProfileResponse(
            profileId,
            PropertyBag.Of(stored.Profile.Properties.Where(property => !ProfileFacts.IsFact(property.Key))),
            ProfileFactItems.Consent(stored.Profile),
            ProfileFactItems.Suppressed(stored.Profile),
            [.. stored.Profile.EventNames.Order(StringComparer.Ordinal).Select(name => Counter(stored.Profile.History(name)!))],
            [.. view.Policies.Select(policy => RfmItems.Of(policy, evaluation, stored.Tiers))],
            [.. view.Segments.Select((segment, i) => Membership(stored.Profile, segment.Definition, joinedAt[i]))]);
    }

    /// <summary>The profile that one was merged into, as far as that has been applied; null for none.</summary>
    public async Task<string?> MergedIntoAsync(string workspace, string profileId)
    {
        var store = await StoreAsync(workspace, profileId);
        return await redis.AskAsync(db => db.HashGetAsync(Keys.Profile(store.Prefix, profileId), StoredProfile.IntoField, CommandFlags.DemandMaster));
    }

    /// <returns>Null for an id that the workspace has never seen or that was merged into another, or a segment that serves no members.</returns>
    public async Task<ServedExplanation?> ExplainAsync(string workspace, string profileId, string segment)
    {
        var store = await StoreAsync(workspace, profileId);
        return await views.ReadAsync(workspace, async view =>
        {
            if (view.Find(segment) is not { } serving) return null;
            var stored = (await store.LoadAsync([profileId], view.Watched))[0];
            if (!stored.Exists) return null;
            var key = Keys.Members(store.Prefix, segment, serving.Revision);
            var joinedAt = await redis.AskAsync(db => db.SortedSetScoreAsync(key, profileId, CommandFlags.DemandMaster));
            return new ServedExplanation(SegmentExplanation.Of(serving.Definition, stored.Profile, clock.NowMs), (long?)joinedAt);
        });
    }

    private async Task<PartitionStore> StoreAsync(string workspace, string profileId) =>
        new(redis, workspace, PartitionHash.Of(profileId, await appender.PartitionsOfAsync(workspace)));

    private EventCounter Counter(OccurrenceHistory history) => new(
        history.Name,
        history.Count(o => o.TimeMs <= clock.NowMs && o.TakenBackAtMs > clock.NowMs),
        history.Where(o => o.TimeMs <= clock.NowMs).Sum(o => o.ValueLeftAt(clock.NowMs) ?? 0),
        DateTimeOffset.FromUnixTimeMilliseconds(history[0].TimeMs),
        DateTimeOffset.FromUnixTimeMilliseconds(history[history.Count - 1].TimeMs));

    private MembershipItem Membership(Profile profile, SegmentDefinition definition, double? joinedAtMs)
    {
        var next = SegmentExplanation.NextFlip(definition, profile, clock.NowMs);
        return new MembershipItem(
            definition.Name,
            joinedAtMs is not null,
            joinedAtMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds((long)ms) : null,
            next == Verdict.Never ? null : DateTimeOffset.FromUnixTimeMilliseconds(next));
    }
}

/// <summary>An explanation, and since when the profile is a member as served.</summary>
/// <param name="JoinedAtMs">Null when it is no member.</param>
internal sealed record ServedExplanation(SegmentExplanation Explanation, long? JoinedAtMs);
