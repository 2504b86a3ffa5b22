namespace Segmentation;

/// <summary>What an accepted event must keep to, beside the fixed limits of <see cref="EventJson"/>.</summary>
/// <param name="LatestOccurredAtMs">
/// The latest instant, inclusive, in milliseconds since the Unix epoch, at which an event may have occurred: now plus the clock skew
/// that the caller tolerates.
/// </param>
public readonly record struct EventLimits(long LatestOccurredAtMs)
{
    /// <summary>Any instant of the years that events may have.</summary>
    public static EventLimits None => new(EventJson.LatestOccurredAtMs);
}
