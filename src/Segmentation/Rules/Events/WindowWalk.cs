namespace Segmentation;

/// <summary>
/// Evaluates an event rule by walking, from the instant on, every instant at which an occurrence leaves the window, enters it or is taken
/// back, until the rule's answer is another: that instant is the exact next change. Each step costs constant time.
/// </summary>
internal ref struct WindowWalk
{
    private readonly EventRule rule;
    private readonly PlainTimeframe frame;
    private readonly OccurrenceHistory history;
    private readonly List<(long AtMs, int Index)> refunds;
    private WindowTally tally;

    // In the window are the indices from leaving up to, without, entering.
    private int leaving;
    private int entering;
    private int refunding;

    private WindowWalk(EventRule rule, PlainTimeframe frame, OccurrenceHistory history, List<(long AtMs, int Index)> refunds, long instantMs)
    {
        this.rule = rule;
        this.frame = frame;
        this.history = history;
        this.refunds = refunds;
        (leaving, entering) = history.Range(frame.FromMs(instantMs), frame.UntilMs(instantMs));
    }

    public static Verdict Evaluate(EventRule rule, PlainTimeframe frame, OccurrenceHistory history, Evaluation e)
    {
        var walk = new WindowWalk(rule, frame, history, e.Refunds, e.InstantMs);
        for (var i = walk.leaving; i < walk.entering; i++)
            walk.Add(i, e.InstantMs);
        var matches = walk.tally.Holds(rule);
        if (history.LatestEffectMs > e.InstantMs || frame.Moves)
            return new Verdict(matches, walk.NextChange(matches, e.InstantMs), rule);
        return new Verdict(matches, Verdict.Never, rule);
    }

    private long NextChange(bool matches, long instantMs)
    {
        FindRefundsAfter(instantMs);
        while (true)
        {
            var at = NextStep();
            if (at == Verdict.Never)
                return Verdict.Never;
            Step(at);
            if (tally.Holds(rule) != matches)
                return at;
        }
    }

    private void FindRefundsAfter(long instantMs)
    {
        refunds.Clear();
        if (!history.HasRefunds || history.LatestEffectMs <= instantMs)
            return;
        for (var i = leaving; i < history.Count; i++)
        {
            foreach (var refund in history.LedgerAt(i)?.Refunds ?? [])
            {
                // Of several at one instant the first tells it all: amounts are asked for as of the instant.
                if (refund.AtMs > instantMs && (refunds.Count == 0 || refunds[^1] != (refund.AtMs, i)))
                    refunds.Add((refund.AtMs, i));
            }
        }

        refunds.Sort();
    }

    private readonly long NextStep()
    {
        var at = leaving < entering ? frame.LeavesAt(history.TimeAt(leaving)) : Verdict.Never;
        if (entering < history.Count)
            at = Math.Min(at, frame.EntersAt(history.TimeAt(entering)));
        return refunding < refunds.Count ? Math.Min(at, refunds[refunding].AtMs) : at;
    }

    private void Step(long atMs)
    {
        for (; leaving < entering && frame.LeavesAt(history.TimeAt(leaving)) == atMs; leaving++)
            Remove(leaving, atMs - 1);
        for (; refunding < refunds.Count && refunds[refunding].AtMs == atMs; refunding++)
        {
            var index = refunds[refunding].Index;
            if (index < leaving || index >= entering)
                continue;
            Remove(index, atMs - 1);
            Add(index, atMs);
        }

        for (; entering < history.Count && frame.EntersAt(history.TimeAt(entering)) == atMs; entering++)
            Add(entering, atMs);
    }

    private void Add(int index, long atMs)
    {
        if (Contribution(index, atMs) is { } amount)
            tally.Add(amount, rule);
    }

    private void Remove(int index, long atMs)
    {
        if (Contribution(index, atMs) is { } amount)
            tally.Remove(amount, rule);
    }

    // Null when the occurrence takes no part at the instant.
    private readonly decimal? Contribution(int index, long atMs)
    {
        var amount = rule.Aggregate == Aggregate.Count
            ? history.IsTakenBackAt(index, atMs) ? null : 0m
            : rule.Of.AmountAt(history, index, atMs);
        return amount is not null && rule.Selection.Selects(history, index) ? amount : null;
    }
}
