namespace Segmentation.Operator.Tests.Simulation;

/// <summary>A sorted set as Redis keeps it: members by score, and those of one score by their bytes.</summary>
internal sealed class SimulatedSortedSet
{
    private readonly Dictionary<string, double> _scores = [];
    private readonly SortedSet<(double Score, string Member)> _ordered = new(Comparer<(double Score, string Member)>.Create(Compare));

    public int Count => _scores.Count;

    public IEnumerable<(double Score, string Member)> Ordered => _ordered;

    public double? ScoreOf(string member) => _scores.TryGetValue(member, out var score) ? score : null;

    public void Set(string member, double score)
    {
        if (_scores.TryGetValue(member, out var before)) _ordered.Remove((before, member));
        _scores[member] = score;
        _ordered.Add((score, member));
    }

    public bool Remove(string member)
    {
        if (!_scores.Remove(member, out var score)) return false;
        _ordered.Remove((score, member));
        return true;
    }

    public int RemoveBelow(double score)
    {
        var below = _ordered.TakeWhile(entry => entry.Score < score).ToArray();
        foreach (var (_, member) in below) Remove(member);
        return below.Length;
    }

    /// <summary>The order of the texts' bytes in UTF-8, which is that of their code points and not that of their UTF-16 units.</summary>
    public static int CompareBytes(string a, string b)
    {
        var length = Math.Min(a.Length, b.Length);
        for (var i = 0; i < length; i++)
        {
            if (a[i] != b[i]) return Rank(a[i]) - Rank(b[i]);
        }
        return a.Length - b.Length;
    }

    private static int Compare((double Score, string Member) a, (double Score, string Member) b) =>
        a.Score.CompareTo(b.Score) is var byScore and not 0 ? byScore : CompareBytes(a.Member, b.Member);

    // Halves of a surrogate pair stand for code points above all others.
    private static int Rank(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
}
