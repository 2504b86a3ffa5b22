namespace Segmentation;

/// <summary>Looks for events that counted ones before them precede by at least a silence, or none at all.</summary>
/// <param name="selection">Which events.</param>
/// <param name="history">All of that name.</param>
/// <param name="instantMs">As of when.</param>
/// <param name="silenceMs">How long the silence lasts at least; <see cref="long.MaxValue"/> for an event that has none before it.</param>
/// <param name="countsFirst">Whether an event that has none before it qualifies.</param>
internal readonly ref struct SilenceScan(EventSelection selection, OccurrenceHistory history, long instantMs, long silenceMs, bool countsFirst)
{
    public (bool Holds, long NextMs) Evaluate(PlainTimeframe frame)
    {
        var stretches = new Stretches(frame, instantMs);
        if (Newest(frame) is { } newestMs)
            stretches.Add(newestMs, newestMs, newestMs);
        if (frame.EntersLate)
            AddLater(ref stretches, frame);
        return stretches.Answer();
    }

    /// <summary>The time of the newest qualifying event in the timeframe, which is the last of them to leave; null when there is none.</summary>
    public long? Newest(PlainTimeframe frame)
    {
        var fromMs = frame.FromMs(instantMs);
        var (start, end) = history.Range(fromMs, frame.UntilMs(instantMs));
        if (silenceMs == long.MaxValue)
            return First() is { } firstMs && firstMs >= fromMs && start < end && firstMs <= history.TimeAt(end - 1) ? firstMs : null;
        long? laterMs = null;
        for (var i = end - 1; i >= 0; i--)
        {
            var timeMs = history.TimeAt(i);
            if (timeMs == laterMs || !Counts(i))
                continue;
            if (laterMs - timeMs >= silenceMs)
                return laterMs;
            if (timeMs < fromMs)
                return null;
            laterMs = timeMs;
        }

        return countsFirst ? laterMs : null;
    }

    private long? First()
    {
        for (var i = 0; i < history.Count && history.TimeAt(i) <= instantMs; i++)
        {
            if (Counts(i))
                return history.TimeAt(i);
        }

        return null;
    }

    // Those that have happened and are not in the timeframe yet.
    private void AddLater(ref Stretches stretches, PlainTimeframe frame)
    {
        var (start, end) = history.Range(frame.UntilMs(instantMs) + 1, instantMs);
        var before = start - 1;
        while (before >= 0 && !Counts(before))
            before--;
        for (var i = start; i < end; i++)
        {
            var timeMs = history.TimeAt(i);
            if (!Counts(i) || (before >= 0 && history.TimeAt(before) == timeMs))
                continue;
            var qualifies = before < 0 ? countsFirst : timeMs - history.TimeAt(before) >= silenceMs;
            before = i;
            if (qualifies && !stretches.Add(timeMs, timeMs, timeMs))
                return;
        }
    }

    private bool Counts(int index) => selection.Counts(history, index, instantMs);
}
