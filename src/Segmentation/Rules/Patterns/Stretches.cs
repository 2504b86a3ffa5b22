namespace Segmentation;

/// <summary>
/// Whether something holds at an instant and when that changes, from the stretches of time in which it holds: they are given in the order
/// in which they begin, and may overlap.
/// </summary>
internal struct Stretches(long instantMs)
{
    private bool holds;
    private long nextMs = Verdict.Never;

    public readonly (bool Holds, long NextMs) Answer => (holds, nextMs);

    /// <summary>Takes in a stretch; false when later ones make no difference any more.</summary>
    /// <param name="fromMs">Inclusive.</param>
    /// <param name="untilMs">Exclusive; not after the beginning when it is empty.</param>
    public bool Add(long fromMs, long untilMs)
    {
        if (untilMs <= fromMs || untilMs <= instantMs)
            return true;
        var isNow = fromMs <= instantMs;
        if (isNow || (holds && fromMs <= nextMs))
        {
            nextMs = holds ? Math.Max(nextMs, untilMs) : untilMs;
            holds = true;
            return nextMs != Verdict.Never;
        }

        if (!holds)
            nextMs = fromMs;
        return false;
    }
}
