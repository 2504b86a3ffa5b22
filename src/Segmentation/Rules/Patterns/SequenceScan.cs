using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Segmentation;

/// <summary>
/// Goes through the events of all steps at once, in the order of time. Of each step it keeps one chain of events that ends with it: that of
/// the latest event at which any chain can end, which also begins latest of all. No other can be completed where this one cannot, neither
/// in less time nor longer in the timeframe. So the work is the number of events times that of the steps.
/// </summary>
internal ref struct SequenceScan
{
    private readonly SequenceRule rule;
    private readonly PlainTimeframe frame;
    private readonly long instantMs;
    private StepStates states;

    public SequenceScan(SequenceRule rule, Profile profile, PlainTimeframe frame, long instantMs)
    {
        this.rule = rule;
        this.frame = frame;
        this.instantMs = instantMs;
        // What lies before the timeframe is no part of any chain, nor between the events of one; and it never comes back.
        var fromMs = frame.FromMs(instantMs);
        for (var i = 0; i < rule.Steps.Count; i++)
        {
            var selection = rule.Steps[i].Selection;
            states[i].Events = new CountedEvents(selection, profile.History(selection.EventName), instantMs).From(fromMs);
            states[i].AbsentMs = long.MinValue;
        }
    }

    /// <summary>The chain that holds at the instant; none when none does.</summary>
    public Chain Holding { get; private set; }

    public (bool Holds, long NextMs) Evaluate()
    {
        var untilMs = frame.UntilMs(instantMs);
        var stretches = new Stretches(frame, instantMs);
        while (NextTime() is var timeMs && timeMs != Verdict.Never)
        {
            if (!Advance(timeMs) || !IsComplete(states[rule.LastPresent].Chain, out var readyMs))
                continue;
            ref var chain = ref states[rule.LastPresent].Chain;
            if (timeMs <= untilMs && readyMs <= instantMs)
                Holding = chain;
            if (!stretches.Add(chain[0], timeMs, readyMs))
                break;
        }

        return stretches.Answer();
    }

    /// <summary>After <see cref="Evaluate"/>: the chain of the last step that any reaches, and that step's index.</summary>
    public readonly (Chain Chain, int Step) Furthest()
    {
        for (var i = rule.LastPresent; i > 0; i--)
        {
            if (states[i].Chain.Length > 0)
                return (states[i].Chain, i);
        }

        return (states[0].Chain, 0);
    }

    private readonly long NextTime()
    {
        var timeMs = Verdict.Never;
        for (var i = 0; i <= rule.LastPresent; i++)
            timeMs = Math.Min(timeMs, states[i].Events.TimeMs);
        return timeMs;
    }

    // Whether a chain of all steps ends at the time. Later steps first: what happens at one instant does not follow on itself.
    private bool Advance(long timeMs)
    {
        var isLast = false;
        for (var i = rule.LastPresent; i >= 0; i--)
        {
            ref var state = ref states[i];
            if (state.Events.TimeMs != timeMs)
                continue;
            state.Events.MoveOn();
            if (rule.Steps[i].IsAbsent)
                state.AbsentMs = timeMs;
            else if (TryExtend(i, timeMs))
                isLast |= i == rule.LastPresent;
        }

        return isLast;
    }

    private bool TryExtend(int step, long timeMs)
    {
        var before = step - 1;
        var absentMs = long.MinValue;
        for (; before >= 0 && rule.Steps[before].IsAbsent; before--)
            absentMs = Math.Max(absentMs, states[before].AbsentMs);
        if (before < 0)
        {
            states[step].Chain = default(Chain).With(timeMs);
            return true;
        }

        var chain = states[before].Chain;
        if (chain.Length == 0 || absentMs > chain.Last || timeMs - chain.Last >= rule.Steps[step].WithinMs)
            return false;
        states[step].Chain = chain.With(timeMs);
        return true;
    }

    // From when on the chain is complete, whatever the timeframe; false when it never is.
    private bool IsComplete(in Chain chain, out long readyMs)
    {
        readyMs = chain.Last;
        if (chain.Last - chain[0] >= rule.CompletedWithinMs)
            return false;
        for (var i = rule.LastPresent + 1; i < rule.Steps.Count; i++)
        {
            ref var events = ref states[i].Events;
            while (events.TimeMs <= chain.Last)
                events.MoveOn();
            var endMs = rule.Steps[i].WithinMs is { } within ? chain.Last + within : Verdict.Never;
            if (events.TimeMs < endMs)
                return false;
            if (endMs != Verdict.Never)
                readyMs = endMs;
        }

        return true;
    }

    /// <summary>The times of the events chosen for the first steps.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal struct Chain
    {
        private Times times;

        public int Length { get; private set; }

        public readonly long Last => times[Length - 1];

        public readonly long this[int index] => times[index];

        public readonly Chain With(long timeMs)
        {
            var longer = this;
            longer.times[longer.Length++] = timeMs;
            return longer;
        }

        public readonly long[] ToArray() => ((ReadOnlySpan<long>)times)[..Length].ToArray();
    }

    [InlineArray(SequenceRule.StepsMax)]
    private struct Times
    {
        private long first;
    }

    // A step: where its events stand, the best chain that ends with it, and when it last happened though it is absent.
    [StructLayout(LayoutKind.Auto)]
    private struct StepState
    {
        public CountedEvents.Cursor Events;
        public Chain Chain;
        public long AbsentMs;
    }

    [InlineArray(SequenceRule.StepsMax)]
    private struct StepStates
    {
        private StepState first;
    }
}
