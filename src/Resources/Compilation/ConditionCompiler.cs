using Segmentation.Resources.Manifests;

namespace Segmentation.Resources;

/// <summary>Turns one segment's match into the engine's rule, with the definitions that it refers to.</summary>
internal sealed class ConditionCompiler(SegmentScope scope)
{
    private static readonly Kind[] Leaves =
    [
        Kind.Of("event", spec => spec.Event, EventCompiler.Compile),
        Kind.Of("sequence", spec => spec.Sequence, SequenceCompiler.Compile),
        Kind.Of("firstTime", spec => spec.FirstTime, PatternCompiler.FirstTime),
        Kind.Of("restarted", spec => spec.Restarted, PatternCompiler.Restarted),
        Kind.Of("regular", spec => spec.Regular, PatternCompiler.Regular),
        Kind.Of("stopped", spec => spec.Stopped, PatternCompiler.Stopped),
        Kind.Of("property", spec => spec.Property, PropertyConditionCompiler.Compile),
        Kind.Of("consent", spec => spec.Consent, ConsentCompiler.Consent),
        Kind.Of("suppression", spec => spec.Suppression, ConsentCompiler.Suppression),
        Kind.Of("segment", spec => spec.Segment, MembershipCompiler.Compile),
        Kind.Of("rfm", spec => spec.Rfm, RfmCompiler.Compile),
        Kind.Of("prediction", spec => spec.Prediction, PredictionCompiler.Compile),
        Kind.Of("place", spec => spec.Place, PlaceCompiler.Compile),
        Kind.Of("sample", spec => spec.Sample, SampleCompiler.Compile),
        Kind.Of("profiles", spec => spec.Profiles, ProfilesCompiler.Compile),
    ];

    private static readonly (string Name, Func<ConditionSpec, IReadOnlyList<ConditionSpec>?> Get, Func<List<Rule>, Rule> Make)[] Groups =
    [
        ("all", spec => spec.All, rules => new AllOf(rules)),
        ("any", spec => spec.Any, rules => new AnyOf(rules)),
        ("none", spec => spec.None, rules => new NoneOf(rules)),
    ];

    private int conditions;

    /// <summary>Compiles a whole match; null after reporting a problem.</summary>
    public Rule? CompileMatch(ConditionSpec? match, string path)
    {
        var rule = Compile(match, path, 0);
        if (conditions <= ConditionSpec.ConditionsMax)
            return rule;
        scope.Problems.Invalid(
            path,
            $"has {conditions} conditions; at most {ConditionSpec.ConditionsMax} are allowed. Move some into a Segment of their own and refer to it with segment: {{name: …}}");
        return null;
    }

    // Null after reporting a problem; the level is the number of groups that the condition lies in.
    private Rule? Compile(ConditionSpec? spec, string path, int level)
    {
        spec ??= new ConditionSpec();
        var groups = Array.FindAll(Groups, group => group.Get(spec) is not null);
        var leaves = Array.FindAll(Leaves, leaf => leaf.IsGiven(spec));
        if (groups.Length + leaves.Length != 1)
            return NotOne([.. groups.Select(group => group.Name), .. leaves.Select(leaf => leaf.Name)], path, level);
        conditions += leaves.Length;
        if (leaves.Length == 1)
            return leaves[0].Compile(spec, $"{path}.{leaves[0].Name}", scope);
        var (name, get, make) = groups[0];
        return Group(get(spec)!, $"{path}.{name}", level) is { } rules ? make(rules) : null;
    }

    private Rule? NotOne(IReadOnlyList<string> given, string path, int level)
    {
        if (given.Count > 1)
        {
            scope.Problems.Invalid(path, $"{string.Join(" and ", given)} are given together; keep one here, or put both into an all or an any");
            return null;
        }

        var leaves = Leaves.Select(leaf => leaf.Name);
        IReadOnlyList<string> possible = [.. level < ConditionSpec.GroupLevelsMax ? Groups.Select(group => group.Name).Concat(leaves) : leaves];
        var deepest = level < ConditionSpec.GroupLevelsMax ? "" : $"; groups nest at most {ConditionSpec.GroupLevelsMax} deep";
        scope.Problems.Invalid(
            path,
            "there is no condition, or one that does not exist here and was dropped; "
            + $"give exactly one of {OneOfRules.Listed(possible)}{deepest}");
        return null;
    }

    private List<Rule>? Group(IReadOnlyList<ConditionSpec> members, string path, int level)
    {
        if (level == ConditionSpec.GroupLevelsMax)
        {
            scope.Problems.Add(ProblemReasons.TooDeep, path, SchemaCheck.TooDeep(ConditionSpec.GroupLevelsMax));
            return null;
        }

        if (members.Count is 0 or > ConditionSpec.GroupItemsMax)
        {
            scope.Problems.Invalid(path, $"a group takes 1 to {ConditionSpec.GroupItemsMax} conditions; there are {members.Count}");
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

    // One kind of leaf: its key, and how it is compiled.
    private sealed record Kind(string Name, Func<ConditionSpec, bool> IsGiven, Func<ConditionSpec, string, SegmentScope, Rule?> Compile)
    {
        public static Kind Of<T>(string name, Func<ConditionSpec, T?> get, Func<T, string, SegmentScope, Rule?> compile)
            where T : class =>
            new(name, spec => get(spec) is not null, (spec, path, scope) => compile(get(spec)!, path, scope));
    }
}
