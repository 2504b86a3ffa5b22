namespace Segmentation;

/// <summary>(t − older, t − younger].</summary>
public sealed class RollingTimeframe : PlainTimeframe
{
    internal RollingTimeframe(long youngerMs, long olderMs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(youngerMs);
        if (olderMs <= youngerMs || olderMs > MaxMs)
            throw new ArgumentOutOfRangeException(nameof(olderMs), $"The older age must lie above the younger one and be at most {MaxMs} ms.");
        YoungerMs = youngerMs;
        OlderMs = olderMs;
    }

    /// <summary>An event of this age, in milliseconds, is in; 0 for a window up to the instant.</summary>
    public long YoungerMs { get; }

    /// <summary>An event of this age, in milliseconds, is out.</summary>
    public long OlderMs { get; }

    internal override bool Moves => true;

    internal override long ReachMs => OlderMs;

    internal override bool EntersLate => YoungerMs > 0;

    internal override long FromMs(long instantMs) => instantMs - OlderMs + 1;

    internal override long UntilMs(long instantMs) => instantMs - YoungerMs;

    internal override long EntersAt(long timeMs) => timeMs + YoungerMs;

    internal override long LeavesAt(long timeMs) => timeMs + OlderMs;

    public override string ToString() =>
        YoungerMs == 0 ? $"within {DurationWords.Of(OlderMs)}" : $"between {DurationWords.Of(YoungerMs)} and {DurationWords.Of(OlderMs)} ago";
}
