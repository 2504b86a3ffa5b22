using Segmentation.Resources;

namespace Segmentation.Cli.Tests.Definitions;

/// <summary>What <c>import-definition</c> wrote, read and compiled as the operator does it.</summary>
internal static class ImportedWorkspace
{
    private static readonly RfmPolicySpec Policy = ResourceFile.Read("""
        apiVersion: segmentation.dev/v1alpha1
        kind: RfmPolicy
        metadata: {name: default}
        spec: {purchases: {event: Placed Order}, window: 365d}
        """).RfmPolicies.Single().Spec;

    /// <summary>The Segments, with others that have the names which they refer to; fails when a server or the compiler would refuse one.</summary>
    public static WorkspaceDefinition Compile(string yaml)
    {
        ResourceFileContent content = ResourceFile.Read(yaml);
        content.Errors.ShouldBeEmpty();
        Dictionary<string, SegmentSpec> segments = content.Segments.ToDictionary(segment => segment.Metadata.Name, segment => segment.Spec);
        foreach (string name in segments.Values.SelectMany(spec => Mentioned(spec.Match)).Distinct().Where(name => !segments.ContainsKey(name)).ToList())
            segments.Add(name, new SegmentSpec { Match = new() { Property = new() { Name = name, Exists = true } } });
        WorkspaceDefinition workspace = WorkspaceCompiler.Compile(
            segments, new Dictionary<string, RfmPolicySpec> { ["default"] = Policy }, new Dictionary<string, RfmBreakPoints>());
        workspace.Segments.Values.SelectMany(segment => segment.Problems.Select(problem => $"{segment.Name}: {problem}")).ShouldBeEmpty();
        return workspace;
    }

    /// <summary>Whether the profile is in the segment.</summary>
    public static bool Holds(string yaml, string segment, Profile profile, long instantMs)
    {
        var evaluation = new Evaluation();
        evaluation.Begin(profile, instantMs);
        return evaluation.Evaluate(Compile(yaml).Segments[segment].Definition!).Matches;
    }

    private static IEnumerable<string> Mentioned(ConditionSpec condition) => condition.Segment is { } segment
        ? [segment.Name]
        : (condition.All ?? condition.Any ?? condition.None ?? []).SelectMany(Mentioned);
}
