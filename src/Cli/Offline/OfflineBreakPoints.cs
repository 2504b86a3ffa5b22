namespace Segmentation.Cli.Offline;

/// <summary>Works out the break points of a quantile policy from the profiles at hand, as the operator does from all profiles of a workspace.</summary>
internal static class OfflineBreakPoints
{
    /// <returns>Null when no profile has a purchase that counts, so that there is nothing to rank.</returns>
    public static RfmBreakPoints? Of(RfmPolicyDefinition policy, IReadOnlyCollection<Profile> profiles, long asOfMs)
    {
        var ages = new List<long>();
        var frequencies = new List<long>();
        var monetaries = new List<decimal>();
        RfmPolicyDefinition unranked = policy.With(breakPoints: null);
        var evaluation = new Evaluation();
        foreach (Profile profile in profiles)
        {
            evaluation.Begin(profile, asOfMs);
            RfmScore score = evaluation.Score(unranked);
            if (!score.HasPurchase)
                continue;
            ages.Add(asOfMs - score.LastPurchaseMs);
            frequencies.Add(score.FrequencyValue);
            monetaries.Add(score.MonetaryValue);
        }
        return ages.Count == 0 ? null : policy.Draw([.. ages], [.. frequencies], [.. monetaries]);
    }
}
