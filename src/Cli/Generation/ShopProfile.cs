using System.Globalization;

namespace Segmentation.Cli.Generation;

/// <summary>What the simulated shop knows about a customer besides the events. Null and empty stand for what the customer never told.</summary>
internal sealed record ShopProfile
{
    private const long DayMs = 86_400_000;
    private const long HourMs = 3_600_000;

    private static readonly string[] _interests = ["running", "cycling", "hiking", "yoga", "gardening", "cooking", "fishing", "music"];

    private static readonly string[] _landingPages =
        ["/", "/sale", "/spring?utm_source=newsletter", "/new?utm_source=instagram", "/gifts?utm_source=search"];

    public required string Email { get; init; }

    public string? Phone { get; init; }

    /// <summary>The day, as text.</summary>
    public string? Birthday { get; init; }

    public required ShopTown Town { get; init; }

    public required string PostalCode { get; init; }

    /// <summary>Degrees, some kilometres around the town's.</summary>
    public required (decimal Latitude, decimal Longitude) Home { get; init; }

    public IReadOnlyList<string> Interests { get; init; } = [];

    public required int Points { get; init; }

    public required string LandingPage { get; init; }

    /// <summary>The first visit: an hour to some days before the first order, and not before the shop opened.</summary>
    public required long FirstVisitMs { get; init; }

    /// <summary>When the present plan was chosen.</summary>
    public required long PlanSinceMs { get; init; }

    /// <summary>When the paid plan is renewed, the next time after the history's end; null on the free plan.</summary>
    public long? RenewalMs { get; init; }

    /// <summary>When the trial of the paid plan ends or ended; null on the free plan.</summary>
    public long? TrialEndsMs { get; init; }

    /// <summary>Mails come back, or the customer has complained.</summary>
    public required bool IsEmailSuppressed { get; init; }

    public static ShopProfile Draw(ShopSettings settings, ShopCustomer customer, ReplayableRandom random)
    {
        ShopTown town = ShopTown.Draw(customer.Country, random);
        bool pays = customer.Plan != "free";
        long planSinceMs = WholeSecond(customer.FirstOrderMs + (long)((settings.UntilMs - 1 - customer.FirstOrderMs) * random.Unit()));
        return new ShopProfile
        {
            Email = $"{customer.Id}@example.{(random.Chance(0.06) ? "edu" : "com")}",
            Phone = random.Chance(0.4) ? $"{CallingCode(customer.Country)} 000 {random.Below(100_000):D5}" : null,
            Birthday = random.Chance(0.6) ? new DateOnly(1945, 1, 1).AddDays(random.Below(62 * 365)).ToString("O", CultureInfo.InvariantCulture) : null,
            Town = town,
            PostalCode = town.PostalArea + $"{random.Below(1000):D3}",
            Home = (Nearby(town.Latitude, random), Nearby(town.Longitude, random)),
            Interests = random.Chance(0.7) ? DrawInterests(random) : [],
            Points = (int)random.Exponential(pays ? 900 : 350),
            LandingPage = _landingPages[random.Weighted([35, 15, 20, 15, 15])],
            FirstVisitMs = Math.Max(settings.FromMs, WholeSecond(customer.FirstOrderMs - HourMs - (long)random.Exponential(3 * DayMs))),
            PlanSinceMs = planSinceMs,
            RenewalMs = pays ? WholeSecond(settings.UntilMs + random.Below(365 * 86_400) * 1000L) : null,
            TrialEndsMs = pays ? planSinceMs + (30 * DayMs) : null,
            IsEmailSuppressed = random.Chance(0.03),
        };
    }

    private static string[] DrawInterests(ReplayableRandom random) => [.. _interests.Where(_ => random.Chance(0.3))];

    private static long WholeSecond(long ms) => ms / 1000 * 1000;

    private static decimal Nearby(double degrees, ReplayableRandom random) => Math.Round((decimal)(degrees + (0.15 * random.Normal())), 4);

    private static string CallingCode(string country) => country switch
    {
        "DE" => "+49",
        "AT" => "+43",
        "CH" => "+41",
        "FR" => "+33",
        "NL" => "+31",
        "GB" => "+44",
        _ => "+1",
    };
}
