using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Http;

/// <summary>What a policy says of a profile, as the profile API and audiences tell it.</summary>
internal static class RfmItems
{
    /// <param name="evaluation">Begun for the profile, at the instant that is told of.</param>
    /// <param name="tiers">The profile's, as stored.</param>
    public static RfmItem Of(RfmPolicyDefinition policy, Evaluation evaluation, IReadOnlyDictionary<string, StoredTier> tiers)
    {
        var score = evaluation.Score(policy);
        var stored = tiers.GetValueOrDefault(policy.Name);
        return new RfmItem(
            policy.Name,
            score.HasScore ? score.Recency : null,
            score.HasScore ? score.Frequency : null,
            score.HasScore ? score.Monetary : null,
            score.HasScore ? score.Combined : null,
            score.Tier,
            stored.Tier == score.Tier && score.Tier is not null ? DateTimeOffset.FromUnixTimeMilliseconds(stored.SinceMs) : null,
            string.IsNullOrEmpty(stored.Previous) ? null : stored.Previous,
            score.HasPurchase ? DateTimeOffset.FromUnixTimeMilliseconds(score.LastPurchaseMs) : null,
            score.Purchases,
            score.Spent,
            score.HasPurchase ? score.AverageOrderValue : null,
            evaluation.Predict(policy) is { } prediction ? PredictionOf(prediction, score.Spent, evaluation.InstantMs) : null);
    }

    private static PredictionItem PredictionOf(in Prediction prediction, decimal spent, long atMs) => new(
        prediction.ChurnProbability,
        prediction.ExpectedPurchases,
        prediction.NextOrderInMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(atMs + ms, Evaluation.LatestInstantMs)) : null,
        prediction.PredictedValue,
        prediction.PredictedValue + spent);
}
