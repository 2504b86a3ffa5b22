using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Segmentation.Resources;

namespace Resources.Tests.Oracle;

internal sealed partial class BruteForce
{
    /// <summary>Some countries by all their names, with the unions that they are in.</summary>
    public static readonly IReadOnlyList<(string[] Names, bool Eu, bool Eea)> Countries =
    [
        (["DE", "DEU", "Germany"], true, true),
        (["AT", "AUT", "Austria"], true, true),
        (["HR", "HRV", "Croatia"], true, true),
        (["NL", "NLD", "Holland"], true, true),
        (["RE", "REU", "Réunion"], false, false),
        (["NO", "NOR", "Norway"], false, true),
        (["IS", "ISL", "Iceland"], false, true),
        (["CH", "CHE", "Switzerland"], false, false),
        (["GB", "GBR", "UK", "United Kingdom"], false, false),
        (["US", "USA", "United States of America", "United States"], false, false),
    ];

    // Places have no segment of their own to be evaluated at: properties are the present ones.
    private object? Present(string property) => ValueAt(property, long.MaxValue);

    private bool PlaceHolds(PlaceConditionSpec spec)
    {
        if (spec.Region is { } regions)
            return Present("region") is string region && regions.Any(one => one.Equals(region, StringComparison.OrdinalIgnoreCase));
        if (spec.Near is { } near)
        {
            return Present("latitude") is decimal latitude && Present("longitude") is decimal longitude
                && Math.Abs(latitude) <= 90 && Math.Abs(longitude) <= 180 && Kilometres(near, latitude, longitude) <= Kilometres(near);
        }

        var lives = Countries.FirstOrDefault(country => Present("country") is string text && country.Names.Contains(text, StringComparer.OrdinalIgnoreCase));
        if (lives.Names is null)
            return false;
        return spec.Country is { } countries
            ? countries.Any(one => lives.Names.Contains(one, StringComparer.OrdinalIgnoreCase))
            : spec.In == CountryUnion.Eu ? lives.Eu : lives.Eea;
    }

    /// <summary>The distance in kilometres that a spec gives.</summary>
    public static double Kilometres(NearSpec near)
    {
        var number = double.Parse(near.Distance[..^2].TrimEnd(), CultureInfo.InvariantCulture);
        return near.Distance.EndsWith("mi", StringComparison.Ordinal) ? number * 1.609344 : number;
    }

    /// <summary>The angle between the two points seen from the middle of the Earth, from the vectors to them, times its radius.</summary>
    public static double Kilometres(NearSpec near, decimal latitude, decimal longitude)
    {
        static (double X, double Y, double Z) Vector(decimal latitude, decimal longitude)
        {
            var (north, east) = ((double)latitude * Math.PI / 180, (double)longitude * Math.PI / 180);
            return (Math.Cos(north) * Math.Cos(east), Math.Cos(north) * Math.Sin(east), Math.Sin(north));
        }

        var (a, b) = (Vector(near.Latitude, near.Longitude), Vector(latitude, longitude));
        var cross = (X: a.Y * b.Z - a.Z * b.Y, Y: a.Z * b.X - a.X * b.Z, Z: a.X * b.Y - a.Y * b.X);
        var sine = Math.Sqrt(cross.X * cross.X + cross.Y * cross.Y + cross.Z * cross.Z);
        return 6371.0088 * Math.Atan2(sine, a.X * b.X + a.Y * b.Y + a.Z * b.Z);
    }

    private bool SampleHolds(SampleConditionSpec spec)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(spec.Salt + "\n" + profile.Id));
        var number = hash.Take(8).Aggregate(System.Numerics.BigInteger.Zero, (sum, digit) => sum * 256 + digit);
        var place = (decimal)(number % 10_000) / 100;
        return place >= (spec.From ?? 0) && place < spec.To;
    }
}
