namespace Segmentation.Operator.Storage;

/// <summary>A segment of which some rule asks when profiles entered it: that is loaded with each profile.</summary>
/// <param name="Name">The segment.</param>
/// <param name="Revision">The one that serves, whose members the segment's members are.</param>
internal readonly record struct WatchedSegment(string Name, string Revision);
