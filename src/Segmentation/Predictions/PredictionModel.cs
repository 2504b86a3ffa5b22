namespace Segmentation;

/// <summary>
/// What becomes of customers, judging by their purchases, as fitted to those of a workspace. Immutable, safe to share between threads, and
/// pure: the same purchases and instant give the same answer.
/// </summary>
public abstract class PredictionModel
{
    /// <summary>What is expected of a customer; null when the model says nothing of such a one.</summary>
    /// <param name="purchases">Those that count at the instant, in order of time; at least one.</param>
    /// <param name="instantMs">As of when, in milliseconds since the Unix epoch.</param>
    public abstract Prediction? Predict(ReadOnlySpan<Purchase> purchases, long instantMs);

    /// <summary>
    /// The earliest instant, strictly after the one asked about, at which the quantity can stand otherwise to the bound (below it, equal to
    /// it, above it, or not predicted) than at the one asked about, no purchase being added or taken away. May be early, never late;
    /// <see cref="Verdict.Never"/> when it cannot.
    /// </summary>
    /// <param name="quantity">The quantity.</param>
    /// <param name="bound">What it is compared with.</param>
    /// <param name="purchases">As in <see cref="Predict"/>.</param>
    /// <param name="instantMs">As in <see cref="Predict"/>.</param>
    public abstract long NextCrossingMs(PredictedQuantity quantity, decimal bound, ReadOnlySpan<Purchase> purchases, long instantMs);
}

/// <summary>A purchase that counts.</summary>
/// <param name="AtMs">When, in milliseconds since the Unix epoch.</param>
/// <param name="Amount">What it came to, less what refunds that name it took back; 0 without an amount.</param>
public readonly record struct Purchase(long AtMs, decimal Amount);

/// <summary>A number that a <see cref="PredictionModel"/> tells.</summary>
public enum PredictedQuantity
{
    /// <summary>How likely it is, 0 to 1, that the customer has gone for good.</summary>
    ChurnProbability,

    /// <summary>How many purchases are expected in the model's horizon.</summary>
    ExpectedPurchases,

    /// <summary>What they come to.</summary>
    PredictedValue,

    /// <summary>How long it is, in milliseconds, until the next purchase is expected.</summary>
    NextOrderInMs,
}

/// <summary>What a <see cref="PredictionModel"/> expects of a customer.</summary>
/// <param name="ChurnProbability">See <see cref="PredictedQuantity.ChurnProbability"/>.</param>
/// <param name="ExpectedPurchases">See <see cref="PredictedQuantity.ExpectedPurchases"/>.</param>
/// <param name="PredictedValue">See <see cref="PredictedQuantity.PredictedValue"/>; null when the model knows no values.</param>
/// <param name="NextOrderInMs">See <see cref="PredictedQuantity.NextOrderInMs"/>; null when none is expected.</param>
public readonly record struct Prediction(decimal ChurnProbability, decimal ExpectedPurchases, decimal? PredictedValue, long? NextOrderInMs)
{
    /// <summary>One of the numbers.</summary>
    public decimal? Of(PredictedQuantity quantity) => quantity switch
    {
        PredictedQuantity.ChurnProbability => ChurnProbability,
        PredictedQuantity.ExpectedPurchases => ExpectedPurchases,
        PredictedQuantity.PredictedValue => PredictedValue,
        _ => NextOrderInMs,
    };
}
