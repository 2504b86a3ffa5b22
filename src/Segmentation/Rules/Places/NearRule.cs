using System.Globalization;

namespace Segmentation;

/// <summary>
/// Holds when the numbers in <c>latitude</c> and <c>longitude</c> lie at most so far from a point. Numbers that are no point on the Earth
/// are as good as missing.
/// </summary>
public sealed class NearRule : PlaceRule
{
    private readonly GeoPoint centre;
    private readonly double distanceKm;
    private readonly string distance;

    /// <param name="centre">On the Earth; otherwise an <see cref="ArgumentException"/>.</param>
    /// <param name="distanceKm">0 or more.</param>
    /// <param name="distance">The same as it was written, such as <c>6.5 mi</c>.</param>
    public NearRule(GeoPoint centre, double distanceKm, string distance)
    {
        if (!centre.IsOnEarth)
            throw new ArgumentException("The centre must lie on the Earth.", nameof(centre));
        ArgumentOutOfRangeException.ThrowIfNegative(distanceKm);
        this.centre = centre;
        this.distanceKm = distanceKm;
        this.distance = distance;
    }

    public override Verdict Evaluate(Evaluation e) => new(DistanceKm(e) <= distanceKm, Verdict.Never, this);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"at most {distance} from {centre.Latitude}, {centre.Longitude}");

    private protected override string Finding(Evaluation e) => DistanceKm(e) is { } km
        ? string.Create(CultureInfo.InvariantCulture, $"{km:0.###} km away")
        : "latitude and longitude are missing or no point on the Earth";

    internal override void CollectDependencies(RuleDependencies.Collector into)
    {
        into.AddProfileProperty(LatitudeProperty);
        into.AddProfileProperty(LongitudeProperty);
    }

    private double? DistanceKm(Evaluation e)
    {
        if (Degrees(e, LatitudeProperty) is not { } latitude || Degrees(e, LongitudeProperty) is not { } longitude)
            return null;
        var point = new GeoPoint(latitude, longitude);
        return point.IsOnEarth ? centre.DistanceKm(point) : null;
    }

    private static double? Degrees(Evaluation e, string property) =>
        e.Profile.Properties.TryGetValue(property, out var value) && value.Kind == PropertyKind.Number ? (double)value.Number : null;
}
