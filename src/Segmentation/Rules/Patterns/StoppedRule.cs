namespace Segmentation;

/// <summary>Holds when the latest event is so long ago, and up to it there was one in at least so many periods.</summary>
public sealed class StoppedRule : PatternRule
{
    private readonly EventSelection selection;

    /// <param name="selection">Which events.</param>
    /// <param name="atLeast">1 to the number of periods.</param>
    /// <param name="periods">The periods, of which the last is the one of the latest event.</param>
    /// <param name="silentForMs">How long ago the latest event is at least.</param>
    public StoppedRule(EventSelection selection, int atLeast, Periods periods, long silentForMs)
        : base([selection], Timeframe.Ever)
    {
        ArgumentNullException.ThrowIfNull(periods);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(atLeast);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(atLeast, periods.Count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(silentForMs);
        this.selection = selection;
        AtLeast = atLeast;
        Periods = periods;
        SilentForMs = silentForMs;
    }

    public int AtLeast { get; }

    public Periods Periods { get; }

    public long SilentForMs { get; }

    public override string Key => "stopped";

    private protected override bool Moves => true;

    public override string ToString() =>
        $"{selection}: in at least {AtLeast} of {Periods} up to the latest, and none for {DurationWords.Of(SilentForMs)}";

    private protected override (bool Holds, long NextMs) AsOf(Profile profile, PlainTimeframe frame, long instantMs)
    {
        var events = Events(profile, instantMs);
        if (events.Latest() is not { } latestMs || Periods.CountUpTo(events, latestMs) < AtLeast)
            return (false, Verdict.Never);
        var stoppedAt = latestMs + SilentForMs;
        return instantMs >= stoppedAt ? (true, Verdict.Never) : (false, stoppedAt);
    }

    private protected override string Finding(Profile profile, PlainTimeframe frame, long instantMs)
    {
        var events = Events(profile, instantMs);
        return events.Latest() is { } latestMs
            ? $"the latest at {Rfc3339.Format(latestMs)}; in {Periods.CountUpTo(events, latestMs)} of {Periods} up to it"
            : EventFinding.NeverHappened;
    }

    private CountedEvents Events(Profile profile, long instantMs) => new(selection, profile.History(selection.EventName), instantMs);
}
