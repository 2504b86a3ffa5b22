namespace Segmentation;

/// <summary>Asks where the profile is, by its properties. A missing property, or one of another kind, is no place. Time alone changes nothing.</summary>
public abstract class PlaceRule : Rule
{
    public const string CountryProperty = "country";
    public const string RegionProperty = "region";
    public const string LatitudeProperty = "latitude";
    public const string LongitudeProperty = "longitude";

    private protected PlaceRule()
    {
    }

    public sealed override string Key => "place";

    private protected static string? TextOf(Evaluation e, string property) =>
        e.Profile.Properties.TryGetValue(property, out var value) && value.Kind == PropertyKind.Text ? value.Text : null;
}
