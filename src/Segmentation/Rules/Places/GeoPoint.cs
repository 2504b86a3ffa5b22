using System.Runtime.InteropServices;

namespace Segmentation;

/// <summary>A point on the Earth, in degrees.</summary>
/// <param name="Latitude">North of the equator, -90 to 90.</param>
/// <param name="Longitude">East of Greenwich, -180 to 180.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct GeoPoint(double Latitude, double Longitude)
{
    /// <summary>The mean radius of the Earth: of the WGS 84 ellipsoid, two equatorial radii and one polar by three.</summary>
    public const double EarthRadiusKm = 6371.0088;

    /// <summary>Whether there is such a point.</summary>
    public bool IsOnEarth => Math.Abs(Latitude) <= 90 && Math.Abs(Longitude) <= 180;

    /// <summary>The length of the shorter arc of the great circle through both, by the haversine formula, to about a metre.</summary>
    public double DistanceKm(GeoPoint other)
    {
        var (latitude, otherLatitude) = (double.DegreesToRadians(Latitude), double.DegreesToRadians(other.Latitude));
        var haversine = Haversine(otherLatitude - latitude)
            + (Math.Cos(latitude) * Math.Cos(otherLatitude) * Haversine(double.DegreesToRadians(other.Longitude - Longitude)));
        return 2 * EarthRadiusKm * Math.Asin(Math.Min(1, Math.Sqrt(haversine)));
    }

    private static double Haversine(double angle)
    {
        var sine = Math.Sin(angle / 2);
        return sine * sine;
    }
}
