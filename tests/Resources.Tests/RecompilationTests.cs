using Segmentation;
using Segmentation.Resources;

namespace Resources.Tests;

/// <summary>After one thing changed, only what depends on it gets new definitions.</summary>
public class RecompilationTests
{
    private static readonly Dictionary<string, SegmentSpec> Segments = new()
    {
        ["base"] = Specs.Segment("{event: {name: a, within: 1d}}"),
        ["top"] = Specs.Segment("{all: [{segment: {name: base}}, {property: {name: p, matches: '^x'}}]}"),
        ["tiered"] = Specs.Segment("{rfm: {policy: default, tier: [loyal]}}"),
        ["alone"] = Specs.Segment("{event: {name: b}}"),
    };

    private static readonly Dictionary<string, RfmPolicySpec> Policies = new() { ["default"] = Specs.RfmPolicy(Specs.ClassicPolicy) };

    private static readonly WorkspaceDefinition Before = Compile(Segments, null);

    [Fact]
    public void Nothing_changed_gives_the_same_objects() => Kept(Compile(Segments, Before)).ShouldBe(["base", "top", "tiered", "alone"], ignoreOrder: true);

    [Fact]
    public void A_changed_segment_renews_itself_and_what_refers_to_it()
    {
        var after = Compile(new(Segments) { ["base"] = Specs.Segment("{event: {name: a, within: 2d}}") }, Before);
        Kept(after).ShouldBe(["tiered", "alone"], ignoreOrder: true);
        after.Segments["top"].Revision.ShouldNotBe(Before.Segments["top"].Revision);
    }

    [Fact]
    public void Moved_break_points_renew_the_definition_and_keep_the_revision()
    {
        var after = Compile(Segments, Before, new RfmBreakPoints([1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4]));
        Kept(after).ShouldBe(["base", "top", "alone"], ignoreOrder: true);
        after.Segments["tiered"].Revision.ShouldBe(Before.Segments["tiered"].Revision);
        after.Segments["tiered"].Definition!.Dependencies.Policies.ShouldHaveSingleItem().BreakPoints.ShouldNotBeNull();
    }

    [Fact]
    public void A_segment_that_lost_what_it_refers_to_is_not_taken_over()
    {
        var segments = new Dictionary<string, SegmentSpec>(Segments);
        segments.Remove("base");
        Compile(segments, Before).Segments["top"].Problems.ShouldHaveSingleItem().Reason.ShouldBe(ProblemReasons.SegmentNotFound);
    }

    [Fact]
    public void A_circle_closed_by_a_change_is_found()
    {
        var after = Compile(new(Segments) { ["base"] = Specs.Segment("{segment: {name: top}}") }, Before);
        after.Segments["top"].Problems.ShouldHaveSingleItem().Reason.ShouldBe(ProblemReasons.SegmentCycle);
    }

    [Fact]
    public void A_bad_drift_refuses_a_spec_whose_match_is_unchanged()
    {
        var after = Compile(new(Segments) { ["alone"] = Segments["alone"] with { Drift = new DriftSpec { Window = "2d" } } }, Before);
        after.Segments["alone"].IsValid.ShouldBeFalse();
    }

    private static WorkspaceDefinition Compile(Dictionary<string, SegmentSpec> segments, WorkspaceDefinition? previous, RfmBreakPoints? breakPoints = null) =>
        WorkspaceCompiler.Compile(
            segments, Policies, breakPoints is null ? new Dictionary<string, RfmBreakPoints>() : new() { ["default"] = breakPoints }, previous);

    private static IEnumerable<string> Kept(WorkspaceDefinition after) =>
        after.Segments.Values.Where(segment => segment.IsValid && ReferenceEquals(segment.Definition, Before.Segments[segment.Name].Definition)).Select(segment => segment.Name);
}
