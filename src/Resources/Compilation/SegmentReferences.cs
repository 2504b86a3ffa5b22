namespace Segmentation.Resources;

/// <summary>One mention of another segment.</summary>
internal readonly record struct SegmentReferenceAt(string Name, string Path);

/// <summary>Finds the segments that a condition mentions.</summary>
internal static class SegmentReferences
{
    /// <summary>In the order of the spec. Groups too deep to be compiled are not entered.</summary>
    public static List<SegmentReferenceAt> Of(SegmentSpec spec)
    {
        var found = new List<SegmentReferenceAt>();
        Collect(spec.Match, "spec.match", 0, found);
        return found;
    }

    private static void Collect(ConditionSpec? condition, string path, int level, List<SegmentReferenceAt> found)
    {
        if (condition?.Segment is { Name.Length: > 0 } segment)
            found.Add(new SegmentReferenceAt(segment.Name, path + ".segment.name"));
        if (condition is null || level == ConditionSpec.GroupLevelsMax)
            return;
        CollectGroup(condition.All, path + ".all", level, found);
        CollectGroup(condition.Any, path + ".any", level, found);
        CollectGroup(condition.None, path + ".none", level, found);
    }

    private static void CollectGroup(IReadOnlyList<ConditionSpec>? group, string path, int level, List<SegmentReferenceAt> found)
    {
        for (var i = 0; i < (group?.Count ?? 0); i++)
            Collect(group![i], $"{path}[{i}]", level + 1, found);
    }
}
