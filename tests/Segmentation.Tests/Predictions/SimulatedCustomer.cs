using MathNet.Numerics.Distributions;

namespace Segmentation.Tests.Predictions;

/// <summary>A customer who does what the models say that customers do.</summary>
internal static class SimulatedCustomer
{
    private const long Day = PurchaseSummary.DayMs;

    /// <param name="random">Decides.</param>
    /// <param name="purchases">How often he buys, and when he goes.</param>
    /// <param name="values">What he spends.</param>
    /// <param name="firstDay">When he comes.</param>
    /// <param name="lastDay">When it is over.</param>
    public static Purchase[] Purchases(Random random, BgNbd purchases, GammaGamma values, int firstDay, int lastDay)
    {
        var perWeek = Gamma.Sample(random, purchases.R, purchases.Alpha);
        var goes = Beta.Sample(random, purchases.A, purchases.B);
        var rate = Gamma.Sample(random, values.Q, values.V);
        var made = new List<Purchase> { new(firstDay * Day, Amount()) };
        for (var atMs = Next(firstDay * Day); atMs < (lastDay + 1) * Day; atMs = Next(atMs))
        {
            // To the models, purchases of one day are one.
            if (PurchaseSummary.DayOf(atMs) != PurchaseSummary.DayOf(made[^1].AtMs))
                made.Add(new Purchase(atMs, Amount()));
            if (random.NextDouble() < goes)
                break;
        }

        return [.. made];

        long Next(long fromMs) => fromMs + (long)Math.Min(1e12, -Math.Log(1 - random.NextDouble()) / perWeek * PurchaseSummary.WeekMs);

        decimal Amount() => (decimal)Math.Min(1e6, Gamma.Sample(random, values.P, rate)) + 0.0001m;
    }
}
