using System.Runtime.InteropServices;

namespace Segmentation;

/// <summary>
/// Which combinations of digits the tiers of a policy fit, and which of them they get, the first that fits taking all. Only what some tier
/// asks for makes a difference: where none asks for monetary digits, recency and frequency make the combinations. Whether a profile has a
/// single purchase counts as one more thing that can be asked for.
/// </summary>
public sealed class RfmTierCoverage
{
    private static readonly string[] Letters = ["R", "F", "M"];

    private readonly bool[] isAsked;

    private RfmTierCoverage(RfmTiers tiers)
    {
        var any = new DigitSet(1, tiers.Scores);
        isAsked =
        [
            tiers.All.Any(tier => tier.Recency != any), tiers.All.Any(tier => tier.Frequency != any), tiers.All.Any(tier => tier.Monetary != any),
            tiers.All.Any(tier => tier.SinglePurchase is not null),
        ];
        var all = All(tiers.Scores).ToList();
        var taken = new Dictionary<(int Later, int Earlier), int>();
        var uncovered = new List<RfmCombination>();
        var gets = new int[tiers.All.Count];
        foreach (var combination in all)
        {
            var first = -1;
            for (var i = 0; i < tiers.All.Count; i++)
            {
                if (!combination.IsOf(tiers.All[i]))
                    continue;
                if (first < 0)
                    gets[first = i]++;
                else
                    CollectionsMarshal.GetValueRefOrAddDefault(taken, (i, first), out _)++;
            }

            if (first < 0)
                uncovered.Add(combination);
        }

        Combinations = all.Count;
        Uncovered = uncovered;
        Overlaps =
        [
            .. taken.GroupBy(static pair => pair.Key.Later).OrderBy(static group => group.Key).Select(group => new RfmTierOverlap(
                group.Key, group.Sum(static pair => pair.Value), [.. group.Select(static pair => pair.Key.Earlier).Order().Select(i => tiers.Names[i])])),
        ];
        Unreachable = [.. Overlaps.Where(overlap => gets[overlap.Index] == 0).Select(static overlap => (overlap.Index, overlap.TakenBy))];
    }

    /// <summary>How many combinations there are.</summary>
    public int Combinations { get; }

    /// <summary>Those that no tier fits, by recency, frequency and monetary digit.</summary>
    public IReadOnlyList<RfmCombination> Uncovered { get; }

    /// <summary>The tiers, by their place in the list, that get none, because others before them fit all that they fit.</summary>
    public IReadOnlyList<(int Index, IReadOnlyList<string> TakenBy)> Unreachable { get; }

    /// <summary>The tiers that lose some of what they fit to others before them, in order.</summary>
    public IReadOnlyList<RfmTierOverlap> Overlaps { get; }

    public static RfmTierCoverage Of(RfmTiers tiers)
    {
        ArgumentNullException.ThrowIfNull(tiers);
        return new RfmTierCoverage(tiers);
    }

    /// <summary>Names for combinations, neighbours together: R1 F2 M3-5, meaning recency 1, frequency 2, monetary 3 to 5; and how many each stands for.</summary>
    public IReadOnlyList<(string Name, int Combinations)> Name(IEnumerable<RfmCombination> combinations)
    {
        var last = Array.FindLastIndex(isAsked, 2, static asked => asked);
        return
        [
            .. combinations.GroupBy(combination => (combination.IsSingle, string.Join(' ', Words(combination, last)))).Select(group =>
            {
                var digits = last < 0 ? "" : Letters[last] + DigitSet.Of(group.Select(combination => combination.Digit(last)));
                var single = !isAsked[3] ? "" : group.Key.IsSingle ? "of one purchase" : "of several purchases";
                return (string.Join(' ', new[] { group.Key.Item2, digits, single }.Where(static word => word.Length > 0)), group.Count());
            }),
        ];
    }

    private IEnumerable<string> Words(RfmCombination combination, int before) =>
        Enumerable.Range(0, Math.Max(0, before)).Where(i => isAsked[i]).Select(i => $"{Letters[i]}{combination.Digit(i)}");

    // What nobody asks for stands at its first value.
    private IEnumerable<RfmCombination> All(int scores)
    {
        int Values(int i) => isAsked[i] ? scores : 1;
        return from r in Enumerable.Range(1, Values(0))
               from f in Enumerable.Range(1, Values(1))
               from m in Enumerable.Range(1, Values(2))
               from single in isAsked[3] ? (bool[])[true, false] : [false]
               select new RfmCombination(r, f, m, single);
    }
}

/// <summary>A combination of digits; 1 and false stand for those that no tier asks for.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RfmCombination(int Recency, int Frequency, int Monetary, bool IsSingle)
{
    internal int Digit(int dimension) => dimension switch { 0 => Recency, 1 => Frequency, _ => Monetary };

    internal bool IsOf(RfmTier tier) => tier.Covers(Recency, Frequency, Monetary, IsSingle);
}

/// <summary>A tier that others stand before.</summary>
/// <param name="Index">Its place in the list.</param>
/// <param name="Combinations">How many of the combinations that it fits it does not get.</param>
/// <param name="TakenBy">The names of those that get them, in order.</param>
public sealed record RfmTierOverlap(int Index, int Combinations, IReadOnlyList<string> TakenBy);
