using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Workspaces;

namespace Segmentation.Operator.Http;

/// <summary>Reads one profile with its scores and memberships, on any replica.</summary>
internal sealed class ProfileReader(RedisConnection redis, EventAppender appender, ServingViews views, BusinessClock clock)
{
    /// <returns>Null for an id that the workspace has never seen.</returns>
    public async Task<ProfileResponse?> ReadAsync(string workspace, string profileId)
    {
        var store = await StoreAsync(workspace, profileId);
        var (view, stored, joinedAt) = await views.ReadAsync(workspace, async view => (
            view,
            (await store.LoadAsync([profileId], view.Watched))[0],
            await redis.WithinTimeout(Task.WhenAll(view.Segments.Select(segment =>
                redis.Database.SortedSetScoreAsync(Keys.Members(store.Prefix, segment.Definition.Name, segment.Revision), profileId))))));
        if (!stored.Exists) return null;
        var evaluation = new Evaluation();
        evaluation.Begin(stored.Profile, clock.NowMs);
        return new ProfileResponse(
            profileId,
            PropertyBag.Of(stored.Profile.Properties.Where(property => !ProfileFacts.IsFact(property.Key))),
            ProfileFactItems.Consent(stored.Profile),
            ProfileFactItems.Suppressed(stored.Profile),
            [.. stored.Profile.EventNames.Order(StringComparer.Ordinal).Select(name => Counter(stored.Profile.History(name)!))],
            [.. view.Policies.Select(policy => Rfm(policy, evaluation, stored.Tiers))],
            [.. view.Segments.Select((segment, i) => Membership(stored.Profile, segment.Definition, joinedAt[i]))]);
    }

    /// <returns>Null for an id that the workspace has never seen, or a segment that serves no members.</returns>
    public async Task<ServedExplanation?> ExplainAsync(string workspace, string profileId, string segment)
    {
        var store = await StoreAsync(workspace, profileId);
        return await views.ReadAsync(workspace, async view =>
        {
            if (view.Find(segment) is not { } serving) return null;
            var stored = (await store.LoadAsync([profileId], view.Watched))[0];
            if (!stored.Exists) return null;
            var joinedAt = await redis.WithinTimeout(redis.Database.SortedSetScoreAsync(Keys.Members(store.Prefix, segment, serving.Revision), profileId));
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

    private static RfmItem Rfm(RfmPolicyDefinition policy, Evaluation evaluation, IReadOnlyDictionary<string, StoredTier> tiers)
    {
        var score = evaluation.Score(policy);
        var stored = tiers.GetValueOrDefault(policy.Name);
        return new RfmItem(
            policy.Name,
            score.HasScore ? score.Recency : null,
            score.HasScore ? score.Frequency : null,
            score.HasScore ? score.Monetary : null,
            score.Tier,
            stored.Tier == score.Tier && score.Tier is not null ? DateTimeOffset.FromUnixTimeMilliseconds(stored.SinceMs) : null,
            string.IsNullOrEmpty(stored.Previous) ? null : stored.Previous,
            score.HasPurchase ? DateTimeOffset.FromUnixTimeMilliseconds(score.LastPurchaseMs) : null,
            score.Purchases,
            score.Spent,
            evaluation.Predict(policy) is { } prediction ? PredictionOf(prediction, score.Spent, evaluation.InstantMs) : null);
    }

    private static PredictionItem PredictionOf(in Prediction prediction, decimal spent, long atMs) => new(
        prediction.ChurnProbability,
        prediction.ExpectedPurchases,
        prediction.NextOrderInMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(atMs + ms, Evaluation.LatestInstantMs)) : null,
        prediction.PredictedValue,
        prediction.PredictedValue + spent);

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
