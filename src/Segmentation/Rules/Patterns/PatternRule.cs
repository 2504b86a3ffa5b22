namespace Segmentation;

/// <summary>
/// A condition on the times at which things happened. <see cref="Verdict.NextChangeMs"/> is exact for a profile of which nothing lies in the
/// future; events and refunds to come are followed one by one, and past <see cref="EffectsMax"/> of them it may be early.
/// </summary>
public abstract class PatternRule : Rule
{
    /// <summary>How many instants to come at which something happens or is taken back are looked at in one evaluation.</summary>
    public const int EffectsMax = 16;

    private readonly EventSelection[] selections;

    private protected PatternRule(IReadOnlyList<EventSelection> selections, Timeframe timeframe)
    {
        ArgumentNullException.ThrowIfNull(timeframe);
        this.selections = [.. selections];
        Timeframe = timeframe;
    }

    /// <summary>Ever for those that have none.</summary>
    public Timeframe Timeframe { get; }

    // Whether time alone can change the answer when nothing more happens.
    private protected abstract bool Moves { get; }

    public sealed override Verdict Evaluate(Evaluation e)
    {
        if (Timeframe.For(e) is not { } frame)
            return new Verdict(false, Verdict.Never, this);
        var (holds, next) = AsOf(e.Profile, frame, e.InstantMs);
        var at = e.InstantMs;
        for (var effects = 0; ; effects++)
        {
            at = NextEffectAfter(e.Profile, at);
            if (next < at || at == Verdict.Never || effects == EffectsMax)
                return new Verdict(holds, Math.Min(next, at), this);
            var then = AsOf(e.Profile, frame, at);
            if (then.Holds != holds)
                return new Verdict(holds, at, this);
            next = then.NextMs;
        }
    }

    private protected sealed override string Finding(Evaluation e) =>
        Timeframe.For(e) is { } frame ? Finding(e.Profile, frame, e.InstantMs) : EventFinding.NoTimeframe;

    private protected abstract string Finding(Profile profile, PlainTimeframe frame, long instantMs);

    /// <summary>The answer at the instant, and when it changes as if nothing happened and nothing were taken back after the instant.</summary>
    private protected abstract (bool Holds, long NextMs) AsOf(Profile profile, PlainTimeframe frame, long instantMs);

    internal sealed override void CollectDependencies(RuleDependencies.Collector into)
    {
        // What came before the timeframe can decide, too: first times, silences, habits.
        foreach (var selection in selections)
            selection.CollectDependencies(into, Moves, long.MaxValue);
        Timeframe.CollectDependencies(into);
    }

    private long NextEffectAfter(Profile profile, long instantMs)
    {
        var next = Verdict.Never;
        foreach (var selection in selections)
            next = Math.Min(next, profile.History(selection.EventName)?.NextEffectAfter(instantMs) ?? Verdict.Never);
        return next;
    }
}
