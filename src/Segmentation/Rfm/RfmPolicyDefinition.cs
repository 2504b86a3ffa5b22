namespace Segmentation;

/// <summary>
/// How recency, frequency and monetary value are taken from a profile's events and turned into digits and a tier. Compared by reference:
/// a policy with other break points is another one.
/// </summary>
public sealed class RfmPolicyDefinition
{
    public const int LeastScores = 3;
    public const int MostScores = 10;

    /// <summary>Throws <see cref="ArgumentException"/> when the parts do not fit together.</summary>
    /// <param name="name">The policy's name.</param>
    /// <param name="purchaseEvent">The event that is a purchase.</param>
    /// <param name="amount">What a purchase is worth: <c>value</c> or the name of a numeric property. A purchase without it is worth 0.</param>
    /// <param name="refundEvent">
    /// An event whose amount is taken off where it names no event that it takes back (those that name one work by themselves); null for none.
    /// The sign of the amount does not matter.
    /// </param>
    /// <param name="windowMs">Purchases count in (t − window, t]; 1 to <see cref="Timeframe.MaxMs"/>.</param>
    /// <param name="tiers">The tiers, for the same number of scores.</param>
    /// <param name="breakPoints">Null until they are known; there are no scores before.</param>
    /// <param name="scores">How many digits each dimension has, <see cref="LeastScores"/> to <see cref="MostScores"/>.</param>
    /// <param name="predictions">Null until a model is fitted; nothing is predicted before.</param>
    public RfmPolicyDefinition(
        string name,
        string purchaseEvent,
        string amount,
        string? refundEvent,
        long windowMs,
        RfmTiers tiers,
        RfmBreakPoints? breakPoints = null,
        int scores = 5,
        PredictionModel? predictions = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(purchaseEvent);
        ArgumentNullException.ThrowIfNull(tiers);
        ArgumentOutOfRangeException.ThrowIfLessThan(windowMs, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(windowMs, Timeframe.MaxMs);
        if (refundEvent == purchaseEvent)
            throw new ArgumentException("An event cannot be both the purchase and the refund.", nameof(refundEvent));
        if (tiers.Scores != scores)
            throw new ArgumentException($"The tiers are for {tiers.Scores} scores; the policy has {scores}.", nameof(tiers));
        RequireFit(breakPoints, scores);
        (Name, PurchaseEvent, Amount, RefundEvent) = (name, purchaseEvent, AmountSource.Of(amount), refundEvent);
        (WindowMs, Scores, BreakPoints, Tiers, Predictions) = (windowMs, scores, breakPoints, tiers, predictions);
    }

    public string Name { get; }

    public string PurchaseEvent { get; }

    public AmountSource Amount { get; }

    public string? RefundEvent { get; }

    public long WindowMs { get; }

    public int Scores { get; }

    /// <summary>What frequency counts.</summary>
    public RfmFrequency Frequency { get; init; }

    /// <summary>What monetary value is.</summary>
    public RfmMonetary Monetary { get; init; }

    /// <summary>Whether purchases that are worth nothing or less, or have no amount, do not count at all.</summary>
    public bool ExcludesZeroValues { get; init; }

    /// <summary>How much each digit counts for the combined score.</summary>
    public RfmWeights Weights { get; init; } = RfmWeights.Equal;

    /// <summary>What holds profiles in their tiers; null when nothing does.</summary>
    public RfmHysteresis? Hysteresis { get; init; }

    /// <summary>The dimensions whose break points are named, and not drawn as quantiles.</summary>
    public RfmCutPoints CutPoints { get; init; } = RfmCutPoints.None;

    /// <summary>Null until they are known; there are no scores before.</summary>
    public RfmBreakPoints? BreakPoints { get; private set; }

    public RfmTiers Tiers { get; }

    /// <summary>Null until a model is fitted; nothing is predicted before.</summary>
    public PredictionModel? Predictions { get; private set; }

    /// <summary>The same policy with other break points.</summary>
    public RfmPolicyDefinition With(RfmBreakPoints? breakPoints)
    {
        RequireFit(breakPoints, Scores);
        var other = (RfmPolicyDefinition)MemberwiseClone();
        other.BreakPoints = breakPoints;
        return other;
    }

    /// <summary>The same policy with another model.</summary>
    public RfmPolicyDefinition Predicting(PredictionModel? predictions)
    {
        var other = (RfmPolicyDefinition)MemberwiseClone();
        other.Predictions = predictions;
        return other;
    }

    /// <summary>
    /// Break points by quantiles of these values of all profiles with a purchase (see <see cref="RfmBreakPoints.FromQuantiles"/>), where
    /// <see cref="CutPoints"/> name none.
    /// </summary>
    public RfmBreakPoints Draw(ReadOnlySpan<long> agesMs, ReadOnlySpan<long> frequencies, ReadOnlySpan<decimal> monetaries)
    {
        var drawn = RfmBreakPoints.FromQuantiles(Scores, agesMs, frequencies, monetaries);
        return new RfmBreakPoints(CutPoints.RecencyMs ?? drawn.RecencyMs, CutPoints.Frequency ?? drawn.Frequency, CutPoints.Monetary ?? drawn.Monetary);
    }

    private static void RequireFit(RfmBreakPoints? breakPoints, int scores)
    {
        if (breakPoints is not null && breakPoints.Scores != scores)
            throw new ArgumentException($"The break points are for {breakPoints.Scores} scores; the policy has {scores}.", nameof(breakPoints));
    }
}
