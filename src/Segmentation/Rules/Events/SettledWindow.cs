namespace Segmentation;

/// <summary>
/// The closed forms of an event rule for a history with nothing still to come: occurrences only leave, the oldest first. So the whole
/// future of a count, of a sum that no amount lowers, and of an extreme lies in one or two occurrences, found from the newest backwards
/// without looking at the rest of the window; that of different values and of the first and last amount likewise. All answers are exact.
/// </summary>
internal readonly ref partial struct SettledWindow
{
    private readonly EventRule rule;
    private readonly PlainTimeframe frame;
    private readonly OccurrenceHistory history;
    private readonly long instantMs;
    private readonly Evaluation e;

    // In the window are the indices from oldest up to, without, end.
    private readonly int oldest;
    private readonly int end;

    public SettledWindow(EventRule rule, PlainTimeframe frame, OccurrenceHistory history, Evaluation e)
    {
        this.rule = rule;
        this.frame = frame;
        this.history = history;
        this.e = e;
        instantMs = e.InstantMs;
        (oldest, end) = history.Range(frame.FromMs(instantMs), frame.UntilMs(instantMs));
    }

    public static bool CanAnswer(EventRule rule, PlainTimeframe frame, OccurrenceHistory history, long instantMs)
    {
        if (frame.EntersLate || history.LatestEffectMs > instantMs)
            return false;
        if (rule.Aggregate is Aggregate.Count or Aggregate.Distinct or Aggregate.First or Aggregate.Last)
            return true;
        if (rule.Comparison.Operator is not (ComparisonOperator.Gt or ComparisonOperator.Gte or ComparisonOperator.Lt or ComparisonOperator.Lte))
            return false;
        return rule.Aggregate switch
        {
            Aggregate.Sum => rule.Of.PropertyName is null && !history.HasNegativeValues,
            Aggregate.Minimum or Aggregate.Maximum => true,
            _ => false,
        };
    }

    public Verdict Evaluate() => rule.Aggregate switch
    {
        Aggregate.Count => EvaluateCount(),
        Aggregate.Sum => EvaluateSum(),
        Aggregate.Distinct => EvaluateDistinct(),
        Aggregate.First => EvaluateFirst(),
        Aggregate.Last => EvaluateLast(),
        _ => EvaluateExtreme(),
    };

    /// <summary>As long as the k-th newest occurrence is in the window, the count is at least k.</summary>
    private Verdict EvaluateCount()
    {
        var bounds = rule.CountBounds;
        var least = KthNewest(bounds.Least, end, 0);
        var tooMany = bounds.TooMany is { } bound && least >= 0 ? KthNewest(bound, least, bounds.Least) : -1;
        return AnswerCount(least, tooMany);
    }

    private Verdict AnswerCount(int least, int tooMany)
    {
        var inside = least >= 0 && tooMany < 0;
        return Answer(inside != rule.CountBounds.Negated, NextCountChange(least, tooMany));
    }

    private long NextCountChange(int least, int tooMany)
    {
        if (least < 0)
            return Verdict.Never;
        var fallsBelow = LeavesAt(least);
        if (tooMany < 0)
            return fallsBelow;
        // Where both leave at once, the count falls from too many to too few and is never in between.
        var fallsInside = LeavesAt(tooMany);
        return fallsInside == fallsBelow ? Verdict.Never : fallsInside;
    }

    // The index of the k-th newest occurrence that counts, where below the index before already found were; the window's end
    // when k is zero, which is always reached; -1 when there are fewer.
    private int KthNewest(long k, int before, long found)
    {
        if (k <= found)
            return before;
        if (rule.Selection.Where.Count == 0 && !history.HasRefunds)
            return before - (k - found) >= oldest ? (int)(before - (k - found)) : -1;
        for (var i = before - 1; i >= oldest; i--)
        {
            if (rule.Selection.Counts(history, i, instantMs) && ++found == k)
                return i;
        }

        return -1;
    }

    /// <summary>
    /// No amount being negative, the sum stays at its bound or above until that occurrence leaves with which, counted from the newest, it
    /// was reached. (To be below is not to have reached it.)
    /// </summary>
    private Verdict EvaluateSum()
    {
        var asksToReach = rule.Comparison.Operator is ComparisonOperator.Gt or ComparisonOperator.Gte;
        var sum = 0m;
        for (var i = end; ;)
        {
            if (rule.Comparison.Holds(sum) == asksToReach)
                return Answer(asksToReach, LeavesAt(i));
            if (--i < oldest)
                return Answer(!asksToReach, Verdict.Never);
            sum += AmountAt(i) ?? 0m;
        }
    }

    /// <summary>
    /// A maximum is at its bound or above as long as the newest such amount is in the window; it is below when there are amounts and none
    /// such. A minimum likewise, the other way up.
    /// </summary>
    private Verdict EvaluateExtreme()
    {
        var asksForHigh = rule.Comparison.Operator is ComparisonOperator.Gt or ComparisonOperator.Gte;
        var asksForExtreme = asksForHigh == (rule.Aggregate == Aggregate.Maximum);
        var newest = -1;
        var extreme = -1;
        for (var i = end - 1; i >= oldest && extreme < 0; i--)
        {
            if (AmountAt(i) is not { } amount)
                continue;
            newest = newest < 0 ? i : newest;
            if (rule.Comparison.Holds(amount) == asksForExtreme)
                extreme = i;
        }

        if (asksForExtreme)
            return Answer(extreme >= 0, extreme >= 0 ? LeavesAt(extreme) : Verdict.Never);
        if (extreme < 0)
            return Answer(newest >= 0, newest >= 0 ? LeavesAt(newest) : Verdict.Never);
        // Where nothing newer stays behind, the window is empty of amounts after the extreme and the comparison still does not hold.
        return Answer(false, LeavesAt(newest) > LeavesAt(extreme) ? LeavesAt(extreme) : Verdict.Never);
    }

    private decimal? AmountAt(int index)
    {
        var amount = rule.Of.AmountAt(history, index, instantMs);
        return amount is not null && rule.Selection.Selects(history, index) ? amount : null;
    }

    private long LeavesAt(int index) => index == end ? Verdict.Never : frame.LeavesAt(history.TimeAt(index));

    private Verdict Answer(bool matches, long nextChangeMs) => new(matches, nextChangeMs, rule);
}
