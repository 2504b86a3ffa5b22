using Segmentation;
using Segmentation.Resources;

namespace Resources.Tests;

public class SamplesTests
{
    private static readonly ResourceFileContent[] Files =
        [.. Directory.GetFiles(RepositoryRoot.Combine("config", "samples"), "*.yaml").Order(StringComparer.Ordinal).Select(file => ResourceFile.Read(File.ReadAllText(file)))];

    [Fact]
    public void Samples_have_the_shape_that_a_server_takes() => Files.SelectMany(file => file.Errors).ShouldBeEmpty();

    [Fact]
    public void Samples_compile_and_share_a_workspace()
    {
        var workspace = WorkspaceCompiler.Compile(
            Files.SelectMany(file => file.Segments).ToDictionary(segment => segment.Metadata.Name, segment => segment.Spec),
            Files.SelectMany(file => file.RfmPolicies).ToDictionary(policy => policy.Metadata.Name, policy => policy.Spec),
            new Dictionary<string, RfmBreakPoints>());

        workspace.Segments.Values.SelectMany(segment => segment.Problems).ShouldBeEmpty();
        workspace.Policies.Values.SelectMany(policy => policy.Problems).ShouldBeEmpty();
        workspace.Segments.Count.ShouldBeGreaterThanOrEqualTo(7);
        Files.SelectMany(file => file.Objects).Select(sample => sample.Metadata.Namespace).Distinct().ShouldBe(["acme"]);
    }

    [Fact]
    public void Audience_samples_name_a_sample_segment()
    {
        var names = Files.SelectMany(file => file.Segments).Select(segment => segment.Metadata.Name).ToList();
        foreach (var sync in Files.SelectMany(file => file.AudienceSyncs))
        {
            AudienceSyncCompiler.Compile(sync.Spec).Problems.ShouldBeEmpty();
            names.ShouldContain(sync.Spec.SegmentRef.Name);
        }
    }

    [Fact]
    public void One_sample_empties_by_time_alone_within_a_minute() =>
        Files.SelectMany(file => file.Segments).Single(segment => segment.Metadata.Name == "browsing-now").Spec.Match.Event!.Within.ShouldBe("60s");
}
