using Segmentation.Resources.Manifests;

namespace Segmentation.Resources;

/// <summary>Turns one segment's match into the engine's rule, with the definitions that it refers to.</summary>
internal sealed class ConditionCompiler(ReferenceResolver references, List<string> used, ProblemList problems)
{
    private static readonly string[] Leaves = ["event", "property", "segment", "rfm"];

    /// <summary>Null after reporting a problem.</summary>
    /// <param name="spec">The condition.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="level">In how many groups it lies.</param>
    public Rule? Compile(ConditionSpec? spec, string path, int level = 0)
    {
        var given = Given(spec ?? new ConditionSpec()).ToList();
        if (given.Count == 1)
            return CompileOne(spec!, given[0], $"{path}.{given[0]}", level);
        if (given.Count > 1)
        {
            problems.Invalid(path, $"{string.Join(" and ", given)} are given together; keep one here, or put both into an all or an any");
            return null;
        }

        IReadOnlyList<string> possible = level < ConditionSpec.GroupLevelsMax ? ["all", "any", "none", .. Leaves] : Leaves;
        var deepest = level < ConditionSpec.GroupLevelsMax ? "" : $"; groups nest at most {ConditionSpec.GroupLevelsMax} deep";
        problems.Invalid(
            path,
            "there is no condition, or one that does not exist here and was dropped; "
            + $"give exactly one of {OneOfRules.Listed(possible)}{deepest}");
        return null;
    }

    private Rule? CompileOne(ConditionSpec spec, string name, string path, int level) => name switch
    {
        "all" => Group(spec.All!, path, level) is { } rules ? new AllOf(rules) : null,
        "any" => Group(spec.Any!, path, level) is { } rules ? new AnyOf(rules) : null,
        "none" => Group(spec.None!, path, level) is { } rules ? new NoneOf(rules) : null,
        "event" => EventCompiler.Compile(spec.Event!, path, problems),
        "property" => Property(spec.Property!, path),
        "segment" => references.Segment(spec.Segment!, path, used, problems),
        _ => references.Rfm(spec.Rfm!, path, used, problems),
    };

    private List<Rule>? Group(IReadOnlyList<ConditionSpec> members, string path, int level)
    {
        if (level == ConditionSpec.GroupLevelsMax)
        {
            problems.Add(
                ProblemReasons.TooDeep,
                path,
                SchemaCheck.TooDeep(ConditionSpec.GroupLevelsMax));
            return null;
        }

        if (members.Count is 0 or > ConditionSpec.GroupItemsMax)
        {
            problems.Invalid(path, $"a group takes 1 to {ConditionSpec.GroupItemsMax} conditions; there are {members.Count}");
            return null;
        }

        var rules = new List<Rule>(members.Count);
        for (var i = 0; i < members.Count; i++)
        {
            if (Compile(members[i], $"{path}[{i}]", level + 1) is { } rule)
                rules.Add(rule);
        }

        return rules.Count == members.Count ? rules : null;
    }

    private PropertyRule? Property(PropertyConditionSpec spec, string path)
    {
        problems.RequireText(spec.Name, path + ".name", "country");
        return PropertyCompiler.Compile(spec.Name, spec, path, problems) is { } predicate ? new PropertyRule(predicate) : null;
    }

    private static IEnumerable<string> Given(ConditionSpec spec)
    {
        if (spec.All is not null)
            yield return "all";
        if (spec.Any is not null)
            yield return "any";
        if (spec.None is not null)
            yield return "none";
        if (spec.Event is not null)
            yield return "event";
        if (spec.Property is not null)
            yield return "property";
        if (spec.Segment is not null)
            yield return "segment";
        if (spec.Rfm is not null)
            yield return "rfm";
    }
}
