namespace Segmentation;

/// <summary>Which time a condition on events speaks of. Immutable.</summary>
public abstract class Timeframe
{
    /// <summary>The longest duration in a timeframe: 100 years of 365 days, in milliseconds.</summary>
    public const long MaxMs = 36_500L * 86_400_000;

    private protected Timeframe()
    {
    }

    /// <summary>All time up to the instant.</summary>
    public static Timeframe Ever { get; } = FixedTimeframe.Of(long.MinValue, null);

    /// <summary>(t − within, t]: an event exactly that old is out.</summary>
    /// <param name="withinMs">1 to <see cref="MaxMs"/>; outside is an <see cref="ArgumentOutOfRangeException"/>.</param>
    public static Timeframe Within(long withinMs) => new RollingTimeframe(0, withinMs);

    /// <summary>(t − older, t − younger]: an event exactly the younger age is in, one exactly the older age is out.</summary>
    /// <param name="youngerMs">0 or more.</param>
    /// <param name="olderMs">Above the younger age, at most <see cref="MaxMs"/>.</param>
    public static Timeframe Between(long youngerMs, long olderMs) => new RollingTimeframe(youngerMs, olderMs);

    /// <summary>Whether the passing of time alone can move an occurrence in or out after it has happened.</summary>
    internal abstract bool Moves { get; }

    /// <summary>An age, in milliseconds, from which on an occurrence is never inside again; <see cref="long.MaxValue"/> when there is none.</summary>
    internal virtual long ReachMs => long.MaxValue;

    /// <summary>The timeframe for the profile of the pass; null when the profile has none, and then the condition does not hold.</summary>
    internal abstract PlainTimeframe? For(Evaluation e);

    internal virtual void CollectDependencies(RuleDependencies.Collector into)
    {
    }
}

/// <summary>
/// A timeframe that is the same for every profile: at each instant an interval of which neither end ever moves back as time passes, so that
/// an occurrence enters at most once and leaves at most once.
/// </summary>
public abstract class PlainTimeframe : Timeframe
{
    private protected PlainTimeframe()
    {
    }

    /// <summary>Whether an occurrence can enter later than it happens.</summary>
    internal virtual bool EntersLate => false;

    /// <summary>The earliest time inside at the instant, inclusive.</summary>
    internal abstract long FromMs(long instantMs);

    /// <summary>The latest time inside at the instant, inclusive, and never after the instant; before <see cref="FromMs"/> when empty.</summary>
    internal abstract long UntilMs(long instantMs);

    /// <summary>When an occurrence of the time enters, inclusive; <see cref="Verdict.Never"/> if it does not. It may have left by then.</summary>
    internal virtual long EntersAt(long timeMs) => timeMs;

    /// <summary>From when on, inclusive, an occurrence of the time that was inside is inside no more; <see cref="Verdict.Never"/> for for ever.</summary>
    internal abstract long LeavesAt(long timeMs);

    internal sealed override PlainTimeframe For(Evaluation e) => this;
}
