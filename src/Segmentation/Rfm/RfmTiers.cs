namespace Segmentation;

/// <summary>An ordered list of tiers: a profile is in the first one that covers it.</summary>
public sealed class RfmTiers
{
    private readonly RfmTier[] tiers;
    private readonly string?[] byDigits;

    /// <summary>Throws <see cref="ArgumentException"/> for no tiers, a name that is empty or there twice, or digits outside 1 to scores.</summary>
    /// <param name="scores">How many digits each dimension has.</param>
    /// <param name="tiers">At least one.</param>
    public RfmTiers(int scores, IReadOnlyList<RfmTier> tiers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(scores, RfmPolicyDefinition.LeastScores);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scores, RfmPolicyDefinition.MostScores);
        ArgumentNullException.ThrowIfNull(tiers);
        if (tiers.Count == 0)
            throw new ArgumentException("There must be at least one tier.", nameof(tiers));
        Scores = scores;
        this.tiers = [.. tiers];
        Names = [.. this.tiers.Select(static tier => tier.Name)];
        if (Names.Any(string.IsNullOrEmpty) || Names.Distinct().Count() != Names.Count)
            throw new ArgumentException("Every tier needs a name of its own.", nameof(tiers));
        if (tiers.FirstOrDefault(tier => !Fits(tier.Recency) || !Fits(tier.Frequency) || !Fits(tier.Monetary)) is { } odd)
            throw new ArgumentException($"Tier {odd.Name} has digits outside 1 to {scores}.", nameof(tiers));
        byDigits = Tabulate();
    }

    /// <summary>
    /// The ten tiers on recency and frequency digits of five scores that the field shares, [12] meaning 1 or 2, recency first:
    /// champions 5[45], loyal [34][45], cannot-lose [12]5, at-risk [12][34], hibernating [12][12], about-to-sleep 3[12],
    /// need-attention 33, potential-loyalist [45][23], promising 41, new 51. They cover all 25 combinations and do not overlap.
    /// </summary>
    public static RfmTiers Classic { get; } = new(5, ClassicTiers());

    /// <summary>
    /// The tiers by which a shop's e-mail team speaks, on five scores. Of customers with one purchase: new (recency 4 or 5), one-time (1 to 3).
    /// Of the others: vip (recency, frequency and monetary all 4 or 5), active (recency 3 to 5), at-risk (2), churned (1). They cover every
    /// combination.
    /// </summary>
    public static RfmTiers Lifecycle { get; } = LifecycleOn(5);

    /// <summary>
    /// Six groups on three scores, in the manner of e-mail tools; the grid is this project's own, on recency and frequency digits: champions 33,
    /// loyal [23][23] but for those, recent 31, needs-attention 21, at-risk 1[23], inactive 11.
    /// </summary>
    public static RfmTiers KlaviyoLike { get; } = new(3, KlaviyoLikeTiers());

    public int Scores { get; }

    /// <summary>The tiers' names, in order.</summary>
    public IReadOnlyList<string> Names { get; }

    public IReadOnlyList<RfmTier> All => tiers;

    /// <summary>
    /// <see cref="Lifecycle"/> on another number of scores, in the same shares, rounded: recent (new, vip) are the best two fifths of the digits, active
    /// the best three, churned is the worst fifth, at least the worst digit, and at-risk what lies between, at least a digit.
    /// </summary>
    public static RfmTiers LifecycleOn(int scores)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(scores, RfmPolicyDefinition.LeastScores);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scores, RfmPolicyDefinition.MostScores);
        var churned = Math.Max(1, Rounded(1));
        var active = Math.Max(churned + 2, Rounded(2) + 1);
        var top = Math.Max(active, Rounded(3) + 1);
        var any = new DigitSet(1, scores);
        var best = new DigitSet(top, scores);
        return new RfmTiers(scores,
        [
            new("vip", best, best, best, SinglePurchase: false),
            new("new", best, any, any, SinglePurchase: true),
            new("one-time", new(1, top - 1), any, any, SinglePurchase: true),
            new("active", new(active, scores), any, any, SinglePurchase: false),
            new("at-risk", new(churned + 1, active - 1), any, any, SinglePurchase: false),
            new("churned", new(1, churned), any, any, SinglePurchase: false),
        ]);

        int Rounded(int fifths) => ((2 * fifths * scores) + 5) / 10;
    }

    /// <summary>The first tier that covers the digits; null when none does.</summary>
    /// <param name="recency">1 to <see cref="Scores"/>, as the other digits.</param>
    /// <param name="frequency">The frequency digit.</param>
    /// <param name="monetary">The monetary digit.</param>
    /// <param name="purchases">How many purchases count.</param>
    public string? TierOf(int recency, int frequency, int monetary, int purchases) =>
        byDigits[Slot(recency, frequency, monetary, purchases == 1)];

    /// <summary>Whether some combination of these digits is of the tier.</summary>
    internal bool Reaches(string tier, in (DigitSet Recency, DigitSet Frequency, DigitSet Monetary) digits, int purchases)
    {
        for (var r = 1; r <= Scores; r++)
        for (var f = 1; f <= Scores && digits.Recency.Contains(r); f++)
        for (var m = 1; m <= Scores && digits.Frequency.Contains(f); m++)
        {
            if (digits.Monetary.Contains(m) && TierOf(r, f, m, purchases) == tier)
                return true;
        }

        return false;
    }

    private static RfmTier[] ClassicTiers()
    {
        return
        [
            Tier("champions", 5, 5, 4, 5),
            Tier("loyal", 3, 4, 4, 5),
            Tier("cannot-lose", 1, 2, 5, 5),
            Tier("at-risk", 1, 2, 3, 4),
            Tier("hibernating", 1, 2, 1, 2),
            Tier("about-to-sleep", 3, 3, 1, 2),
            Tier("need-attention", 3, 3, 3, 3),
            Tier("potential-loyalist", 4, 5, 2, 3),
            Tier("promising", 4, 4, 1, 1),
            Tier("new", 5, 5, 1, 1),
        ];

        static RfmTier Tier(string name, int leastRecency, int mostRecency, int leastFrequency, int mostFrequency) =>
            new(name, new(leastRecency, mostRecency), new(leastFrequency, mostFrequency), new(1, 5));
    }

    // Champions stand first and take 33 from loyal.
    private static RfmTier[] KlaviyoLikeTiers()
    {
        return
        [
            Tier("champions", 3, 3, 3, 3),
            Tier("loyal", 2, 3, 2, 3),
            Tier("recent", 3, 3, 1, 1),
            Tier("needs-attention", 2, 2, 1, 1),
            Tier("at-risk", 1, 1, 2, 3),
            Tier("inactive", 1, 1, 1, 1),
        ];

        static RfmTier Tier(string name, int leastRecency, int mostRecency, int leastFrequency, int mostFrequency) =>
            new(name, new(leastRecency, mostRecency), new(leastFrequency, mostFrequency), new(1, 3));
    }

    private bool Fits(DigitSet digits) => !digits.IsEmpty && digits.IsWithin(new DigitSet(1, Scores));

    private string?[] Tabulate()
    {
        var table = new string?[Scores * Scores * Scores * 2];
        for (var r = 1; r <= Scores; r++)
        for (var f = 1; f <= Scores; f++)
        for (var m = 1; m <= Scores; m++)
        {
            foreach (var single in (ReadOnlySpan<bool>)[true, false])
                table[Slot(r, f, m, single)] = Array.Find(tiers, tier => tier.Covers(r, f, m, single))?.Name;
        }

        return table;
    }

    private int Slot(int recency, int frequency, int monetary, bool single) =>
        (((recency - 1) * Scores + frequency - 1) * Scores + monetary - 1) * 2 + (single ? 1 : 0);
}
