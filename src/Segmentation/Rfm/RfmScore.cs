namespace Segmentation;

/// <summary>What a policy says about a profile at an instant.</summary>
/// <param name="Recency">The recency digit, 1 (longest ago) to the policy's scores; 0 without a score.</param>
/// <param name="Frequency">The frequency digit, 1 to the policy's scores; 0 without a score.</param>
/// <param name="Monetary">The monetary digit, 1 to the policy's scores; 0 without a score.</param>
/// <param name="Tier">
/// The first tier of the policy that covers the digits, or the one that the policy's <see cref="RfmHysteresis"/> holds the profile in; null
/// without a score or when none covers them.
/// </param>
/// <param name="LastPurchaseMs">When the latest counted purchase was, in milliseconds since the Unix epoch; 0 when there is none.</param>
/// <param name="Purchases">How many purchases count.</param>
/// <param name="Spent">What they come to, less what was taken back; 0 when there is none.</param>
/// <param name="NextChangeMs">
/// The earliest instant, strictly after the one asked about, at which a digit, the count or the amount can change by time alone:
/// recency crossing a break point, a purchase or a refund leaving the window or taking effect, the end of a dwell. May be early, never late;
/// <see cref="Verdict.Never"/> when time alone changes nothing. (The age of the last purchase grows all the time and is not meant.)
/// </param>
public readonly record struct RfmScore(
    int Recency,
    int Frequency,
    int Monetary,
    string? Tier,
    long LastPurchaseMs,
    int Purchases,
    decimal Spent,
    long NextChangeMs)
{
    /// <summary>To how many decimals averages are rounded.</summary>
    public const int AverageDecimals = 4;

    /// <summary>What the frequency digit follows from: how many purchases, or days with one, count; 0 when there is none.</summary>
    public int FrequencyValue { get; init; }

    /// <summary>What the monetary digit follows from: <see cref="Spent"/> or <see cref="AverageOrderValue"/>; 0 without a purchase.</summary>
    public decimal MonetaryValue { get; init; }

    /// <summary>The weighted mean of the digits, with two decimals; 0 without a score.</summary>
    public decimal Combined { get; init; }

    /// <summary>What a purchase comes to on average, rounded half to even; 0 without a purchase.</summary>
    public decimal AverageOrderValue => Purchases == 0 ? 0m : Math.Round(Spent / Purchases, AverageDecimals, MidpointRounding.ToEven);

    /// <summary>Whether the window holds a counted purchase, so that the three dimensions have values.</summary>
    public bool HasPurchase => Purchases > 0;

    /// <summary>Whether there are digits: the window holds a purchase and the policy has break points.</summary>
    public bool HasScore => Recency > 0;
}
