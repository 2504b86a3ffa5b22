using NodaTime;

namespace Segmentation.Resources;

/// <summary>
/// Turns the specs of a workspace into what the engine evaluates. Pure: the same specs give equal results, and nothing is kept between
/// calls. A spec that cannot be used takes nothing with it but those that refer to it.
/// </summary>
public static class WorkspaceCompiler
{
    /// <summary>The longest drift window.</summary>
    public const long DriftWindowMaxMs = 24L * 60 * 60 * 1000;

    /// <param name="segments">By metadata.name.</param>
    /// <param name="policies">By metadata.name.</param>
    /// <param name="breakPoints">By policy name: the break points that quantile policies have now.</param>
    /// <param name="models">By policy name: the models that policies have now, if any.</param>
    /// <param name="previous">
    /// What this workspace compiled to before, if anything: definitions that mean the same are taken over from there, as the same objects.
    /// It changes nothing else.
    /// </param>
    public static WorkspaceDefinition Compile(
        IReadOnlyDictionary<string, SegmentSpec> segments,
        IReadOnlyDictionary<string, RfmPolicySpec> policies,
        IReadOnlyDictionary<string, RfmBreakPoints> breakPoints,
        WorkspaceDefinition? previous = null,
        IReadOnlyDictionary<string, PredictionModel>? models = null)
    {
        var earlier = new EarlierCompilations(previous);
        var compiledPolicies = policies.ToDictionary(
            policy => policy.Key,
            policy => earlier.Policy(RfmPolicyCompiler.Compile(
                policy.Key, policy.Value, breakPoints.GetValueOrDefault(policy.Key), models?.GetValueOrDefault(policy.Key))),
            StringComparer.Ordinal);
        var references = segments.ToDictionary(segment => segment.Key, segment => SegmentReferences.Of(segment.Value), StringComparer.Ordinal);
        var graph = new ReferenceGraph(references.ToDictionary(
            segment => segment.Key,
            segment => segment.Value.Select(reference => reference.Name).Where(segments.ContainsKey).Distinct().ToArray(),
            StringComparer.Ordinal));
        var compiled = new Dictionary<string, SegmentCompilation>(segments.Count, StringComparer.Ordinal);
        var resolver = new ReferenceResolver(compiled, new NameHints(references.Keys), compiledPolicies);
        var valid = new List<SegmentCompilation>(segments.Count);
        foreach (var group in graph.InBuildOrder())
        {
            foreach (var name in group.Order(StringComparer.Ordinal))
            {
                var result = InCircle(name, group, graph, references[name]) ?? Compile(name, segments[name], resolver, earlier);
                compiled.Add(name, result);
                if (result.IsValid)
                    valid.Add(result);
            }
        }

        return new WorkspaceDefinition(compiled, compiledPolicies, valid);
    }

    private static SegmentCompilation? InCircle(
        string name, IReadOnlyCollection<string> group, ReferenceGraph graph, List<SegmentReferenceAt> references)
    {
        if (graph.CycleThrough(name, group) is not { } circle)
            return null;
        var path = references.First(reference => group.Contains(reference.Name)).Path;
        var message = $"segments refer to one another in a circle: {circle}; take one of these references out";
        return new SegmentCompilation(name, null, null, [new SpecProblem(ProblemReasons.SegmentCycle, path, message)]);
    }

    private static SegmentCompilation Compile(string name, SegmentSpec spec, ReferenceResolver references, EarlierCompilations earlier)
    {
        var problems = new ProblemList();
        var calendar = Calendar(spec, problems);
        if (spec.Drift is { } drift)
            Drift(drift, problems);
        if (spec.Match?.Unreadable is { } unreadable)
        {
            foreach (var problem in unreadable.Problems)
                problems.Add(problem);
            return new SegmentCompilation(name, null, null, problems.ToList());
        }

        var own = Revision.OfOwn(spec);
        if (problems.Count == 0 && references.Earlier(name, own, earlier) is { } same)
            return same;
        var used = new List<string>();
        var rule = new ConditionCompiler(new SegmentScope(name, calendar, references, used, problems)).CompileMatch(spec.Match, "spec.match");
        return rule is null || problems.Count > 0
            ? new SegmentCompilation(name, null, null, problems.ToList())
            : new SegmentCompilation(name, new SegmentDefinition(name, rule), Revision.OfSegment(own, used), []) { OwnRevision = own };
    }

    // UTC after reporting a problem, so that the conditions are looked at, too.
    private static SegmentCalendar Calendar(SegmentSpec spec, ProblemList problems)
    {
        var zones = DateTimeZoneProviders.Tzdb;
        if (zones.GetZoneOrNull(spec.TimeZone) is { } zone)
            return new SegmentCalendar(zone, IsoDayOfWeek.Monday + (int)(spec.WeekStartsOn ?? WeekDay.Monday));
        problems.Add(
            ProblemReasons.UnknownTimeZone,
            "spec.timeZone",
            $"there is no time zone {spec.TimeZone}{NearestName.Hint(spec.TimeZone, zones.Ids)}; write an IANA name such as Europe/Berlin, or UTC");
        return SegmentCalendar.Utc;
    }

    private static void Drift(DriftSpec drift, ProblemList problems)
    {
        problems.Duration(drift.Window, "spec.drift.window", maximumMs: DriftWindowMaxMs);
        if (drift.MaxChangePercent < 0)
            problems.Invalid("spec.drift.maxChangePercent", "is a percentage of 0 or more");
    }
}
