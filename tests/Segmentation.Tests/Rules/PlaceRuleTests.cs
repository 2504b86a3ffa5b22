namespace Segmentation.Tests;

public class PlaceRuleTests
{
    [Theory]
    [InlineData("DE", "DE")]
    [InlineData("de", "DE")]
    [InlineData("DEU", "DE")]
    [InlineData("Germany", "DE")]
    [InlineData("gErMaNy", "DE")]
    [InlineData("NO", "NO")]
    [InlineData("United States", "US")]
    [InlineData("United States of America", "US")]
    [InlineData("USA", "US")]
    [InlineData("UK", "GB")]
    [InlineData("United Kingdom", "GB")]
    [InlineData("Scotland", "GB")]
    [InlineData("South Korea", "KR")]
    [InlineData("Korea, Republic of", "KR")]
    [InlineData("North Korea", "KP")]
    [InlineData("Czechia", "CZ")]
    [InlineData("Czech Republic", "CZ")]
    [InlineData("EL", "GR")]
    [InlineData("Turkey", "TR")]
    [InlineData("TÜRKIYE", "TR")]
    [InlineData("Cote d'Ivoire", "CI")]
    [InlineData("Trinidad & Tobago", "TT")]
    [InlineData("The Netherlands", "NL")]
    [InlineData("Kosovo", "XK")]
    public void A_country_is_found_however_it_is_written(string text, string code)
    {
        Country.TryFind(text, out var country).ShouldBeTrue();
        country.Alpha2.ShouldBe(code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("XX")]
    [InlineData("Deutschland")]
    [InlineData(" DE")]
    [InlineData("Europe")]
    public void What_names_no_country_is_none(string text) => Country.TryFind(text, out _).ShouldBeFalse();

    [Fact]
    public void The_table_is_that_of_the_standard_and_Kosovo()
    {
        Country.All.Count.ShouldBe(249 + 1);
        Country.All.Select(country => country.Alpha2).Distinct().Count().ShouldBe(250);
        Country.All.Select(country => country.Alpha3).Distinct().Count().ShouldBe(250);
        Country.All.ShouldAllBe(country => country.Alpha2.All(char.IsAsciiLetterUpper) && country.Alpha3.Length == 3 && country.Alpha3.All(char.IsAsciiLetterUpper));
        Country.All.Select(country => country.Alpha2).ShouldBeUnique();
    }

    [Fact]
    public void No_writing_names_two_countries() =>
        Country.All.ShouldAllBe(country => new[] { country.Alpha2, country.Alpha3, country.Name }.All(writing => Found(writing) == country));

    [Fact]
    public void The_union_has_27_members_and_the_area_30()
    {
        Country.All.Count(country => country.IsInEuropeanUnion).ShouldBe(27);
        Country.All.Count(country => country.IsInEconomicArea).ShouldBe(30);
        Country.All.Where(country => country.IsInEconomicArea && !country.IsInEuropeanUnion).Select(country => country.Alpha2).ShouldBe(["IS", "LI", "NO"]);
        foreach (var outside in (string[])["GB", "CH", "RE", "AX", "GL", "TR"])
            Found(outside)!.IsInEconomicArea.ShouldBeFalse(outside);
    }

    // Kilometres by the angle between the two vectors from the Earth's centre, computed apart from this code.
    [Theory]
    [InlineData(52.52, 13.405, 48.1351, 11.582, 504.416)] // Berlin to Munich
    [InlineData(51.5074, -0.1278, 40.7128, -74.006, 5570.2299)] // London to New York
    [InlineData(-18.1416, 178.4419, -13.8333, -171.7667, 1150.7036)] // Suva to Apia, over the date line
    [InlineData(-33.8688, 151.2093, -33.4489, -70.6693, 11346.7308)] // Sydney to Santiago
    [InlineData(0, 179.9, 0, -179.9, 22.239)]
    [InlineData(10, 180, 10, -180, 0)]
    [InlineData(90, 0, 90, 123, 0)] // every longitude at a pole is the pole
    [InlineData(90, 0, -90, 77, 20015.1144)]
    [InlineData(90, 0, 0, 45, 10007.5572)]
    [InlineData(0, 0, 0, 180, 20015.1144)]
    [InlineData(37.5, -122.25, -37.5, 57.75, 20015.1144)] // antipodes
    [InlineData(0, 0, 1, 0, 111.1951)]
    [InlineData(52.52, 13.405, 52.52001, 13.405, 0.0011)]
    public void Distances_are_along_the_great_circle(double latitude, double longitude, double otherLatitude, double otherLongitude, double km)
    {
        var (here, there) = (new GeoPoint(latitude, longitude), new GeoPoint(otherLatitude, otherLongitude));
        here.DistanceKm(there).ShouldBe(km, tolerance: 0.001);
        there.DistanceKm(here).ShouldBe(km, tolerance: 0.001);
    }

    [Fact]
    public void A_distance_is_never_negative_nor_longer_than_half_the_circumference()
    {
        var random = new Random(17);
        for (var i = 0; i < 10_000; i++)
        {
            var (a, b, c) = (Point(random), Point(random), Point(random));
            a.DistanceKm(b).ShouldBeInRange(0, 20015.1145);
            a.DistanceKm(a).ShouldBe(0);
            a.DistanceKm(b).ShouldBeLessThanOrEqualTo(a.DistanceKm(c) + c.DistanceKm(b) + 1e-3);
        }

        static GeoPoint Point(Random random) => new((random.NextDouble() * 180) - 90, (random.NextDouble() * 360) - 180);
    }

    [Theory]
    [InlineData("AT", true, "country is Austria")]
    [InlineData("aut", true, "country is Austria")]
    [InlineData("FR", false, "country is France")]
    [InlineData("Oz", false, "country is none that is known")]
    [InlineData("", false, "country is none that is known")]
    public void Country_asks_the_property_country(string country, bool matches, string finding)
    {
        var rule = new CountryRule([Found("DE")!, Found("Austria")!]);
        rule.ToString().ShouldBe("country in DE, AT");
        Check(rule, PropertyBag.Of(("country", country)), matches, finding);
    }

    [Fact]
    public void A_country_that_is_missing_or_no_text_is_in_no_country()
    {
        var everywhere = new CountryRule([.. Country.All], "the world");
        everywhere.ToString().ShouldBe("country in the world");
        Check(everywhere, PropertyBag.Empty, false, "country is missing");
        Check(everywhere, PropertyBag.Of(("country", 276)), false, "country is none that is known");
        Check(everywhere, PropertyBag.Of(("country", new[] { "DE" })), false, "country is none that is known");
    }

    [Fact]
    public void Region_asks_the_property_region_in_any_case()
    {
        var rule = new RegionRule(["Bavaria", "Île-de-France"]);
        Check(rule, PropertyBag.Of(("region", "BAVARIA")), true, "region is BAVARIA");
        Check(rule, PropertyBag.Of(("region", "île-de-france")), true, "region is île-de-france");
        Check(rule, PropertyBag.Of(("region", "Bavari")), false, "region is Bavari");
        Check(rule, PropertyBag.Of(("region", 5)), false, "region is missing");
        Check(rule, PropertyBag.Empty, false, "region is missing");
    }

    [Theory]
    [InlineData(504.417, true)]
    [InlineData(504.415, false)]
    public void Near_holds_up_to_the_distance(double km, bool matches)
    {
        var rule = new NearRule(new GeoPoint(52.52, 13.405), km, "x km");
        Check(rule, PropertyBag.Of(("latitude", 48.1351m), ("longitude", 11.582m)), matches, "504.416 km away");
    }

    [Fact]
    public void Near_includes_its_centre_and_its_rim()
    {
        var (centre, there) = (new GeoPoint(52.52, 13.405), new GeoPoint(48.1351, 11.582));
        Matches(new NearRule(centre, 0, "0 km"), PropertyBag.Of(("latitude", 52.52m), ("longitude", 13.405m))).ShouldBeTrue();
        Matches(new NearRule(centre, centre.DistanceKm(there), "x"), PropertyBag.Of(("latitude", 48.1351m), ("longitude", 11.582m))).ShouldBeTrue();
    }

    [Fact]
    public void What_is_no_point_on_the_Earth_is_near_nothing()
    {
        PropertyBag[] nowhere =
        [
            PropertyBag.Empty,
            PropertyBag.Of(("latitude", 48m)),
            PropertyBag.Of(("longitude", 11m)),
            PropertyBag.Of(("latitude", "48"), ("longitude", 11m)),
            PropertyBag.Of(("latitude", 90.1m), ("longitude", 11m)),
            PropertyBag.Of(("latitude", 48m), ("longitude", -180.5m)),
        ];
        foreach (var properties in nowhere)
            Check(new NearRule(default, 30_000, "30000 km"), properties, false, "latitude and longitude are missing or no point on the Earth");
    }

    [Fact]
    public void Places_depend_on_their_properties_and_not_on_time()
    {
        RuleDependencies.Of(new CountryRule([.. Country.All])).ProfileProperties.ShouldBe(["country"]);
        RuleDependencies.Of(new RegionRule(["a"])).ProfileProperties.ShouldBe(["region"]);
        RuleDependencies.Of(new NearRule(default, 1, "1 km")).ProfileProperties.ShouldBe(["latitude", "longitude"], ignoreOrder: true);
        RuleDependencies.Of(new RegionRule(["a"])).DependsOnTime.ShouldBeFalse();
    }

    [Fact]
    public void No_memory_is_allocated()
    {
        var profile = new Profile("ada") { Properties = PropertyBag.Of(("country", "Germany"), ("region", "bavaria"), ("latitude", 48.1m), ("longitude", 11.5m)) };
        var rule = new AllOf([new CountryRule([Found("DE")!]), new RegionRule(["Bavaria"]), new NearRule(new GeoPoint(48, 11), 100, "100 km"), new SampleRule("s", 0, 100), new ProfilesRule(["ada"])]);
        var evaluation = new Evaluation();
        for (var i = 0; i < 3; i++)
        {
            evaluation.Begin(profile, 0);
            rule.Evaluate(evaluation).Matches.ShouldBeTrue();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            rule.Evaluate(evaluation);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static Country? Found(string text) => Country.TryFind(text, out var country) ? country : null;

    private static bool Matches(Rule rule, PropertyBag properties) => Shop.Evaluate(new Profile("ada") { Properties = properties }, rule, 0).Matches;

    private static void Check(Rule rule, PropertyBag properties, bool matches, string finding)
    {
        var evaluation = new Evaluation();
        evaluation.Begin(new Profile("ada") { Properties = properties }, Shop.At(0));
        var explained = rule.Explain(evaluation);
        (explained.Matches, explained.Finding, explained.Key, explained.NextChangeMs).ShouldBe((matches, finding, "place", Verdict.Never));
    }
}
