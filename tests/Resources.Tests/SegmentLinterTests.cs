using Segmentation.Resources;

namespace Resources.Tests;

public sealed class SegmentLinterTests
{
    [Theory]
    [InlineData("{all: [{property: {name: age, gt: 30}}, {property: {name: age, lt: 20}}]}", "spec.match", "all[0].property and all[1].property")]
    [InlineData("{all: [{property: {name: plan, eq: free}}, {property: {name: plan, in: [pro, team]}}]}", "spec.match", "exclude one another")]
    [InlineData("{all: [{property: {name: plan, eq: free}}, {property: {name: plan, exists: false}}]}", "spec.match", "exclude one another")]
    [InlineData("{all: [{property: {name: plan, eq: free}}, {none: [{property: {name: plan, exists: true}}]}]}", "spec.match", "all[1].none[0].property")]
    [InlineData("{all: [{property: {name: plan, gt: 3}}, {property: {name: plan, eq: abc}}]}", "spec.match", "exclude one another")]
    [InlineData("{all: [{event: {name: order, count: {gte: 3}}}, {event: {name: order, count: {eq: 0}}}]}", "spec.match", "exclude one another")]
    [InlineData("{all: [{event: {name: order, count: {gte: 3}, within: 30d}}, {event: {name: order, count: {lt: 3}, within: 90d}}]}", "spec.match", "exclude")]
    [InlineData("{all: [{event: {name: order, within: 30d}}, {none: [{event: {name: order}}]}]}", "spec.match", "exclude one another")]
    [InlineData("{event: {name: order, count: {lt: 0}}}", "spec.match", "nobody can meet this")]
    [InlineData("{event: {name: order, count: {between: [1, 2]}, within: 1d, where: [{property: a, eq: b}]}}", null, "")]
    [InlineData("{event: {name: order, count: {eq: 1.5}}}", "spec.match", "nobody")]
    [InlineData("{any: [{event: {name: order}}, {all: [{segment: {name: s}}, {segment: {name: s, is: notMember}}]}]}", "spec.match.any[1]", "exclude")]
    [InlineData("{all: [{consent: {channel: email, is: subscribed}}, {consent: {channel: email, is: never}}]}", "spec.match", "exclude")]
    [InlineData("{all: [{any: [{property: {name: age, gt: 30}}]}, {property: {name: age, lt: 20}}]}", "spec.match", "exclude")]
    public void What_nobody_can_meet_is_named_with_the_two_that_exclude_one_another(string match, string? path, string message) =>
        ShouldFind("contradiction", match, path, message);

    [Theory]
    [InlineData("{event: {name: order, count: {gte: 0}}}", "spec.match", "everybody meets this")]
    [InlineData("{any: [{property: {name: age, gt: 30}}, {none: [{property: {name: age, gt: 20}}]}]}", null, "")]
    [InlineData("{any: [{property: {name: age, gt: 20}}, {none: [{property: {name: age, gt: 30}}]}]}", "spec.match", "who misses any[0].property meets")]
    [InlineData("{any: [{event: {name: order, within: 90d}}, {none: [{event: {name: order, within: 30d}}]}]}", "spec.match", "everybody")]
    [InlineData("{any: [{segment: {name: s}}, {segment: {name: s, is: notMember}}]}", "spec.match", "everybody")]
    [InlineData("{any: [{property: {name: age, gt: 30}}, {property: {name: age, lte: 30}}]}", null, "")]
    [InlineData("{any: [{event: {name: order, sinceProperty: d}}, {none: [{event: {name: order, sinceProperty: d}}]}]}", "spec.match", "everybody")]
    [InlineData("{any: [{event: {name: order, sinceProperty: d}}, {event: {name: order, count: {eq: 0}, sinceProperty: d}}]}", null, "")]
    [InlineData("{any: [{event: {name: order, avg: {gt: 1}}}, {event: {name: order, avg: {lte: 1}}}]}", null, "")]
    public void What_everybody_meets_is_named(string match, string? path, string message) => ShouldFind("always-true", match, path, message);

    [Theory]
    [InlineData("{property: {name: plan, ne: free}}", "spec.match.property", "onMissing: include")]
    [InlineData("{property: {name: plan, ne: free, onMissing: exclude}}", null, "")]
    [InlineData("{property: {name: plan, notIn: [free]}}", "spec.match.property", "customers without plan do not meet this")]
    [InlineData("{property: {name: plan, notContains: free}}", "spec.match.property", "customers without plan do not meet this")]
    [InlineData("{property: {name: plan, notMatches: '^f', onMissing: exclude}}", null, "")]
    [InlineData("{none: [{property: {name: plan, notEndsWith: e}}]}", null, "")]
    [InlineData("{property: {name: plan, eq: free}}", null, "")]
    [InlineData("{none: [{property: {name: plan, eq: free}}]}", "spec.match.none[0].property", "pass the none")]
    [InlineData("{none: [{property: {name: plan, exists: false}}]}", null, "")]
    public void Absence_that_was_not_thought_of_is_named(string match, string? path, string message) =>
        ShouldFind("missing-data", match, path, message);

    [Theory]
    [InlineData("{event: {name: order, sum: {gt: 100}}}", "spec.match.event", "within: 730d")]
    [InlineData("{event: {name: order, sum: {gt: 100}, ever: true}}", "spec.match.event", "within: 730d")]
    [InlineData("{event: {name: order, sum: {gt: 100}, within: 730d}}", null, "")]
    [InlineData("{event: {name: order, count: {eq: 3}}}", "spec.match.event", "for ever")]
    [InlineData("{event: {name: order, count: {eq: 0}}}", null, "")]
    [InlineData("{event: {name: order}}", null, "")]
    public void Events_that_have_to_be_kept_for_ever_are_named(string match, string? path, string message) =>
        ShouldFind("unbounded-history", match, path, message);

    [Theory]
    [InlineData("{property: {name: email, matches: \".*@example.com\"}}", "spec.match.property.matches", "leave out the .*")]
    [InlineData("{property: {name: email, notMatches: \".*@example.com\"}}", "spec.match.property.notMatches", "leave out the .*")]
    [InlineData("{event: {name: order, within: 1d, where: [{property: sku, matches: \".*x\"}]}}", "spec.match.event.where[0].matches", "leave out")]
    [InlineData("{property: {name: email, matches: \"@example.com\"}}", null, "")]
    public void Costly_expressions_are_named(string match, string? path, string message) => ShouldFind("expensive", match, path, message);

    [Theory]
    [InlineData("{event: {name: order, count: {eq: 0}, sinceEntering: true}}", "spec.match.event")]
    [InlineData("{event: {name: order, sinceEntering: true}}", null)]
    public void Who_would_never_return_is_named(string match, string? path) => ShouldFind("never-returns", match, path, "");

    private static void ShouldFind(string rule, string match, string? path, string message)
    {
        var content = ResourceFile.Read($"apiVersion: segmentation.dev/v1alpha1\nkind: Segment\nmetadata: {{name: s}}\nspec:\n  match: {match}\n");
        content.Errors.ShouldBeEmpty();
        var findings = SegmentLinter.Lint(content.Segments.Single().Spec, content.Lines[0].ContainsKey).Where(finding => finding.Rule == rule).ToList();
        if (path is null)
        {
            findings.ShouldBeEmpty();
            return;
        }

        var finding = findings.ShouldHaveSingleItem();
        finding.Path.ShouldBe(path);
        finding.Message.ShouldContain(message);
    }
}
