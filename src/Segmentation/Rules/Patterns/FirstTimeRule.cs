namespace Segmentation;

/// <summary>Holds when an event in the timeframe has none before it, or none in a time before it.</summary>
public sealed class FirstTimeRule : PatternRule
{
    private readonly EventSelection selection;
    private readonly long silenceMs;

    /// <param name="selection">Which events.</param>
    /// <param name="lookbackMs">How long before it there is none; null for ever.</param>
    /// <param name="timeframe">Which time.</param>
    public FirstTimeRule(EventSelection selection, long? lookbackMs, Timeframe timeframe)
        : base([selection], timeframe)
    {
        if (lookbackMs is { } ms)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ms, nameof(lookbackMs));
        this.selection = selection;
        LookbackMs = lookbackMs;
        silenceMs = lookbackMs ?? long.MaxValue;
    }

    public long? LookbackMs { get; }

    public override string Key => "firstTime";

    private protected override bool Moves => Timeframe.Moves;

    public override string ToString() => $"{selection}: for the first time{(LookbackMs is { } ms ? $" in {DurationWords.Of(ms)}" : "")}, {Timeframe}";

    private protected override (bool Holds, long NextMs) AsOf(Profile profile, PlainTimeframe frame, long instantMs) =>
        profile.History(selection.EventName) is { } history ? Scan(history, instantMs).Evaluate(frame) : (false, Verdict.Never);

    private protected override string Finding(Profile profile, PlainTimeframe frame, long instantMs)
    {
        var history = profile.History(selection.EventName);
        if (history is null || new CountedEvents(selection, history, instantMs).Latest() is not { } latestMs)
            return EventFinding.NeverHappened;
        var before = LookbackMs is { } ms ? $"in the {DurationWords.Of(ms)} before" : "before";
        return Scan(history, instantMs).Newest(frame) is { } newestMs
            ? $"at {Rfc3339.Format(newestMs)}, with none {before}"
            : $"none in the timeframe with none {before}; the latest at {Rfc3339.Format(latestMs)}";
    }

    private SilenceScan Scan(OccurrenceHistory history, long instantMs) => new(selection, history, instantMs, silenceMs, countsFirst: true);
}
