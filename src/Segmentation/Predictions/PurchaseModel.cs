namespace Segmentation;

/// <summary>
/// Predictions by <see cref="BgNbd"/> and <see cref="GammaGamma"/>. Numbers are rounded, half to even, before they are given or compared: the
/// churn probability and the expected purchases to 6 decimals, the value to 4, the time until the next order up to a millisecond. Two machines
/// whose arithmetic differs in the last bits therefore say the same, but for bounds that lie on the very edge of a step.
/// </summary>
public sealed class PurchaseModel : PredictionModel, IEquatable<PurchaseModel>
{
    /// <summary>No value that is told is larger, whatever the models say.</summary>
    internal const double LargestValue = 1e15;

    private const int ProbabilityDecimals = 6;
    private const int ValueDecimals = 4;

    // A customer who is expected to buy again in a hundred years is not expected to.
    private const double LongestWaitWeeks = 5200;

    private readonly double horizonWeeks;

    /// <param name="purchases">Says how often customers buy, and when they go.</param>
    /// <param name="values">Says what a purchase is worth; null when that is not known, and then no value is predicted.</param>
    /// <param name="horizonMs">The time to come in which purchases are expected; 1 to <see cref="Timeframe.MaxMs"/>.</param>
    public PurchaseModel(BgNbd purchases, GammaGamma? values, long horizonMs)
    {
        ArgumentNullException.ThrowIfNull(purchases);
        ArgumentOutOfRangeException.ThrowIfLessThan(horizonMs, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(horizonMs, Timeframe.MaxMs);
        (Purchases, Values, HorizonMs) = (purchases, values, horizonMs);
        horizonWeeks = horizonMs / (double)PurchaseSummary.WeekMs;
    }

    public BgNbd Purchases { get; }

    public GammaGamma? Values { get; }

    public long HorizonMs { get; }

    public override Prediction? Predict(ReadOnlySpan<Purchase> purchases, long instantMs)
    {
        if (PurchaseSummary.Of(purchases) is not { } customer)
            return null;
        var expected = Expected(customer, instantMs);
        return new Prediction(
            Churn(customer, instantMs), Rounded(expected, ProbabilityDecimals), Value(customer, expected), NextOrderInMs(customer, instantMs));
    }

    /// <inheritdoc/>
    /// <remarks>Exact: each quantity moves one way only while no purchase comes, so that the first millisecond can be searched by halving.</remarks>
    public override long NextCrossingMs(PredictedQuantity quantity, decimal bound, ReadOnlySpan<Purchase> purchases, long instantMs)
    {
        if (PurchaseSummary.Of(purchases) is not { } customer)
            return Verdict.Never;
        var standing = Standing(instantMs);
        var (before, from) = (instantMs, Evaluation.LatestInstantMs);
        if (from <= before || Standing(from) == standing)
            return Verdict.Never;
        while (from - before > 1)
        {
            var between = before + ((from - before) / 2);
            if (Standing(between) == standing)
                before = between;
            else
                from = between;
        }

        return from;

        int? Standing(long atMs) => Of(quantity, customer, atMs)?.CompareTo(bound);
    }

    public bool Equals(PurchaseModel? other) => other is not null
        && Purchases == other.Purchases
        && Values == other.Values
        && HorizonMs == other.HorizonMs;

    public override bool Equals(object? obj) => Equals(obj as PurchaseModel);

    public override int GetHashCode() => HashCode.Combine(Purchases, Values, HorizonMs);

    // As Predict has it, without the others.
    private decimal? Of(PredictedQuantity quantity, in PurchaseSummary customer, long instantMs) => quantity switch
    {
        PredictedQuantity.ChurnProbability => Churn(customer, instantMs),
        PredictedQuantity.ExpectedPurchases => Rounded(Expected(customer, instantMs), ProbabilityDecimals),
        PredictedQuantity.PredictedValue => Value(customer, Expected(customer, instantMs)),
        _ => NextOrderInMs(customer, instantMs),
    };

    // The smaller of the two probabilities is rounded: near 1 a double is too coarse to tell one millisecond from the next.
    private decimal Churn(in PurchaseSummary customer, long instantMs)
    {
        var odds = Purchases.LogChurnOdds(customer.Repeats, customer.RecencyWeeks, customer.AgeWeeks(instantMs));
        return odds <= 0
            ? Rounded(1 / (1 + Math.Exp(-odds)), ProbabilityDecimals)
            : 1 - Rounded(1 / (1 + Math.Exp(odds)), ProbabilityDecimals);
    }

    private double Expected(in PurchaseSummary customer, long instantMs) =>
        Purchases.ExpectedPurchases(customer.Repeats, customer.RecencyWeeks, customer.AgeWeeks(instantMs), horizonWeeks);

    private decimal? Value(in PurchaseSummary customer, double expectedPurchases) =>
        Values is null ? null : Rounded(expectedPurchases * Values.ExpectedValue(customer.ValuedRepeats, customer.RepeatValue), ValueDecimals);

    private long? NextOrderInMs(in PurchaseSummary customer, long instantMs)
    {
        var weeks = Purchases.MedianWeeksToNext(customer.Repeats, customer.RecencyWeeks, customer.AgeWeeks(instantMs));
        return weeks <= LongestWaitWeeks ? (long)Math.Ceiling(weeks * PurchaseSummary.WeekMs) : null;
    }

    private static decimal Rounded(double value, int decimals) => decimal.Round((decimal)Math.Min(value, LargestValue), decimals);
}
