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
    public void Samples_give_the_linter_nothing_to_warn_of() => Files
        .SelectMany(file => file.Objects.Zip(file.Lines))
        .Where(sample => sample.First is Segment)
        .SelectMany(sample => SegmentLinter.Lint(((Segment)sample.First).Spec, sample.Second.ContainsKey)
            .Where(finding => finding.Severity > LintSeverity.Info)
            .Select(finding => $"{sample.First.Metadata.Name}: {finding}"))
        .ShouldBeEmpty();

    [Fact]
    public void Everything_that_a_segment_can_say_is_said_in_a_sample()
    {
        // A suspended sample would stay empty, and one day of the week stands for all.
        string[] left = ["SegmentSpec.suspend", .. SpecFields.Of(typeof(SegmentSpec)).Where(field => field.StartsWith("SegmentSpec.weekStartsOn=", StringComparison.Ordinal))];

        SpecFields.Of(typeof(SegmentSpec)).Except(left).Except(Files.SelectMany(file => file.Segments).SelectMany(segment => SpecFields.SetIn(segment.Spec))).ShouldBeEmpty();
    }

    [Fact]
    public void A_prediction_asks_a_policy_that_predicts()
    {
        var predicting = Files.SelectMany(file => file.RfmPolicies).Where(policy => policy.Spec.Predictions is not null).Select(policy => policy.Metadata.Name).ToList();
        var asking = Files.SelectMany(file => file.Segments).SelectMany(segment => segment.Spec.Match.All ?? []).Select(leaf => leaf.Prediction).OfType<PredictionConditionSpec>().ToList();
        asking.ShouldNotBeEmpty();
        foreach (var condition in asking)
            predicting.ShouldContain(condition.Policy);
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
