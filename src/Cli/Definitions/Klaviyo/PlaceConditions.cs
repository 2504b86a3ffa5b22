using Segmentation.Resources;

namespace Segmentation.Cli.Definitions.Klaviyo;

/// <summary><c>profile-region</c> and <c>profile-postal-code-distance</c>: where somebody is.</summary>
internal static class PlaceConditions
{
    private const decimal DistanceMax = 99_999.999m;

    public static IReadOnlyList<ConditionSpec> Region(SourceObject condition, ImportScope scope)
    {
        string region = condition.Text("region");
        PlaceConditionSpec place = region switch
        {
            "european_union" => new PlaceConditionSpec { In = CountryUnion.Eu },
            "united_states" => new PlaceConditionSpec { Country = ["US"] },
            _ => throw condition.NotKnown("region", region),
        };
        if (condition.Flag("in_region"))
            return [Condition(place)];
        scope.Check(
            condition.At("in_region"), "not in the region", "somebody without a country counts as not in it", "add property: {name: country, exists: true} if you mind");
        return [ConditionTranslator.None(Condition(place))];
    }

    public static IReadOnlyList<ConditionSpec> Distance(SourceObject condition, ImportScope scope)
    {
        string key = $"{condition.Text("country_code")} {condition.Text("postal_code")}";
        string unit = condition.Text("unit") switch
        {
            "kilometers" => "km",
            "miles" => "mi",
            var other => throw condition.NotKnown("unit", other),
        };
        ComparisonSpec comparison = NumberFilter.Read(condition.Object("filter"), new ComparisonSpec());
        decimal distance = comparison.Lt ?? comparison.Lte ?? comparison.Gt ?? comparison.Gte
            ?? throw new NotCarriedOverException(
                $"{condition.At("filter")}.operator", "this comparison", "not one that a distance takes: less-than or greater-than");
        if (distance is < 0 or > DistanceMax || decimal.Round(distance, 3) != distance)
            throw new NotCarriedOverException(
                $"{condition.At("filter")}.value", "this distance", $"not from 0 to {DistanceMax} with at most three decimals", "round it");
        if (scope.Settings.Places.Find(key) is not var (latitude, longitude))
        {
            throw condition.Lost("postal_code", $"postal code {key}", "where it lies is not known here",
                $"give its coordinates with --places: {{\"{key}\": {{\"latitude\": …, \"longitude\": …}}}}");
        }
        var near = new NearSpec { Latitude = latitude, Longitude = longitude, Distance = $"{distance:0.###} {unit}" };
        ConditionSpec place = Condition(new PlaceConditionSpec { Near = near });
        if (comparison.Lt is not null || comparison.Lte is not null)
            return [place];
        // Somebody who is nowhere is not far away.
        return [Known("latitude"), Known("longitude"), ConditionTranslator.None(place)];
    }

    private static ConditionSpec Known(string property) => new() { Property = new PropertyConditionSpec { Name = property, Exists = true } };

    private static ConditionSpec Condition(PlaceConditionSpec spec) => new() { Place = spec };
}
