using Segmentation.Resources;

namespace Resources.Tests;

public class ResourceFileTests
{
    [Fact]
    public void A_file_may_hold_several_kinds_and_other_groups_are_passed_over()
    {
        var content = ResourceFile.Read(
            """
            # a comment
            apiVersion: v1
            kind: Namespace
            metadata: {name: acme}
            ---
            apiVersion: segmentation.dev/v1alpha1
            kind: Segment
            metadata: {name: vips, namespace: acme, labels: {team: crm}, annotations: {a: "1"}}
            spec:
              match:
                event: {name: placed_order, sum: {gt: 200.50}, within: 365d}
            ---
            apiVersion: segmentation.dev/v1alpha1
            kind: RfmPolicy
            metadata: {name: default}
            spec: {purchases: {event: placed_order}, window: 730d}
            ---
            {"apiVersion": "segmentation.dev/v1alpha1", "kind": "AudienceSync", "metadata": {"name": "crm"},
             "spec": {"segmentRef": {"name": "vips"}, "destination": {"webhook": {"url": "https://a", "signingSecretRef": {"name": "s", "key": "k"}}}}}
            ---
            """);

        content.Errors.ShouldBeEmpty();
        var segment = content.Segments.ShouldHaveSingleItem();
        (segment.Metadata.Name, segment.Metadata.Namespace, segment.Metadata.Labels!["team"]).ShouldBe(("vips", "acme", "crm"));
        segment.Spec.Match.Event!.Sum!.Gt.ShouldBe(200.50m);
        segment.Spec.TimeZone.ShouldBe("UTC");
        content.RfmPolicies.ShouldHaveSingleItem().Spec.Scoring.Scores.ShouldBe(5);
        content.AudienceSyncs.ShouldHaveSingleItem().Spec.OnSegmentDeletion.ShouldBe(SegmentDeletionPolicy.Retain);
    }

    [Fact]
    public void What_kubectl_get_prints_can_be_read_back()
    {
        var content = ResourceFile.Read(
            """
            apiVersion: v1
            kind: List
            items:
            - apiVersion: segmentation.dev/v1alpha1
              kind: Segment
              metadata: {name: vips, generation: 3, resourceVersion: "17", creationTimestamp: "2026-01-01T00:00:00Z", managedFields: [{manager: kubectl}]}
              spec: {match: {event: {name: a}}, timeZone: UTC, suspend: false}
              status: {observedGeneration: 3, memberCount: 12, anything: [1, 2]}
            """);
        content.Errors.ShouldBeEmpty();
        content.Segments.ShouldHaveSingleItem().Metadata.Generation.ShouldBe(3);
    }

    [Fact]
    public void An_alias_stands_for_what_it_names()
    {
        var content = ResourceFile.Read(Segment("{all: [{event: &order {name: placed_order, within: 30d}}, {none: [{event: *order}]}]}"));
        content.Errors.ShouldBeEmpty();
        content.Segments.Single().Spec.Match.All![1].None![0].Event!.Within.ShouldBe("30d");
    }

    [Theory]
    [InlineData("5", "5")]
    [InlineData("-5", "-5")]
    [InlineData("+5", "5")]
    [InlineData("200.50", "200.50")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5")]
    [InlineData("1e3", "1000")]
    [InlineData("0x1F", "31")]
    [InlineData("123456789012.345", "123456789012.345")]
    public void Numbers_keep_every_digit(string written, string expected) =>
        ResourceFile.Read(Segment($"{{event: {{name: a, sum: {{gt: {written}}}}}}}")).Segments.Single().Spec.Match.Event!.Sum!.Gt!.Value.ToString().ShouldBe(expected);

    public static TheoryData<string, string, string> Wrong => new()
    {
        { "{event: {nam: a}}", "spec.match.event.nam", "unknown field; did you mean name?" },
        { "{event: {nam: a}}", "spec.match.event.name", "is required" },
        { "{event: {name: a, count: {atLeast: 3}}}", "spec.match.event.count.atLeast", "unknown field; known are between, eq, gt, gte, lt, lte and ne" },
        { "{event: {name: a, count: {gte: three}}}", "spec.match.event.count.gte", "expected a number, found three" },
        { "{event: {name: a, count: {gte: '3'}}}", "spec.match.event.count.gte", "expected a number, found 3; write it without quotes" },
        { "{event: {name: a, count: 3}}", "spec.match.event.count", "expected fields (between, eq, gt, gte, lt, lte or ne), found 3" },
        { "{event: {name: a, count: [3]}}", "spec.match.event.count", "found a list" },
        { "{event: {name: a, count: {gte: 1e400}}}", "spec.match.event.count.gte", "too large" },
        { "{event: {name: 5}}", "spec.match.event.name", "expected text, found 5; write \"5\"" },
        { "{event: {name: ''}}", "spec.match.event.name", "has 0 characters; at least 1 is needed" },
        { "{event: {name: a, within: 30 days}}", "spec.match.event.within", "write whole numbers with the units" },
        { "{event: {name: a, ever: yep}}", "spec.match.event.ever", "expected true or false, found yep" },
        { "{property: {name: a, eq: true}}", "spec.match.property.eq", "expected text or a whole number, found true; write \"true\"" },
        { "{property: {name: a, eq: 1.5}}", "spec.match.property.eq", "expected text or a whole number, found 1.5; write \"1.5\"" },
        { "{property: {name: a, in: [DE, NO]}}", "spec.match.property.in[1]", "kubectl reads NO as a boolean; write \"NO\"" },
        { "{property: {name: a, in: [y]}}", "spec.match.property.in[0]", "kubectl reads y as a boolean" },
        { "{property: {name: a, eq: 01067}}", "spec.match.property.eq", "kubectl reads 01067 as another number; write \"01067\"" },
        { "{property: {name: a, in: []}}", "spec.match.property.in", "has 0 items; at least 1 is needed" },
        { "{property: {name: a, in: [a, null]}}", "spec.match.property.in[1]", "found nothing" },
        { "{property: {name: a, exists: true, onMissing: exclud}}", "spec.match.property.onMissing", "expected one of exclude or include, found exclud; did you mean exclude?" },
        { "{segment: {name: a, is: notmember}}", "spec.match.segment.is", "did you mean notMember?" },
        { "{all: [{all: [{all: [{all: [{event: {name: a}}]}]}]}]}", "spec.match.all[0].all[0].all[0].all", "groups nest at most 3 deep" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void What_a_server_would_refuse_is_an_error_with_its_line(string match, string path, string message)
    {
        var content = ResourceFile.Read(Segment(match));
        content.Objects.ShouldBeEmpty();
        var error = content.Errors.First(error => error.Path == path);
        error.Line.ShouldBe(6);
        error.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("a: ]", 1, "is not YAML")]
    [InlineData("a: 1\na: 2", 2, "is not YAML")]
    [InlineData("- a", 1, "is no Kubernetes object")]
    [InlineData("just text", 1, "is no Kubernetes object")]
    [InlineData("kind: Segment", 1, "is required")]
    [InlineData("\n\napiVersion: segmentation.dev/v1alpha1\nkind: Segmnt", 3, "did you mean Segment?")]
    [InlineData("apiVersion: segmentation.dev/v1\nkind: Segment", 1, "there is no Segment in segmentation.dev/v1;")]
    [InlineData("apiVersion: v1\nkind: Segment", 1, "there is no Segment in v1;")]
    [InlineData("apiVersion: segmentation.dev/v1alpha1\nkind: Segment\nmetadata: {}\nspec: {match: {event: {name: a}}}", 3, "names the object")]
    [InlineData("apiVersion: segmentation.dev/v1alpha1\nkind: Segment\nmetadata: {name: a}", 1, "is required")]
    public void What_is_no_object_of_the_group_is_an_error_with_its_line(string text, int line, string message)
    {
        var error = ResourceFile.Read(text).Errors.ShouldHaveSingleItem();
        error.Line.ShouldBe(line);
        error.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("&a [*a]")]
    [InlineData("{x: &x [1,1,1,1,1,1,1,1,1,1], y: &y [*x,*x,*x,*x,*x,*x,*x,*x,*x,*x], z: &z [*y,*y,*y,*y,*y,*y,*y,*y,*y,*y], w: &w [*z,*z,*z,*z,*z,*z,*z,*z,*z,*z], v: &v [*w,*w,*w,*w,*w,*w,*w,*w,*w,*w], u: [*v,*v,*v]}")]
    public void A_text_that_unfolds_without_end_is_refused(string bomb)
    {
        var errors = ResourceFile.Read($"apiVersion: segmentation.dev/v1alpha1\nkind: Segment\nmetadata: {{name: a, annotations: {bomb}}}\nspec: {{match: {{event: {{name: a}}}}}}").Errors;
        errors.ShouldNotBeEmpty();
        errors.Count.ShouldBeLessThan(10);
    }

    [Theory]
    [InlineData("")]
    [InlineData("---\n---\n# nothing\n")]
    public void An_empty_file_holds_nothing(string text)
    {
        var content = ResourceFile.Read(text);
        content.Objects.ShouldBeEmpty();
        content.Errors.ShouldBeEmpty();
    }

    [Fact]
    public void Windows_line_ends_and_a_byte_order_mark_do_no_harm()
    {
        var content = ResourceFile.Read("\uFEFF" + Segment("{event: {name: a}}").Replace("\n", "\r\n", StringComparison.Ordinal));
        content.Errors.ShouldBeEmpty();
        content.Segments.ShouldHaveSingleItem();
    }

    private static string Segment(string match) =>
        $"apiVersion: segmentation.dev/v1alpha1\nkind: Segment\nmetadata:\n  name: it\nspec:\n  match: {match}\n";
}
