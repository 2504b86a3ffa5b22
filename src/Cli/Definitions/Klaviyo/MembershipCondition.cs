using Segmentation.Resources;

namespace Segmentation.Cli.Definitions.Klaviyo;

/// <summary><c>profile-group-membership</c>: whether somebody is in one of these lists or segments, or in none of them.</summary>
internal static class MembershipCondition
{
    public static IReadOnlyList<ConditionSpec> Translate(SourceObject condition, ImportScope scope)
    {
        IReadOnlyList<string> ids = condition.Texts("group_ids");
        if (ids.Count == 0)
            throw condition.Lost("group_ids", "the groups", "not named", "mend the segment in Klaviyo");
        string[] names = [.. ids.Select((id, i) => scope.SegmentName(id, $"{condition.At("group_ids")}[{i}]"))];
        if (!condition.Flag("is_member"))
            return [.. names.Chunk(ConditionSpec.GroupItemsMax).Select(chunk => ConditionTranslator.None([.. chunk.Select(Member)]))];
        if (condition.ObjectOrNull("timeframe_filter") is not { } joined)
            return [names.Length == 1 ? Member(names[0]) : ConditionTranslator.Any([.. names.Select(Member)])];
        IReadOnlyList<ConditionSpec>[] each = Array.ConvertAll(names, name => Joined(joined, name, scope));
        if (each.Length == 1)
            return each[0];
        return each.All(conditions => conditions.Count == 1)
            ? [ConditionTranslator.Any([.. each.Select(conditions => conditions[0])])]
            : throw joined.Lost(
                "operator", "this time of joining one of several groups", "asked of one group at a time", "split it into a condition for each");
    }

    private static IReadOnlyList<ConditionSpec> Joined(SourceObject filter, string name, ImportScope scope)
    {
        var spec = new SegmentConditionSpec { Name = name };
        scope.Check(
            filter.Path, $"the time of joining {name}", "that of entering the Segment here, not in Klaviyo",
            "wait until members have joined here, or keep the date in a property");
        NumberFilter.RequireType(filter, "date");
        switch (filter.Text("operator"))
        {
            case "in-the-last":
                return [Condition(spec with { JoinedWithin = SourceTimes.Duration(filter, "quantity", scope) })];
            case "at-least":
                return [Condition(spec with { MemberFor = SourceTimes.Duration(filter, "quantity", scope) })];
            case "between" when SourceTimes.Ages(filter, scope) is var (younger, older):
                ConditionSpec within = Condition(spec with { JoinedWithin = older });
                return younger is null ? [within] : [within, Condition(spec with { MemberFor = younger })];
            case "before":
                return [Condition(spec with { JoinedBefore = SourceTimes.Date(filter, "date") })];
            case "after":
                return [Condition(spec), ConditionTranslator.None(Condition(spec with { JoinedBefore = SourceTimes.After(filter, "date") }))];
            case "between-static" when SourceTimes.Range(filter) is var (start, end):
                return [Condition(spec with { JoinedBefore = end }), ConditionTranslator.None(Condition(spec with { JoinedBefore = start }))];
            default:
                throw SourceTimes.NotHere(filter, "the time of joining");
        }
    }

    private static ConditionSpec Member(string name) => Condition(new SegmentConditionSpec { Name = name });

    private static ConditionSpec Condition(SegmentConditionSpec spec) => new() { Segment = spec };
}
