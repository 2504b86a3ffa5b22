namespace Segmentation;

/// <summary>Takes the dimensions of a policy from a profile at an instant and scores them.</summary>
internal ref struct RfmScoring
{
    private readonly RfmPolicyDefinition policy;
    private readonly long instantMs;
    private long lastPurchaseMs;
    private int purchases;
    private int days;
    private long lastDay;
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
        return scoring.ToScore(profile.Tiers);
    }

    /// <summary>The purchases that count at the instant, in order of time, instead of what was in the list.</summary>
    public static void CollectPurchases(RfmPolicyDefinition policy, Profile profile, long instantMs, List<Purchase> into) =>
        CollectPurchases(policy, profile, instantMs - policy.WindowMs, instantMs, into);

    /// <summary>The purchases that count after an instant, exclusive, up to another, inclusive, as that one knows them, in order of time.</summary>
    public static void CollectPurchases(RfmPolicyDefinition policy, Profile profile, long afterMs, long instantMs, List<Purchase> into)
    {
        into.Clear();
        if (profile.History(policy.PurchaseEvent) is not { } history)
            return;
        var end = history.CountUpTo(instantMs);
        for (var i = history.CountUpTo(afterMs); i < end; i++)
        {
            if (AmountOf(policy, history, i, instantMs) is { } amount)
                into.Add(new Purchase(history.TimeAt(i), amount));
        }
    }

    // What the purchase is worth at the instant; null for one that does not count. One that does not will not either later: amounts only fall.
    private static decimal? AmountOf(RfmPolicyDefinition policy, OccurrenceHistory history, int index, long instantMs)
    {
        if (history.IsTakenBackAt(index, instantMs))
            return null;
        var amount = policy.Amount.AmountAt(history, index, instantMs) ?? 0m;
        return policy.ExcludesZeroValues && amount <= 0m ? null : amount;
    }

    private void AddPurchases(OccurrenceHistory history)
    {
        var (start, end) = Window(history);
        for (var i = start; i < end; i++)
        {
            if (AmountOf(policy, history, i, instantMs) is not { } amount)
                continue;
            lastPurchaseMs = history.TimeAt(i);
            var day = PurchaseSummary.DayOf(lastPurchaseMs);
            days += purchases == 0 || day != lastDay ? 1 : 0;
            lastDay = day;
            purchases++;
            spent += amount;
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

    private RfmScore ToScore(TierHistory? history)
    {
        if (purchases == 0)
            return new RfmScore(0, 0, 0, null, 0, 0, 0m, nextChangeMs);
        var known = new RfmScore(0, 0, 0, null, lastPurchaseMs, purchases, spent, nextChangeMs)
        {
            FrequencyValue = policy.Frequency == RfmFrequency.Days ? days : purchases,
        };
        known = known with { MonetaryValue = policy.Monetary == RfmMonetary.Average ? known.AverageOrderValue : spent };
        if (policy.BreakPoints is not { } breakPoints)
            return known;
        var ageMs = instantMs - lastPurchaseMs;
        var nextAgeMs = breakPoints.NextAge(ageMs, policy.Hysteresis?.MarginPercent ?? 0);
        if (nextAgeMs <= policy.WindowMs)
            ChangesAt(lastPurchaseMs + nextAgeMs);
        var (r, f, m) = (breakPoints.RecencyDigit(ageMs), breakPoints.FrequencyDigit(known.FrequencyValue), breakPoints.MonetaryDigit(known.MonetaryValue));
        return known with
        {
            Recency = r,
            Frequency = f,
            Monetary = m,
            Combined = policy.Weights.Combine(r, f, m),
            Tier = Held(history, known, ageMs) ?? policy.Tiers.TierOf(r, f, m, known.FrequencyValue),
            NextChangeMs = nextChangeMs,
        };
    }

    // The tier that the profile stays in; null when the digits decide.
    private string? Held(TierHistory? history, in RfmScore known, long ageMs)
    {
        if (policy.Hysteresis is not { } hysteresis || history?.PresentOf(policy.Name) is not { } present || !policy.Tiers.Names.Contains(present.Tier))
            return null;
        if (instantMs - present.SinceMs < hysteresis.MinDwellMs)
        {
            ChangesAt(present.SinceMs + hysteresis.MinDwellMs);
            return present.Tier;
        }

        var around = policy.BreakPoints!.DigitsAround(ageMs, known.FrequencyValue, known.MonetaryValue, hysteresis.MarginPercent);
        return policy.Tiers.Reaches(present.Tier, around, known.FrequencyValue) ? present.Tier : null;
    }
}
