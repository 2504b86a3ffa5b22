namespace Segmentation.Cli.Generation;

/// <summary>A town that customers live in.</summary>
/// <param name="Country">ISO 3166-1, two letters.</param>
/// <param name="Region">Its state or province, in English.</param>
/// <param name="Latitude">Degrees north of the equator, in its middle.</param>
/// <param name="Longitude">Degrees east of Greenwich.</param>
/// <param name="PostalArea">How its postal codes begin; the rest is digits.</param>
internal sealed record ShopTown(string Country, string Region, double Latitude, double Longitude, string PostalArea)
{
    private static readonly ShopTown[] _towns =
    [
        new("DE", "Berlin", 52.520, 13.405, "10"), new("DE", "Bavaria", 48.137, 11.575, "80"), new("DE", "Hamburg", 53.551, 9.994, "20"),
        new("DE", "Saxony", 51.340, 12.375, "04"), new("AT", "Vienna", 48.208, 16.372, "1"), new("AT", "Tyrol", 47.269, 11.404, "6"),
        new("CH", "Zurich", 47.377, 8.541, "8"), new("CH", "Geneva", 46.204, 6.143, "1"), new("FR", "Île-de-France", 48.857, 2.352, "75"),
        new("FR", "Brittany", 48.117, -1.678, "35"), new("NL", "North Holland", 52.368, 4.904, "1"), new("GB", "England", 51.507, -0.128, "E"),
        new("GB", "Scotland", 55.953, -3.188, "EH"), new("US", "New York", 40.713, -74.006, "10"), new("US", "California", 34.052, -118.244, "90"),
    ];

    private static readonly ILookup<string, ShopTown> _byCountry = _towns.ToLookup(town => town.Country);

    /// <summary>One of the country's towns.</summary>
    public static ShopTown Draw(string country, ReplayableRandom random)
    {
        ShopTown[] towns = [.. _byCountry[country]];
        return towns[random.Below(towns.Length)];
    }
}
