using System.Text.Json;
using Segmentation.Cli.Reading;

namespace Segmentation.Cli.Definitions.Klaviyo;

/// <summary>Where postal codes lie, from a file such as <c>{"USA 02141": {"latitude": 42.37, "longitude": -71.08}}</c>.</summary>
internal sealed class PostalCodes
{
    public static readonly PostalCodes None = new();

    private readonly Dictionary<string, (decimal Latitude, decimal Longitude)> _places = new(StringComparer.OrdinalIgnoreCase);

    private PostalCodes()
    {
    }

    /// <summary>Null for one that the file does not have.</summary>
    /// <param name="key">Country code, space, postal code, as Klaviyo writes them; in any case of letters.</param>
    public (decimal Latitude, decimal Longitude)? Find(string key) => _places.TryGetValue(key, out (decimal, decimal) place) ? place : null;

    /// <param name="path">The file; null for none.</param>
    /// <exception cref="CliException">It cannot be read, or is not of this form.</exception>
    public static PostalCodes Read(string? path)
    {
        if (path is null)
            return None;
        using FileStream stream = InputFile.Open(path);
        using JsonDocument document = SourceJson.Read(stream, path);
        var places = new PostalCodes();
        try
        {
            foreach (JsonProperty field in document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.EnumerateObject() : default)
            {
                SourceObject place = SourceObject.Of(field.Value, field.Name);
                (decimal latitude, decimal longitude) = (place.Number("latitude"), place.Number("longitude"));
                place.Close();
                if (latitude is < -90 or > 90 || longitude is < -180 or > 180)
                    throw new NotCarriedOverException(field.Name, "latitude or longitude", "out of range");
                places._places[field.Name] = (latitude, longitude);
            }
        }
        catch (NotCarriedOverException failure)
        {
            throw CliException.BadInput(
                $"--places {path}: {failure.Message}", "write {\"USA 02141\": {\"latitude\": 42.37, \"longitude\": -71.08}}");
        }
        if (places._places.Count == 0)
            throw CliException.BadInput(
                $"--places {path} holds no place", "write {\"USA 02141\": {\"latitude\": 42.37, \"longitude\": -71.08}}");
        return places;
    }
}
