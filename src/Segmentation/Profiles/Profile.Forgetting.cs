namespace Segmentation;

/// <summary>What a profile forgets of what it did: always the oldest of a name, up to some instant.</summary>
public sealed partial class Profile
{
    /// <summary>
    /// Forgets the events that are too old to be kept. An event and what takes it back go together, when both are old enough; one that takes back
    /// an event that is not known stays, for that one may still come.
    /// </summary>
    /// <param name="keepMs">Per event name the age, in milliseconds, from which on one may go; null for never.</param>
    /// <param name="instantMs">The instant at which they are that old.</param>
    /// <returns>The names that lost any.</returns>
    public IReadOnlyList<Forgotten> Forget(Func<string, long?> keepMs, long instantMs)
    {
        ArgumentNullException.ThrowIfNull(keepMs);
        var ends = new int[histories.Length];
        for (var i = 0; i < ends.Length; i++)
            ends[i] = keepMs(histories[i].Name) is { } keep ? histories[i].CountUpTo(instantMs - keep) : 0;
        if (Array.TrueForAll(ends, static end => end == 0))
            return [];
        if (Array.Exists(histories, static history => history.HasLinks))
            KeepLinked(ends);
        return RemoveBefore(ends);
    }

    /// <summary>
    /// Forgets the oldest events of a name, so that at most so many are left, and those of the millisecond of the earliest one that is.
    /// </summary>
    /// <param name="name">The event name.</param>
    /// <param name="most">At least one.</param>
    /// <returns>Null when there were no more.</returns>
    public Forgotten? ForgetAllBut(string name, int most)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        var at = Array.FindIndex(histories, history => history.Name == name);
        if (at < 0 || histories[at].Count <= most)
            return null;
        var ends = new int[histories.Length];
        ends[at] = FirstOfInstant(histories[at], histories[at].Count - most);
        return RemoveBefore(ends) is [var forgotten] ? forgotten : null;
    }

    // Takes the ends back until no link leads from what goes to what stays, nor the other way round.
    private void KeepLinked(int[] ends)
    {
        for (var changed = true; changed;)
        {
            changed = false;
            for (var h = 0; h < histories.Length; h++)
            {
                for (var i = 0; histories[h].HasLinks && i < histories[h].Count; i++)
                {
                    if (histories[h].LinkAt(i) is not { } target)
                        continue;
                    var found = Find(target);
                    var of = found is { } known ? Array.IndexOf(histories, known.History) : -1;
                    var targetGoes = found is { } one && one.Index < ends[of];
                    if (targetGoes == i < ends[h])
                        continue;
                    if (targetGoes)
                        ends[of] = FirstOfInstant(histories[of], found!.Value.Index);
                    else
                        ends[h] = FirstOfInstant(histories[h], i);
                    changed = true;
                }
            }
        }
    }

    private static int FirstOfInstant(OccurrenceHistory history, int index) => history.CountUpTo(history.TimeAt(index) - 1);

    private List<Forgotten> RemoveBefore(int[] ends)
    {
        var forgotten = new List<Forgotten>();
        for (var h = 0; h < ends.Length; h++)
        {
            var history = histories[h];
            if (ends[h] == 0)
                continue;
            for (var i = 0; i < ends[h]; i++)
                places?.Remove(history.Utf8IdAt(i), history.TimeAt(i));
            forgotten.Add(new Forgotten(history.Name, history.TimeAt(ends[h] - 1) + 1, ends[h]));
            history.RemoveBefore(ends[h]);
            if (history.Count == 0)
                history.Release();
            Count -= ends[h];
        }

        histories = Array.FindAll(histories, static history => history.Count > 0);
        return forgotten;
    }
}

/// <summary>The events of a name that a profile has forgotten.</summary>
/// <param name="BeforeMs">All before this time, exclusive, in milliseconds since the Unix epoch.</param>
/// <param name="Count">How many, at least one.</param>
public readonly record struct Forgotten(string Name, long BeforeMs, int Count);
