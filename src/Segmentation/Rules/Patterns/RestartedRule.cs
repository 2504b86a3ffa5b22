namespace Segmentation;

/// <summary>Holds when an event in the timeframe came after a silence that an earlier one began.</summary>
public sealed class RestartedRule : PatternRule
{
    private readonly EventSelection selection;

    /// <param name="selection">Which events.</param>
    /// <param name="silentForMs">How long the silence lasted at least.</param>
    /// <param name="timeframe">Which time the event after it lies in.</param>
    public RestartedRule(EventSelection selection, long silentForMs, Timeframe timeframe)
        : base([selection], timeframe)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(silentForMs);
        this.selection = selection;
        SilentForMs = silentForMs;
    }

    public long SilentForMs { get; }

    public override string Key => "restarted";

    private protected override bool Moves => Timeframe.Moves;

    public override string ToString() => $"{selection}: again after none for {DurationWords.Of(SilentForMs)}, {Timeframe}";

    private protected override (bool Holds, long NextMs) AsOf(Profile profile, PlainTimeframe frame, long instantMs) =>
        profile.History(selection.EventName) is { } history ? Scan(history, instantMs).Evaluate(frame) : (false, Verdict.Never);

    private protected override string Finding(Profile profile, PlainTimeframe frame, long instantMs)
    {
        var history = profile.History(selection.EventName);
        if (history is null || new CountedEvents(selection, history, instantMs).Latest() is not { } latestMs)
            return EventFinding.NeverHappened;
        if (Scan(history, instantMs).Newest(frame) is not { } againMs)
            return $"none in the timeframe after such a silence; the latest at {Rfc3339.Format(latestMs)}";
        var beforeMs = new CountedEvents(selection, history, instantMs).LatestBefore(againMs);
        return $"at {Rfc3339.Format(againMs)}, the one before at {Rfc3339.Format(beforeMs!.Value)}";
    }

    private SilenceScan Scan(OccurrenceHistory history, long instantMs) => new(selection, history, instantMs, SilentForMs, countsFirst: false);
}
