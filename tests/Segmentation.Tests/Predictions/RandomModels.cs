namespace Segmentation.Tests.Predictions;

/// <summary>Models and customers, usual ones and extreme ones, from a seed.</summary>
internal static class RandomModels
{
    public const long Day = PurchaseSummary.DayMs;

    public static BgNbd BgNbd(Random random) => new(Spread(random, 1e-3, 1e3), Spread(random, 1e-2, 1e5), Spread(random, 1e-3, 1e3), Spread(random, 1e-3, 1e4));

    public static PurchaseModel Model(Random random) => new(
        BgNbd(random),
        random.Next(4) == 0 ? null : new GammaGamma(Spread(random, 0.01, 1e3), 1 + Spread(random, 0.01, 1e3), Spread(random, 1e-3, 1e5)),
        Day * random.Next(1, 731));

    /// <summary>A model such as real shops have, and that CDNOW has at the seed's whim.</summary>
    public static PurchaseModel UsualModel(Random random) => new(
        random.Next(3) == 0 ? new BgNbd(0.243, 4.414, 0.793, 2.426) : new BgNbd(Spread(random, 0.1, 3), Spread(random, 2, 30), Spread(random, 0.2, 2), Spread(random, 1, 8)),
        new GammaGamma(6.25, 3.74, 15.44),
        Day * random.Next(7, 366));

    /// <summary>Evenly over the orders of magnitude.</summary>
    public static double Spread(Random random, double least, double most) => least * Math.Pow(most / least, random.NextDouble());

    /// <summary>One to many purchases, from the first day of the epoch on.</summary>
    public static Purchase[] Purchases(Random random)
    {
        var purchases = new List<Purchase>();
        var atMs = random.NextInt64(400 * Day);
        var pace = Spread(random, Day / 24.0, 60.0 * Day);
        for (var i = (int)Spread(random, 1, 60); i > 0; i--)
        {
            purchases.Add(new Purchase(atMs, random.Next(0, 20_000) / 100m));
            atMs += (long)(-Math.Log(1 - random.NextDouble()) * pace);
        }

        return [.. purchases];
    }
}
