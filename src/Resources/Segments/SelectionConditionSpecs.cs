using System.Text.Json.Serialization;
using Kubernetes.Model;
using Segmentation.Resources.Manifests;

namespace Segmentation.Resources;

/// <summary>Where the profile is, by its properties country, region, latitude and longitude.</summary>
[OneOf("country", "region", "in", "near", Noun = "place")]
public sealed record PlaceConditionSpec
{
    public const int NamesMax = 256;

    [Description("In one of these countries: ISO 3166-1 codes or English names.")]
    [Items(NamesMax, 1), ItemLength(64, 2)]
    public IReadOnlyList<string>? Country { get; set; }

    [Description("In one of these regions, such as Bavaria.")]
    [Items(NamesMax, 1), ItemLength(128, 1)]
    public IReadOnlyList<string>? Region { get; set; }

    [Description("In the European Union (eu) or the European Economic Area (eea).")]
    public CountryUnion? In { get; set; }

    [Description("At most so far from a point.")]
    public NearSpec? Near { get; set; }
}

public enum CountryUnion
{
    [JsonStringEnumMemberName("eu")]
    Eu,

    [JsonStringEnumMemberName("eea")]
    Eea,
}

/// <summary>A circle on the Earth, its rim included.</summary>
public sealed record NearSpec
{
    /// <summary>RE2.</summary>
    public const string DistancePattern = "^[0-9]{1,5}([.][0-9]{1,3})? ?(km|mi)$";

    public const string HowToWriteDistance = "is no distance; write a number and its unit km or mi, such as 10 km or 6.5 mi";

    [Description("Degrees north of the equator, -90 to 90.")]
    [Required, RangeMinimum(-90), RangeMaximum(90)]
    public decimal Latitude { get; set; }

    [Description("Degrees east of Greenwich, -180 to 180.")]
    [Required, RangeMinimum(-180), RangeMaximum(180)]
    public decimal Longitude { get; set; }

    [Description("With its unit: 10 km or 6.5 mi.")]
    [Required, Pattern(DistancePattern), Length(16, 3)]
    public string Distance { get; set; } = "";
}

/// <summary>A stable random share of all profiles.</summary>
public sealed record SampleConditionSpec
{
    [Description("Any text; another one gives another, independent sample.")]
    [Required, Length(128, 1)]
    public string Salt { get; set; } = "";

    [Description("Lower bound in percent, included; 0 when left out.")]
    [RangeMinimum(0), RangeMaximum(100)]
    public decimal? From { get; set; }

    [Description("Upper bound in percent, not included.")]
    [Required, RangeMinimum(0), RangeMaximum(100)]
    public decimal To { get; set; }
}

/// <summary>Profiles one by one.</summary>
public sealed record ProfilesConditionSpec
{
    public const int IdsMax = 1000;

    [Description("The ids.")]
    [Required, Items(IdsMax, 1), ItemLength(256, 1)]
    public IReadOnlyList<string> Ids { get; set; } = [];
}
