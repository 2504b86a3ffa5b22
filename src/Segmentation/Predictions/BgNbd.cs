namespace Segmentation;

/// <summary>
/// The BG/NBD model of Fader, Hardie and Lee ("Counting Your Customers" the Easy Way, Marketing Science 24(2), 2005): a customer buys at random
/// at a rate of his own until he goes for good, which he does after a repeat purchase with a probability of his own. Rates follow a gamma
/// distribution (shape <see cref="R"/>, rate <see cref="Alpha"/>, per week), probabilities a beta distribution (<see cref="A"/>,
/// <see cref="B"/>). Nobody goes before the first repeat, so a customer without one is certain to be there.
/// </summary>
public sealed record BgNbd
{
    private const double Negligible = 1e-17;
    private const double Large = 1e250;

    /// <summary>Throws <see cref="ArgumentOutOfRangeException"/> unless all are positive and finite.</summary>
    public BgNbd(double r, double alpha, double a, double b)
    {
        (R, Alpha, A, B) = (Positive(r, nameof(r)), Positive(alpha, nameof(alpha)), Positive(a, nameof(a)), Positive(b, nameof(b)));
    }

    public double R { get; }

    /// <summary>In weeks.</summary>
    public double Alpha { get; }

    public double A { get; }

    public double B { get; }

    /// <summary>
    /// The logarithm of the odds that a customer has gone: negative infinity without repeats. It rises with the age.
    /// </summary>
    /// <param name="repeats">Not negative.</param>
    /// <param name="recencyWeeks">See <see cref="PurchaseSummary.RecencyWeeks"/>.</param>
    /// <param name="ageWeeks">See <see cref="PurchaseSummary.AgeWeeks"/>.</param>
    public double LogChurnOdds(int repeats, double recencyWeeks, double ageWeeks) => repeats == 0
        ? double.NegativeInfinity
        : Math.Log(A / (B + repeats - 1)) + ((R + repeats) * NearOne.LogOnePlus((ageWeeks - recencyWeeks) / (Alpha + recencyWeeks)));

    /// <summary>How likely it is, 0 to 1, that the customer has not gone. Parameters as in <see cref="LogChurnOdds"/>.</summary>
    public double AliveProbability(int repeats, double recencyWeeks, double ageWeeks) =>
        1 / (1 + Math.Exp(LogChurnOdds(repeats, recencyWeeks, ageWeeks)));

    /// <summary>
    /// How many purchases are expected in the time to come. It falls with the age. Takes steps in proportion to the number of purchases that a
    /// customer who never goes would make. Other parameters as in <see cref="LogChurnOdds"/>.
    /// </summary>
    /// <param name="horizonWeeks">How long that time is; not negative.</param>
    public double ExpectedPurchases(int repeats, double recencyWeeks, double ageWeeks, double horizonWeeks) =>
        AliveProbability(repeats, recencyWeeks, ageWeeks) * ExpectedOfAlive(repeats, ageWeeks, horizonWeeks);

    /// <summary>How many repeat purchases are expected of anyone in the weeks after the first purchase.</summary>
    public double ExpectedRepeats(double weeks) => ExpectedOfAlive(0, 0, weeks);

    /// <summary>
    /// The weeks until the customer has bought again with a probability of one half, the possibility that he has gone included. Positive
    /// infinity when that is never so. It rises with the age. Parameters as in <see cref="LogChurnOdds"/>.
    /// </summary>
    public double MedianWeeksToNext(int repeats, double recencyWeeks, double ageWeeks)
    {
        var odds = Math.Exp(LogChurnOdds(repeats, recencyWeeks, ageWeeks));
        return odds >= 1
            ? double.PositiveInfinity
            : (Alpha + ageWeeks) * NearOne.ExpMinusOne((Math.Log(2) - NearOne.LogOnePlus(-odds)) / (R + repeats));
    }

    // The published form, (C / (a - 1)) (1 - ((alpha + T) / (alpha + T + t))^(r + x) 2F1(r + x, b + x; C; w)) with C = a + b + x - 1 and
    // w = t / (alpha + T + t), takes the difference of nearly equal numbers, and divides by zero where a = 1. Written out, it is a sum of
    // positive terms: the number of purchases that a customer who never goes makes has a negative binomial distribution, and the k-th of them
    // is made with the probability that he is still there after k - 1. The distribution is taken relative to its first weight and divided by
    // its own sum, so that neither end underflows.
    private double ExpectedOfAlive(int repeats, double ageWeeks, double horizonWeeks)
    {
        var shape = R + repeats;
        var success = horizonWeeks / (Alpha + ageWeeks + horizonWeeks);
        var (weight, weights, expected) = (1.0, 1.0, 0.0);
        var (made, there) = (0.0, 1.0);
        for (var n = 0; ; n++)
        {
            made += there;
            there *= (B + repeats + n) / (A + B + repeats + n);
            weight *= success * (shape + n) / (n + 1);
            weights += weight;
            expected += weight * made;
            var ratio = Math.Max(success, success * (shape + n + 1) / (n + 2));
            if (ratio < 1)
            {
                var rest = weight * ratio / (1 - ratio);
                if (rest <= Negligible * weights && rest * (made + (1 / (1 - ratio))) <= Negligible * expected)
                    return expected / weights;
            }

            if (weight > Large)
                (weight, weights, expected) = (weight / Large, weights / Large, expected / Large);
        }
    }

    private static double Positive(double value, string name) => value > 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "A parameter of the model is positive and finite.");
}
