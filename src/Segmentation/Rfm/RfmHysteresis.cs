namespace Segmentation;

/// <summary>
/// Keeps profiles on a break point from going to and fro between tiers. A profile stays in its tier for <see cref="MinDwellMs"/>, whatever
/// its digits say, and as long after that as values no more than <see cref="MarginPercent"/> away from its own would put it there. Digits are
/// not held, and whoever has no score any more leaves at once.
/// </summary>
/// <remarks>
/// The tier then follows from the digits, from the tier held and since when, all kept with the profile. It changes only at instants that
/// events or due times name, each evaluated as of itself: how events are put into batches, and restarts, change nothing.
/// </remarks>
public sealed record RfmHysteresis
{
    public const int MarginPercentMax = 50;

    /// <param name="minDwellMs">0 to <see cref="Timeframe.MaxMs"/>; an age of exactly so much may leave.</param>
    /// <param name="marginPercent">0 to <see cref="MarginPercentMax"/> of each of the three values.</param>
    public RfmHysteresis(long minDwellMs, int marginPercent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(minDwellMs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minDwellMs, Timeframe.MaxMs);
        ArgumentOutOfRangeException.ThrowIfNegative(marginPercent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(marginPercent, MarginPercentMax);
        (MinDwellMs, MarginPercent) = (minDwellMs, marginPercent);
    }

    public long MinDwellMs { get; }

    public int MarginPercent { get; }
}
