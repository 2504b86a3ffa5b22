namespace Segmentation.Cli.Generation;

/// <summary>Draws instants at which people shop: seldom at night, most in the evening and before Christmas.</summary>
internal static class ShopClock
{
    private const int Tries = 8;

    private static readonly double[] _hours =
    [
        0.15, 0.08, 0.05, 0.05, 0.05, 0.1, 0.2, 0.35, 0.5, 0.6, 0.65, 0.65, 0.7, 0.65, 0.6, 0.6, 0.65, 0.75, 0.85, 1, 1, 0.9, 0.6, 0.3,
    ];

    /// <summary>A whole second from <paramref name="fromMs"/>, itself a whole second, to <paramref name="untilMs"/>, both inclusive.</summary>
    public static long Draw(ReplayableRandom random, long fromMs, long untilMs)
    {
        long atMs = fromMs;
        for (int i = 0; i < Tries; i++)
        {
            atMs = (fromMs + (long)((untilMs - fromMs) * random.Unit())) / 1000 * 1000;
            DateTime at = DateTimeOffset.FromUnixTimeMilliseconds(atMs).UtcDateTime;
            double season = at.Month >= 11 ? 1 : 0.65;
            if (random.Chance(season * _hours[at.Hour]))
                break;
        }
        return atMs;
    }
}
