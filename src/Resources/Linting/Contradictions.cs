namespace Segmentation.Resources;

/// <summary>Finds claims that cannot all hold of the same profile at the same instant.</summary>
internal static class Contradictions
{
    /// <summary>Two claims that exclude one another, or a single one, twice, that excludes itself; null when none is found.</summary>
    public static (Claim First, Claim Second)? Find(IReadOnlyList<Claim> claims)
    {
        for (var i = 0; i < claims.Count; i++)
        {
            if (claims[i].Domain.IsEmpty)
                return (claims[i], claims[i]);
            for (var j = 0; j < i; j++)
            {
                if (claims[j].Subject == claims[i].Subject && Excludes(claims[j], claims[i]))
                    return (claims[j], claims[i]);
            }
        }

        return null;
    }

    private static bool Excludes(Claim a, Claim b)
    {
        if (a.WindowMs == b.WindowMs)
            return a.Domain.Intersect(b.Domain).IsEmpty;
        var (shorter, longer) = a.WindowMs < b.WindowMs ? (a, b) : (b, a);
        return !shorter.Domain.IsEmpty && !longer.Domain.IsEmpty && shorter.Domain.Numbers.Least > longer.Domain.Numbers.Greatest;
    }
}
