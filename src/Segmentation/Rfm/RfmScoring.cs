namespace Segmentation;

/// <summary>Takes the dimensions of a policy from a profile at an instant and scores them.</summary>
internal ref struct RfmScoring
{
    private readonly RfmPolicyDefinition policy;
    private readonly long instantMs;
    private long lastPurchaseMs;
    private int purchases;
    private decimal spent;
    private long nextChangeMs;

    private RfmScoring(RfmPolicyDefinition policy, long instantMs)
    {
        this.policy = policy;
        this.instantMs = instantMs;
        nextChangeMs = Verdict.Never;
    }

    public static RfmScore Score(RfmPolicyDefinition policy, Profile profile, long instantMs)
    {
        var scoring = new RfmScoring(policy, instantMs);
        if (profile.History(policy.PurchaseEvent) is { } history)
            scoring.AddPurchases(history);
        if (policy.RefundEvent is { } refundEvent && profile.History(refundEvent) is { } refunds)
            scoring.TakeOffUnlinked(refunds);
        return scoring.ToScore();
    }

    /// <summary>The purchases that count at the instant, in order of time, instead of what was in the list.</summary>
    public static void CollectPurchases(RfmPolicyDefinition policy, Profile profile, long instantMs, List<Purchase> into)
    {
        into.Clear();
        if (profile.History(policy.PurchaseEvent) is not { } history)
            return;
        var (start, end) = new RfmScoring(policy, instantMs).Window(history);
        for (var i = start; i < end; i++)
        {
            if (!history.IsTakenBackAt(i, instantMs))
                into.Add(new Purchase(history.TimeAt(i), policy.Amount.AmountAt(history, i, instantMs) ?? 0m));
        }
    }

    private void AddPurchases(OccurrenceHistory history)
    {
        var (start, end) = Window(history);
        for (var i = start; i < end; i++)
        {
            if (history.IsTakenBackAt(i, instantMs))
                continue;
            purchases++;
            lastPurchaseMs = history.TimeAt(i);
            spent += policy.Amount.AmountAt(history, i, instantMs) ?? 0m;
            ChangesWhenItLeaves(history, i);
        }

        ChangesWhenTheNextTakesEffect(history, start, end);
    }

    // Where a refund names the event that it takes back, that event's amount is lower already.
    private void TakeOffUnlinked(OccurrenceHistory history)
    {
        var (start, end) = Window(history);
        for (var i = start; i < end; i++)
        {
            if (history.LinkAt(i) is not null || history.IsTakenBackAt(i, instantMs))
                continue;
            spent -= Math.Abs(policy.Amount.AmountAt(history, i, instantMs) ?? 0m);
            ChangesWhenItLeaves(history, i);
        }

        ChangesWhenTheNextTakesEffect(history, start, end);
    }

    private readonly (int Start, int End) Window(OccurrenceHistory history) =>
        (history.CountUpTo(instantMs - policy.WindowMs), history.CountUpTo(instantMs));

    private void ChangesWhenItLeaves(OccurrenceHistory history, int index) => ChangesAt(history.TimeAt(index) + policy.WindowMs);

    private void ChangesWhenTheNextTakesEffect(OccurrenceHistory history, int start, int end)
    {
        if (history.LatestEffectMs <= instantMs)
            return;
        if (end < history.Count)
            ChangesAt(history.TimeAt(end));
        for (var i = start; i < end; i++)
        {
            foreach (var refund in history.LedgerAt(i)?.Refunds ?? [])
            {
                if (refund.AtMs > instantMs)
                    ChangesAt(refund.AtMs);
            }
        }
    }

    private void ChangesAt(long atMs) => nextChangeMs = Math.Min(nextChangeMs, atMs);

    private RfmScore ToScore()
    {
        if (purchases == 0)
            return new RfmScore(0, 0, 0, null, 0, 0, 0m, nextChangeMs);
        if (policy.BreakPoints is not { } breakPoints)
            return new RfmScore(0, 0, 0, null, lastPurchaseMs, purchases, spent, nextChangeMs);
        var ageMs = instantMs - lastPurchaseMs;
        var keepsUntilAgeMs = breakPoints.GreatestAgeLike(ageMs);
        if (keepsUntilAgeMs < policy.WindowMs)
            ChangesAt(lastPurchaseMs + keepsUntilAgeMs + 1);
        var (r, f, m) = (breakPoints.RecencyDigit(ageMs), breakPoints.FrequencyDigit(purchases), breakPoints.MonetaryDigit(spent));
        return new RfmScore(r, f, m, policy.Tiers.TierOf(r, f, m, purchases), lastPurchaseMs, purchases, spent, nextChangeMs);
    }
}
