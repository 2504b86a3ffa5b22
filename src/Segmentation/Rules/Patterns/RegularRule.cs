namespace Segmentation;

/// <summary>Holds when there is an event in at least so many of the last periods.</summary>
public sealed class RegularRule : PatternRule
{
    private readonly EventSelection selection;

    /// <param name="selection">Which events.</param>
    /// <param name="atLeast">1 to the number of periods.</param>
    /// <param name="periods">The periods.</param>
    public RegularRule(EventSelection selection, int atLeast, Periods periods)
        : base([selection], Timeframe.Ever)
    {
        ArgumentNullException.ThrowIfNull(periods);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(atLeast);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(atLeast, periods.Count);
        this.selection = selection;
        AtLeast = atLeast;
        Periods = periods;
    }

    public int AtLeast { get; }

    public Periods Periods { get; }

    public override string Key => "regular";

    private protected override bool Moves => true;

    public override string ToString() => $"{selection}: in at least {AtLeast} of the last {Periods}";

    private protected override (bool Holds, long NextMs) AsOf(Profile profile, PlainTimeframe frame, long instantMs) =>
        Periods.Regular(Events(profile, instantMs), instantMs, AtLeast);

    private protected override string Finding(Profile profile, PlainTimeframe frame, long instantMs)
    {
        var events = Events(profile, instantMs);
        return events.Latest() is { } latestMs
            ? $"in {Periods.CountBefore(events, instantMs)} of the last {Periods}; the latest at {Rfc3339.Format(latestMs)}"
            : EventFinding.NeverHappened;
    }

    private CountedEvents Events(Profile profile, long instantMs) => new(selection, profile.History(selection.EventName), instantMs);
}
