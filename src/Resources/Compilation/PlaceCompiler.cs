using System.Globalization;

namespace Segmentation.Resources;

/// <summary>Turns the condition on the customer's whereabouts into the engine's rule.</summary>
internal static class PlaceCompiler
{
    private const decimal KmPerMile = 1.609344m;

    private static readonly string[] Names = ["country", "region", "in", "near"];

    /// <summary>Null after reporting a problem.</summary>
    public static PlaceRule? Compile(PlaceConditionSpec spec, string path, SegmentScope scope)
    {
        bool[] isGiven = [spec.Country is not null, spec.Region is not null, spec.In is not null, spec.Near is not null];
        var given = Names.Where((_, i) => isGiven[i]).ToList();
        if (!ComparisonCompiler.ExactlyOne(given, Names, "place", path, scope.Problems))
            return null;
        path = $"{path}.{given[0]}";
        return given[0] switch
        {
            "country" => Countries(spec.Country!, path, scope.Problems),
            "region" => Regions(spec.Region!, path, scope.Problems),
            "in" => Union(spec.In!.Value),
            _ => Near(spec.Near!, path, scope.Problems),
        };
    }

    private static CountryRule? Countries(IReadOnlyList<string> names, string path, ProblemList problems)
    {
        if (!HasRightCount(names, path, problems))
            return null;
        var countries = new List<Country>(names.Count);
        for (var i = 0; i < names.Count; i++)
        {
            if (Country.TryFind(names[i], out var country))
            {
                countries.Add(country);
                continue;
            }

            var hint = names[i].Length > 3 ? NearestName.Hint(names[i], Country.Names) : "";
            problems.Invalid(
                $"{path}[{i}]", $"there is no country {names[i]}{hint}; write a code of ISO 3166-1, such as DE or DEU, or an English name, such as Germany");
        }

        return countries.Count == names.Count ? new CountryRule(countries) : null;
    }

    private static RegionRule? Regions(IReadOnlyList<string> names, string path, ProblemList problems)
    {
        var before = problems.Count;
        HasRightCount(names, path, problems);
        for (var i = 0; i < names.Count; i++)
            problems.RequireText(names[i], $"{path}[{i}]", "Bavaria");
        return problems.Count == before ? new RegionRule(names) : null;
    }

    private static bool HasRightCount(IReadOnlyList<string> names, string path, ProblemList problems)
    {
        if (names.Count is > 0 and <= PlaceConditionSpec.NamesMax)
            return true;
        problems.Invalid(path, $"takes 1 to {PlaceConditionSpec.NamesMax} names; there are {names.Count}");
        return false;
    }

    private static CountryRule Union(CountryUnion union) => union == CountryUnion.Eu
        ? new CountryRule([.. Country.All.Where(country => country.IsInEuropeanUnion)], "the European Union")
        : new CountryRule([.. Country.All.Where(country => country.IsInEconomicArea)], "the European Economic Area");

    private static NearRule? Near(NearSpec spec, string path, ProblemList problems)
    {
        var centre = new GeoPoint((double)spec.Latitude, (double)spec.Longitude);
        var km = Kilometres(spec.Distance ?? "");
        if (Math.Abs(spec.Latitude) > 90)
            problems.Invalid(path + ".latitude", $"{spec.Latitude} lies beyond a pole; write degrees from -90 (south) to 90 (north)");
        if (Math.Abs(spec.Longitude) > 180)
            problems.Invalid(path + ".longitude", $"{spec.Longitude} lies beyond the date line; write degrees from -180 (west) to 180 (east)");
        if (km is null)
            problems.Invalid(path + ".distance", NearSpec.HowToWriteDistance);
        return centre.IsOnEarth && km is not null ? new NearRule(centre, (double)km, spec.Distance!) : null;
    }

    private static decimal? Kilometres(string distance)
    {
        var unit = distance.Length < 3 ? "" : distance[^2..];
        if (unit is not ("km" or "mi"))
            return null;
        var number = distance[..^2].TrimEnd(' ');
        return decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? value * (unit == "mi" ? KmPerMile : 1)
            : null;
    }
}
