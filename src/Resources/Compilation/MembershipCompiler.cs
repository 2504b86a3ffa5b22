namespace Segmentation.Resources;

/// <summary>Turns the condition on membership in another segment into the engine's rule.</summary>
internal static class MembershipCompiler
{
    /// <summary>Null after reporting a problem.</summary>
    public static Rule? Compile(SegmentConditionSpec spec, string path, SegmentScope scope)
    {
        var before = scope.Problems.Count;
        var segment = scope.References.Segment(spec.Name, path + ".name", scope.Used, scope.Problems);
        var joined = Joined(spec, path, scope);
        return scope.Problems.Count == before ? new SegmentRule(segment!, spec.Is == SegmentMembership.Member, joined) : null;
    }

    // Null when nothing is asked, and after reporting a problem.
    private static JoinedCondition? Joined(SegmentConditionSpec spec, string path, SegmentScope scope)
    {
        (string Name, string? Text, Func<string, string, JoinedCondition?> Compile)[] all =
        [
            ("joinedWithin", spec.JoinedWithin, (text, at) => scope.Problems.Duration(text, at) is { } ms ? JoinedCondition.Within(ms) : null),
            ("memberFor", spec.MemberFor, (text, at) => scope.Problems.Duration(text, at) is { } ms ? JoinedCondition.AtLeast(ms) : null),
            ("joinedBefore", spec.JoinedBefore, (text, at) => DateCompiler.Compile(text, at, scope) is { } ms ? JoinedCondition.Before(ms) : null),
        ];
        var given = all.Where(one => one.Text is not null).ToList();
        if (given.Count == 0)
            return null;
        if (given.Count > 1)
        {
            var names = string.Join(" and ", given.Select(one => one.Name));
            scope.Problems.Invalid(path, $"{names} are given together; keep one, and put the other into a segment condition of its own");
            return null;
        }

        var (name, text, compile) = given[0];
        if (spec.Is == SegmentMembership.Member)
            return compile(text!, $"{path}.{name}");
        scope.Problems.Invalid($"{path}.{name}", "is asked of members only; take is: notMember out, and put the condition into a none");
        return null;
    }
}
