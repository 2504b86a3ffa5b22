namespace Segmentation.Cli.Generation;

/// <summary>
/// A customer of the simulated shop. As in the "buy till you die" models of the field, everyone orders at a rate of their own until they leave
/// for good at a time of their own; about a third leave after the first order, and one in ten is loyal.
/// </summary>
internal sealed record ShopCustomer
{
    private const double DayMs = 86_400_000;

    private static readonly string[] _countries = ["DE", "AT", "CH", "FR", "NL", "GB", "US"];
    private static readonly string[] _plans = ["free", "plus", "pro"];

    public required string Id { get; init; }

    /// <summary>The instant of the first order.</summary>
    public required long FirstOrderMs { get; init; }

    /// <summary>No order is later.</summary>
    public required long LeavesMs { get; init; }

    /// <summary>Orders per day before leaving, on a scale that all customers share.</summary>
    public required double OrderRate { get; init; }

    /// <summary>How readily e-mails are opened; 0 for those who never agreed to get any.</summary>
    public required double EmailRate { get; init; }

    /// <summary>The natural logarithm of the usual order in cents.</summary>
    public required double LogBasket { get; init; }

    public required int Channel { get; init; }

    public required int Category { get; init; }

    public required string Country { get; init; }

    public required string Plan { get; init; }

    /// <summary>Null when never asked.</summary>
    public required ShopConsent? EmailConsent { get; init; }

    /// <summary>Null when never asked.</summary>
    public required ShopConsent? SmsConsent { get; init; }

    public static ShopCustomer Draw(ShopSettings settings, int index, ReplayableRandom random)
    {
        bool isOneTime = random.Chance(0.34);
        bool isLoyal = !isOneTime && random.Chance(0.15);
        long first = WholeSecond(settings.FromMs + (long)((settings.UntilMs - settings.FromMs) * Math.Pow(random.Unit(), 1.15)));
        double lifeDays = random.Exponential(isLoyal ? 2000 : 60 + (280 * random.Unit()));
        bool readsMail = random.Chance(0.7);
        double rate = (0.05 + random.Exponential(1)) * (isLoyal ? 2.5 : 1);
        return new ShopCustomer
        {
            Id = $"customer-{index + 1:D5}",
            FirstOrderMs = first,
            LeavesMs = isOneTime ? first : (long)Math.Min(settings.UntilMs - 1, first + (lifeDays * DayMs)),
            OrderRate = isOneTime ? 0 : rate,
            EmailRate = readsMail ? 0.1 + random.Exponential(1) : 0,
            LogBasket = Math.Log(4500) + (0.6 * random.Normal()) + (isLoyal ? 0.25 : 0),
            Channel = random.Weighted([55, 25, 12, 8]),
            Category = random.Weighted([30, 25, 20, 15, 10]),
            Country = _countries[random.Weighted([46, 9, 8, 12, 9, 9, 7])],
            Plan = _plans[random.Weighted(isLoyal ? [20, 40, 40] : [75, 18, 7])],
            SmsConsent = ShopConsent.Draw(random.Chance(0.25), first, settings.UntilMs, random),
            EmailConsent = ShopConsent.Draw(readsMail, first, settings.UntilMs, random),
        };
    }

    private static long WholeSecond(long ms) => ms / 1000 * 1000;
}
