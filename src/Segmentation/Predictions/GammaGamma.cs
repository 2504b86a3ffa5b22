namespace Segmentation;

/// <summary>
/// The Gamma-Gamma model of Fader and Hardie (The Gamma-Gamma Model of Monetary Value, 2013): what a customer spends on a purchase follows a
/// gamma distribution of shape <see cref="P"/>, whose rate differs from one customer to the next by a gamma distribution (shape
/// <see cref="Q"/>, rate <see cref="V"/>). It has nothing to do with how often he buys.
/// </summary>
public sealed record GammaGamma
{
    /// <summary>Throws <see cref="ArgumentOutOfRangeException"/> unless all are finite, p and v positive, and q more than 1.</summary>
    public GammaGamma(double p, double q, double v)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(p);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(q, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(v);
        if (!double.IsFinite(p) || !double.IsFinite(q) || !double.IsFinite(v))
            throw new ArgumentOutOfRangeException(nameof(p), "The parameters of the model are finite.");
        (P, Q, V) = (p, q, v);
    }

    public double P { get; }

    /// <summary>More than 1, or there were no mean value to speak of.</summary>
    public double Q { get; }

    /// <summary>In the unit of the amounts.</summary>
    public double V { get; }

    /// <summary>
    /// What a purchase of the customer is expected to come to: between what he spent on average and what all customers do, the nearer to the
    /// former the more purchases are known.
    /// </summary>
    /// <param name="purchases">How many purchases are known; not negative.</param>
    /// <param name="value">What these came to.</param>
    public double ExpectedValue(int purchases, double value) => P * (V + value) / ((P * purchases) + Q - 1);
}
