using Segmentation.Resources;

namespace Segmentation.Cli.Definitions;

/// <summary>
/// Builds a match from groups that all hold, in each of which at least one condition holds, so that it keeps to the depth and the sizes
/// that a match may have.
/// A condition is given as conditions that all hold, each of them a leaf or a group of leaves.
/// </summary>
internal static class MatchBuilder
{
    /// <summary>Null when it cannot be made small enough.</summary>
    public static ConditionSpec? Build(IReadOnlyList<IReadOnlyList<IReadOnlyList<ConditionSpec>>> groups)
    {
        var all = new List<ConditionSpec>();
        foreach (IReadOnlyList<IReadOnlyList<ConditionSpec>> group in groups)
        {
            if (Group(group) is not { } conditions)
                return null;
            all.AddRange(conditions);
        }
        return All(all);
    }

    private static List<ConditionSpec>? Group(IReadOnlyList<IReadOnlyList<ConditionSpec>> conditions)
    {
        if (conditions.Count == 1)
            return AllOrNull(conditions[0].Select(part => part.Any is { } members ? Any([.. members]) : part));
        List<List<ConditionSpec>> choices = [[]];
        foreach (IReadOnlyList<ConditionSpec> condition in conditions)
        {
            if (condition.All(IsLeaf) && condition.Count > 1)
            {
                foreach (List<ConditionSpec> choice in choices)
                    choice.Add(new ConditionSpec { All = condition });
                continue;
            }
            // x or (a and b) is (x or a) and (x or b): a group of groups would lie too deep.
            choices = [.. choices.SelectMany(choice => condition.Select(part => (List<ConditionSpec>)[.. choice, .. part.Any ?? [part]]))];
            if (choices.Count > ConditionSpec.GroupItemsMax)
                return null;
        }
        return AllOrNull(choices.Select(Any));
    }

    private static List<ConditionSpec>? AllOrNull(IEnumerable<ConditionSpec?> conditions)
    {
        List<ConditionSpec?> list = [.. conditions];
        return list.Contains(null) ? null : list.ConvertAll(condition => condition!);
    }

    private static ConditionSpec? Any(List<ConditionSpec> conditions) => Packed(conditions, 0, members => new ConditionSpec { Any = members });

    private static ConditionSpec? All(List<ConditionSpec> conditions) =>
        conditions.Count == 1 ? conditions[0] : Packed(conditions, 1, members => new ConditionSpec { All = members });

    // Those that are too many for one group go into groups of their own, as far as their depth lets them.
    private static ConditionSpec? Packed(List<ConditionSpec> members, int depthMax, Func<IReadOnlyList<ConditionSpec>, ConditionSpec> group)
    {
        if (members.Count <= ConditionSpec.GroupItemsMax)
            return group(members);
        List<ConditionSpec> packed =
        [
            .. members.Where(member => Depth(member) <= depthMax).Chunk(ConditionSpec.GroupItemsMax).Select(chunk => group(chunk)),
            .. members.Where(member => Depth(member) > depthMax),
        ];
        return packed.Count <= ConditionSpec.GroupItemsMax ? group(packed) : null;
    }

    private static bool IsLeaf(ConditionSpec condition) => Depth(condition) == 0;

    private static int Depth(ConditionSpec condition) =>
        (condition.All ?? condition.Any ?? condition.None) is { } members ? 1 + members.Max(Depth) : 0;
}
