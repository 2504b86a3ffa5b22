namespace Segmentation;

/// <summary>
/// Evaluates an event rule by walking, from the instant on, every instant at which an occurrence leaves the window, enters it or is taken
/// back, until the rule's answer is another: that instant is the exact next change. Each step costs constant time.
/// </summary>
/// <typeparam name="TTally">What the rule makes of the occurrences in the window.</typeparam>
internal ref struct WindowWalk<TTally>
    where TTally : struct, IWindowTally
{
    private readonly PlainTimeframe frame;
    private readonly OccurrenceHistory history;
    private readonly List<(long AtMs, int Index)> refunds;
    private TTally tally;

    // In the window are the indices from leaving up to, without, entering.
    private int leaving;
    private int entering;
    private int refunding;

    // When the oldest leaves and the next one enters, as far as that was asked: to find it in a calendar takes a while.
    private (int Index, long AtMs) leavesAt = (-1, Verdict.Never);
    private (int Index, long AtMs) entersAt = (-1, Verdict.Never);

    private WindowWalk(TTally tally, PlainTimeframe frame, OccurrenceHistory history, Evaluation e)
    {
        this.tally = tally;
        this.frame = frame;
        this.history = history;
        refunds = e.Refunds;
        (leaving, entering) = history.Range(frame.FromMs(e.InstantMs), frame.UntilMs(e.InstantMs));
    }

    public static Verdict Evaluate(TTally tally, EventRule rule, PlainTimeframe frame, OccurrenceHistory history, Evaluation e)
    {
        var walk = new WindowWalk<TTally>(tally, frame, history, e);
        for (var i = walk.leaving; i < walk.entering; i++)
            walk.tally.Add(i, e.InstantMs);
        var matches = walk.tally.Holds(e.InstantMs, walk.leaving);
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
            if (tally.Holds(at, leaving) != matches)
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

    private long NextStep()
    {
        var at = refunding < refunds.Count ? refunds[refunding].AtMs : Verdict.Never;
        if (leaving < entering)
        {
            if (leavesAt.Index != leaving)
                leavesAt = (leaving, frame.LeavesAt(history.TimeAt(leaving)));
            at = Math.Min(at, leavesAt.AtMs);
        }

        if (entering < history.Count)
        {
            if (entersAt.Index != entering)
                entersAt = (entering, frame.EntersAt(history.TimeAt(entering)));
            at = Math.Min(at, entersAt.AtMs);
        }

        return at;
    }

    private void Step(long atMs)
    {
        if (leavesAt.AtMs == atMs)
            Leave(atMs);
        for (; refunding < refunds.Count && refunds[refunding].AtMs == atMs; refunding++)
        {
            var index = refunds[refunding].Index;
            if (index < leaving || index >= entering)
                continue;
            tally.Remove(index, atMs - 1);
            tally.Add(index, atMs);
        }

        if (entersAt.AtMs == atMs)
            Enter(atMs);
    }

    private void Leave(long atMs)
    {
        var fromMs = frame.FromMs(atMs);
        for (; leaving < entering && history.TimeAt(leaving) < fromMs; leaving++)
            tally.Remove(leaving, atMs - 1);
    }

    private void Enter(long atMs)
    {
        var (fromMs, untilMs) = (frame.FromMs(atMs), frame.UntilMs(atMs));
        for (; entering < history.Count && history.TimeAt(entering) <= untilMs; entering++)
        {
            // Where a zone has skipped the day in which it would have been inside, it leaves with everything before it as it enters.
            if (history.TimeAt(entering) < fromMs)
                leaving = entering + 1;
            else
                tally.Add(entering, atMs);
        }
    }
}
