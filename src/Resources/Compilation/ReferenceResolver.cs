namespace Segmentation.Resources;

/// <summary>Finds what segments refer to among what is compiled already.</summary>
internal sealed class ReferenceResolver(
    IReadOnlyDictionary<string, SegmentCompilation> segments,
    NameHints segmentNames,
    IReadOnlyDictionary<string, RfmPolicyCompilation> policies)
{
    /// <summary>See <see cref="EarlierCompilations.Segment"/>.</summary>
    public SegmentCompilation? Earlier(string name, string ownRevision, EarlierCompilations earlier) =>
        earlier.Segment(name, ownRevision, segments, policies);

    /// <summary>Adds kind, name and revision to what is <paramref name="used"/>; null after reporting a problem.</summary>
    public SegmentRule? Segment(SegmentConditionSpec spec, string path, List<string> used, ProblemList problems)
    {
        path += ".name";
        if (!problems.RequireText(spec.Name, path, "staff"))
            return null;
        if (!segments.TryGetValue(spec.Name, out var segment))
        {
            problems.Add(
                ProblemReasons.SegmentNotFound,
                path,
                $"there is no Segment {spec.Name} in this namespace{segmentNames.For(spec.Name)}; apply it, or mend the name");
        }
        else if (segment.Definition is not { } definition)
        {
            problems.Add(ProblemReasons.ReferencedSegmentInvalid, path, $"Segment {spec.Name} is not valid itself{Why(segment)}; mend that one");
        }
        else if (definition.Depth == SegmentDefinition.MaxDepth)
        {
            problems.Add(
                ProblemReasons.TooDeep,
                path,
                $"Segment {spec.Name} stands at the end of a chain of {definition.Depth} segments, the longest allowed; "
                + "refer to one nearer to its start");
        }
        else
        {
            used.Add($"segment {spec.Name} {segment.Revision}");
            return new SegmentRule(definition, spec.Is == SegmentMembership.Member);
        }

        return null;
    }

    /// <summary>Adds kind, name and revision to what is <paramref name="used"/>; null after reporting a problem.</summary>
    public RfmRule? Rfm(RfmConditionSpec spec, string path, List<string> used, ProblemList problems)
    {
        if (!problems.RequireText(spec.Policy, path + ".policy", "default"))
            return null;
        if (!policies.TryGetValue(spec.Policy, out var policy))
        {
            problems.Add(
                ProblemReasons.RfmPolicyNotFound,
                path + ".policy",
                $"there is no RfmPolicy {spec.Policy} in this namespace{NearestName.Hint(spec.Policy, policies.Keys)}; apply it, or mend the name");
            return null;
        }

        if (policy.Definition is not { } definition)
        {
            problems.Add(
                ProblemReasons.RfmPolicyInvalid,
                path + ".policy",
                $"RfmPolicy {spec.Policy} is not valid itself ({policy.Problems[0]}); mend that one");
            return null;
        }

        if (!AreTiers(spec.Tier ?? [], definition, path + ".tier", problems))
            return null;
        used.Add($"policy {spec.Policy} {policy.Revision}");
        return new RfmRule(definition, [.. spec.Tier!]);
    }

    // Along a chain of references only the next one tells its reason, so that messages do not grow with the chain.
    private static string Why(SegmentCompilation segment) =>
        segment.Problems[0].Reason == ProblemReasons.ReferencedSegmentInvalid ? ", because of one that it refers to" : $" ({segment.Problems[0]})";

    private static bool AreTiers(IReadOnlyList<string> tiers, RfmPolicyDefinition policy, string path, ProblemList problems)
    {
        var names = policy.Tiers.Names;
        if (tiers.Count is 0 or > RfmConditionSpec.TiersMax)
        {
            problems.Invalid(path, $"takes 1 to {RfmConditionSpec.TiersMax} tiers; there are {tiers.Count}");
            return false;
        }

        var unknown = Enumerable.Range(0, tiers.Count).Where(i => !names.Contains(tiers[i])).ToList();
        foreach (var i in unknown)
        {
            problems.Add(
                ProblemReasons.UnknownTier,
                $"{path}[{i}]",
                $"RfmPolicy {policy.Name} has no tier {tiers[i]}{NearestName.Hint(tiers[i], names)}; it has {string.Join(", ", names)}");
        }

        return unknown.Count == 0;
    }
}
