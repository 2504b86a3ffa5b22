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
    public SegmentDefinition? Segment(string name, string path, List<string> used, ProblemList problems)
    {
        if (!problems.RequireText(name, path, "staff"))
            return null;
        if (!segments.TryGetValue(name, out var segment))
        {
            problems.Add(
                ProblemReasons.SegmentNotFound,
                path,
                $"there is no Segment {name} in this namespace{segmentNames.For(name)}; apply it, or mend the name");
        }
        else if (segment.Definition is not { } definition)
        {
            problems.Add(ProblemReasons.ReferencedSegmentInvalid, path, $"Segment {name} is not valid itself{Why(segment)}; mend that one");
        }
        else if (definition.Depth == SegmentDefinition.MaxDepth)
        {
            problems.Add(
                ProblemReasons.TooDeep,
                path,
                $"Segment {name} stands at the end of a chain of {definition.Depth} segments, the longest allowed; "
                + "refer to one nearer to its start");
        }
        else
        {
            used.Add($"segment {name} {segment.Revision}");
            return definition;
        }

        return null;
    }

    /// <summary>Adds kind, name and revision to what is <paramref name="used"/>; null after reporting a problem.</summary>
    public RfmPolicyDefinition? Policy(string name, string path, List<string> used, ProblemList problems)
    {
        if (!problems.RequireText(name, path, "default"))
            return null;
        if (!policies.TryGetValue(name, out var policy))
        {
            problems.Add(
                ProblemReasons.RfmPolicyNotFound,
                path,
                $"there is no RfmPolicy {name} in this namespace{NearestName.Hint(name, policies.Keys)}; apply it, or mend the name");
            return null;
        }

        if (policy.Definition is not { } definition)
        {
            problems.Add(
                ProblemReasons.RfmPolicyInvalid, path, $"RfmPolicy {name} is not valid itself ({policy.Problems[0]}); mend that one");
            return null;
        }

        used.Add($"policy {name} {policy.Revision}");
        return definition;
    }

    // Along a chain of references only the next one tells its reason, so that messages do not grow with the chain.
    private static string Why(SegmentCompilation segment) =>
        segment.Problems[0].Reason == ProblemReasons.ReferencedSegmentInvalid ? ", because of one that it refers to" : $" ({segment.Problems[0]})";
}
