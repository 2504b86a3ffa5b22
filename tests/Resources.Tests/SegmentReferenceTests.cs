using Segmentation;
using Segmentation.Resources;

namespace Resources.Tests;

public class SegmentReferenceTests
{
    private const string Leaf = "{event: {name: a}}";

    private static SegmentSpec RefersTo(params string[] names) =>
        Specs.Segment("{all: [" + string.Join(", ", names.Select(name => $"{{segment: {{name: {name}}}}}")) + "]}");

    [Fact]
    public void A_circle_is_named_by_each_of_its_segments_and_only_by_them()
    {
        var workspace = Specs.Workspace(
            ("a", RefersTo("b")), ("b", RefersTo("free", "c")), ("c", RefersTo("a")), ("free", Specs.Segment(Leaf)), ("outside", RefersTo("a")));

        Problem(workspace, "a").ShouldBe((ProblemReasons.SegmentCycle, "spec.match.all[0].segment.name"));
        workspace.Segments["a"].Problems[0].Message.ShouldContain("a → b → c → a");
        workspace.Segments["b"].Problems[0].Message.ShouldContain("b → c → a → b");
        workspace.Segments["b"].Problems[0].FieldPath.ShouldBe("spec.match.all[1].segment.name");
        workspace.Segments["c"].Problems[0].Message.ShouldContain("c → a → b → c");
        Problem(workspace, "outside").ShouldBe((ProblemReasons.ReferencedSegmentInvalid, "spec.match.all[0].segment.name"));
        workspace.ValidSegments.Select(segment => segment.Name).ShouldBe(["free"]);
    }

    [Fact]
    public void A_segment_between_two_circles_is_in_none()
    {
        var workspace = Specs.Workspace(("a", RefersTo("a", "bridge")), ("bridge", RefersTo("z")), ("z", RefersTo("z")));
        Problem(workspace, "a").Reason.ShouldBe(ProblemReasons.SegmentCycle);
        Problem(workspace, "bridge").Reason.ShouldBe(ProblemReasons.ReferencedSegmentInvalid);
        Problem(workspace, "z").Reason.ShouldBe(ProblemReasons.SegmentCycle);
    }

    [Fact]
    public void A_reference_to_an_invalid_segment_says_what_is_wrong_there()
    {
        var workspace = Specs.Workspace(("a", RefersTo("b")), ("b", Specs.Segment("{event: {name: x, within: soon}}")), ("top", RefersTo("a")));
        workspace.Segments["a"].Problems.ShouldHaveSingleItem().Message.ShouldContain("spec.match.event.within: \"soon\" is not a duration");
        workspace.Segments["top"].Problems.ShouldHaveSingleItem().Message.ShouldBe("Segment a is not valid itself, because of one that it refers to; mend that one");
    }

    [Fact]
    public void A_mistyped_segment_gets_a_hint()
    {
        var workspace = Specs.Workspace(("a", RefersTo("stafff")), ("staff", Specs.Segment(Leaf)));
        workspace.Segments["a"].Problems.ShouldHaveSingleItem().Message.ShouldContain("did you mean staff?");
    }

    [Theory]
    [InlineData("name: staff, joinedWithin: 7d, memberFor: 9d", "spec.match.segment", "joinedWithin and memberFor are given together; keep one")]
    [InlineData("name: staff, is: notMember, memberFor: 9d", "spec.match.segment.memberFor", "is asked of members only; take is: notMember out")]
    [InlineData("name: staff, joinedWithin: soon", "spec.match.segment.joinedWithin", "\"soon\" is not a duration")]
    [InlineData("name: staff, joinedBefore: yesterday", "spec.match.segment.joinedBefore", "is no date; write a day such as")]
    public void What_is_asked_of_a_members_joining_must_make_sense(string asked, string path, string message)
    {
        var problem = Specs.Workspace(("a", Specs.Segment($"{{segment: {{{asked}}}}}")), ("staff", Specs.Segment(Leaf))).Segments["a"].Problems.ShouldHaveSingleItem();

        (problem.Reason, problem.FieldPath).ShouldBe((ProblemReasons.InvalidSpec, path));
        problem.Message.ShouldContain(message);
    }

    [Fact]
    public void Valid_segments_come_after_those_that_they_refer_to()
    {
        var workspace = Specs.Workspace(("a", RefersTo("c", "b")), ("b", RefersTo("c")), ("c", Specs.Segment(Leaf)), ("0", RefersTo("a")));
        workspace.ValidSegments.Select(segment => segment.Name).ShouldBe(["c", "b", "a", "0"]);
        workspace.Segments["a"].Definition!.Dependencies.EventNames.ShouldBe(["a"]);
    }

    [Fact]
    public void A_chain_longer_than_the_engine_allows_is_refused_where_it_gets_too_long()
    {
        const int length = 5000;
        var chain = Enumerable.Range(0, length).Select(i => ($"s{i}", i == 0 ? Specs.Segment(Leaf) : RefersTo($"s{i - 1}"))).ToArray();
        var workspace = Specs.Workspace(chain);

        workspace.Segments[$"s{SegmentDefinition.MaxDepth - 1}"].IsValid.ShouldBeTrue();
        Problem(workspace, $"s{SegmentDefinition.MaxDepth}").Reason.ShouldBe(ProblemReasons.TooDeep);
        Problem(workspace, $"s{length - 1}").Reason.ShouldBe(ProblemReasons.ReferencedSegmentInvalid);
        workspace.Segments[$"s{length - 1}"].Problems[0].Message.Length.ShouldBeLessThan(200);
    }

    [Fact]
    public void A_circle_of_thousands_is_told_in_a_line()
    {
        const int length = 5000;
        var circle = Enumerable.Range(0, length).Select(i => ($"s{i}", RefersTo($"s{(i + 1) % length}"))).ToArray();
        var workspace = Specs.Workspace(circle);

        workspace.ValidSegments.ShouldBeEmpty();
        workspace.Segments["s7"].Problems.ShouldHaveSingleItem().Message.ShouldContain("s7 → s8 → s9");
        workspace.Segments["s7"].Problems[0].Message.ShouldContain("→ … → s7");
    }

    private static (string Reason, string Path) Problem(WorkspaceDefinition workspace, string name)
    {
        var problem = workspace.Segments[name].Problems.ShouldHaveSingleItem();
        return (problem.Reason, problem.FieldPath);
    }
}
