namespace Segmentation;

/// <summary>
/// Those of a profile's occurrences that count at an instant: selected, not later than it and not taken back at it. Only their times
/// matter.
/// </summary>
internal readonly ref struct CountedEvents(EventSelection selection, OccurrenceHistory? history, long instantMs)
{
    /// <summary>Whether one occurred between the two times, both inclusive.</summary>
    public bool Any(long fromMs, long untilMs)
    {
        if (history is null)
            return false;
        var (start, end) = history.Range(fromMs, Math.Min(untilMs, instantMs));
        for (var i = start; i < end; i++)
        {
            if (selection.Counts(history, i, instantMs))
                return true;
        }

        return false;
    }

    /// <summary>The time of the latest; null when there is none.</summary>
    public long? Latest() => LatestBefore(long.MaxValue);

    /// <summary>The time of the latest that is strictly earlier than the time; null when there is none.</summary>
    public long? LatestBefore(long timeMs)
    {
        for (var i = (history?.CountUpTo(Math.Min(instantMs, timeMs - 1)) ?? 0) - 1; i >= 0; i--)
        {
            if (selection.Counts(history!, i, instantMs))
                return history!.TimeAt(i);
        }

        return null;
    }

    /// <summary>The different times from the given one on, inclusive, in their order.</summary>
    public Cursor From(long fromMs) => new(selection, history, instantMs, fromMs);

    /// <summary>Stands on one time after the other.</summary>
    internal struct Cursor
    {
        private readonly EventSelection selection;
        private readonly OccurrenceHistory? history;
        private readonly long instantMs;
        private readonly int end;
        private int index;

        public Cursor(EventSelection selection, OccurrenceHistory? history, long instantMs, long fromMs)
        {
            this.selection = selection;
            this.history = history;
            this.instantMs = instantMs;
            TimeMs = long.MinValue;
            if (history is not null)
                (index, end) = history.Range(fromMs, instantMs);
            MoveOn();
        }

        /// <summary><see cref="Verdict.Never"/> past the last one.</summary>
        public long TimeMs { get; private set; }

        public void MoveOn()
        {
            for (; index < end; index++)
            {
                if (history!.TimeAt(index) > TimeMs && selection.Counts(history, index, instantMs))
                {
                    TimeMs = history.TimeAt(index);
                    return;
                }
            }

            TimeMs = Verdict.Never;
        }
    }
}
