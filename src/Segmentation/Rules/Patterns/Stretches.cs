namespace Segmentation;

/// <summary>
/// Whether one of several events, or chains of them, is in the timeframe at an instant, and when that changes: each is in it from when its
/// last event enters until its first one leaves. They are given in order, none with an earlier first or last event than the one before.
/// Instants of the timeframe are worked out for few of them only, since that can take long.
/// </summary>
internal struct Stretches(PlainTimeframe frame, long instantMs)
{
    private bool holds;
    private long nextMs = Verdict.Never;

    // Up to, without, the next change, or now when it does not hold yet: the latest time that is inside by then.
    private long insideMs = frame.UntilMs(instantMs);

    // The first event of the latest of those that were inside by then.
    private long? latestMs;

    /// <summary>Takes in the next one; false when further ones make no difference any more.</summary>
    /// <param name="firstMs">The time of its first event, which has not left the timeframe.</param>
    /// <param name="lastMs">The time of its last event.</param>
    /// <param name="readyMs">It does not count before this instant, even when it is in the timeframe. Never earlier than that of the one before.</param>
    public bool Add(long firstMs, long lastMs, long readyMs)
    {
        if (Joins(lastMs, readyMs) || (Extend() && Joins(lastMs, readyMs)))
        {
            latestMs = firstMs;
            return true;
        }

        if (holds)
            return false;
        var enters = Math.Max(readyMs, frame.EntersAt(lastMs));
        if (enters >= frame.LeavesAt(firstMs))
            return true;
        nextMs = enters;
        return false;
    }

    public (bool Holds, long NextMs) Answer()
    {
        Extend();
        return (holds, nextMs);
    }

    private readonly bool Joins(long lastMs, long readyMs) => lastMs <= insideMs && readyMs <= (holds ? nextMs : instantMs);

    // Up to when it holds because of the latest that was taken in.
    private bool Extend()
    {
        if (latestMs is not { } firstMs)
            return false;
        latestMs = null;
        nextMs = holds ? Math.Max(nextMs, frame.LeavesAt(firstMs)) : frame.LeavesAt(firstMs);
        holds = true;
        if (nextMs != Verdict.Never)
            insideMs = frame.UntilMs(nextMs);
        return nextMs != Verdict.Never;
    }
}
