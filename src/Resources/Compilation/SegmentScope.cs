namespace Segmentation.Resources;

/// <summary>What the conditions of one segment are compiled with.</summary>
/// <param name="Segment">The segment's metadata.name.</param>
/// <param name="Calendar">Of the segment's time zone and first day of the week.</param>
/// <param name="References">The segments and policies that conditions may refer to.</param>
/// <param name="Used">Takes up kind, name and revision of those that they do refer to.</param>
/// <param name="Problems">Takes up what is wrong.</param>
internal sealed record SegmentScope(
    string Segment, SegmentCalendar Calendar, ReferenceResolver References, List<string> Used, ProblemList Problems);
