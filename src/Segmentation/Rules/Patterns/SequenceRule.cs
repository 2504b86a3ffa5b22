namespace Segmentation;

/// <summary>
/// Holds when events can be chosen, one for each step that is not absent, each strictly later than the one before and near enough to it,
/// without anything of an absent step in its gap. After the last one chosen, the absent steps at the end ask that nothing of them follows.
/// </summary>
public sealed class SequenceRule : PatternRule
{
    public const int StepsMin = 2;

    public const int StepsMax = 8;

    private readonly SequenceStep[] steps;

    /// <param name="steps">
    /// <see cref="StepsMin"/> to <see cref="StepsMax"/>, the first neither absent nor within; an absent one that is not the last has no within
    /// either. Else an <see cref="ArgumentException"/>.
    /// </param>
    /// <param name="completedWithinMs">Less than how long after the first event the last one lies; null for no limit.</param>
    /// <param name="timeframe">Which time all the events lie in.</param>
    public SequenceRule(IReadOnlyList<SequenceStep> steps, long? completedWithinMs, Timeframe timeframe)
        : base([.. steps.Select(static step => step.Selection)], timeframe)
    {
        if (steps.Count is < StepsMin or > StepsMax)
            throw new ArgumentException($"A sequence has {StepsMin} to {StepsMax} steps; these are {steps.Count}.", nameof(steps));
        if (steps[0].IsAbsent || steps[0].WithinMs is not null)
            throw new ArgumentException("The first step has none before it, so it is neither absent nor within.", nameof(steps));
        if (steps.SkipLast(1).Any(static step => step is { IsAbsent: true, WithinMs: not null }))
            throw new ArgumentException("Only the last of absent steps can be within.", nameof(steps));
        if (steps.Any(static step => step.WithinMs <= 0) || completedWithinMs <= 0)
            throw new ArgumentException("Durations are positive.", nameof(steps));
        this.steps = [.. steps];
        CompletedWithinMs = completedWithinMs;
        LastPresent = Array.FindLastIndex(this.steps, static step => !step.IsAbsent);
    }

    public IReadOnlyList<SequenceStep> Steps => steps;

    public long? CompletedWithinMs { get; }

    internal int LastPresent { get; }

    public override string Key => "sequence";

    private protected override bool Moves => Timeframe.Moves || steps[^1] is { IsAbsent: true, WithinMs: not null };

    public override string ToString()
    {
        var completed = CompletedWithinMs is { } ms ? $", all within {DurationWords.Of(ms)}" : "";
        return $"{string.Join(", then ", steps.Select(static step => step.ToString()))}{completed}, {Timeframe}";
    }

    private protected override (bool Holds, long NextMs) AsOf(Profile profile, PlainTimeframe frame, long instantMs) =>
        new SequenceScan(this, profile, frame, instantMs).Evaluate();

    private protected override string Finding(Profile profile, PlainTimeframe frame, long instantMs)
    {
        var scan = new SequenceScan(this, profile, frame, instantMs);
        var (holds, nextMs) = scan.Evaluate();
        var (chain, reached) = holds ? (scan.Holding, LastPresent) : scan.Furthest();
        if (chain.Length == 0)
            return "the first step did not happen in the timeframe";
        var present = steps.Where(static step => !step.IsAbsent).Select(static step => step.Selection.EventName);
        var chosen = string.Join(", ", present.Zip(chain.ToArray(), static (name, atMs) => $"{name} at {Rfc3339.Format(atMs)}"));
        if (holds)
            return chosen;
        if (reached < LastPresent)
            return $"came as far as step {reached + 1} of {steps.Length}: {chosen}";
        return nextMs == Verdict.Never ? $"all steps that are not absent, and not as asked: {chosen}" : $"not yet: {chosen}";
    }
}
