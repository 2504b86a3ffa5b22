namespace Segmentation.Resources;

/// <summary>Suggests what a mistyped name was meant to be.</summary>
public static class NearestName
{
    // Past this, comparing with each of them costs more than the hint is worth.
    private const int CandidatesMax = 1000;

    /// <summary>
    /// The candidate with the fewest edits, at most a third of the name's length and at most 3; null when none is that near.
    /// </summary>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        string? nearest = null;
        var fewest = Math.Min(3, Math.Max(1, name.Length / 3)) + 1;
        foreach (var candidate in candidates.Take(CandidatesMax))
        {
            if (string.Equals(candidate, name, StringComparison.OrdinalIgnoreCase))
                return candidate;
            if (Math.Abs(candidate.Length - name.Length) >= fewest)
                continue;
            var edits = Edits(name, candidate);
            if (edits < fewest)
                (nearest, fewest) = (candidate, edits);
        }

        return nearest;
    }

    /// <summary><c>; did you mean x?</c>, or nothing.</summary>
    public static string Hint(string name, IEnumerable<string> candidates) =>
        Of(name, candidates) is { } nearest ? $"; did you mean {nearest}?" : "";

    // Levenshtein distance, ignoring case, with two swapped neighbours counted as one edit.
    private static int Edits(string left, string right)
    {
        var beforePrevious = new int[right.Length + 1];
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        var current = new int[right.Length + 1];
        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = Same(left[i - 1], right[j - 1]) ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + cost);
                if (i > 1 && j > 1 && Same(left[i - 1], right[j - 2]) && Same(left[i - 2], right[j - 1]))
                    current[j] = Math.Min(current[j], beforePrevious[j - 2] + 1);
            }

            (beforePrevious, previous, current) = (previous, current, beforePrevious);
        }

        return previous[right.Length];
    }

    private static bool Same(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}
