using Segmentation;
using Segmentation.Resources;

namespace Resources.Tests;

public class RevisionTests
{
    private const string Match = "{all: [{event: {name: a, sum: {gt: 200.50}}}, {segment: {name: other}}, {rfm: {policy: default, tier: [loyal]}}]}";

    [Fact]
    public void A_revision_is_short_hexadecimal_and_the_same_every_time()
    {
        // Written down: a revision names stored members, so it must not depend on the process, the machine or the release.
        var revision = Specs.Compile(Specs.Segment("{event: {name: placed_order, count: {gte: 3}, within: 365d}}")).Revision;
        revision.ShouldBe("13e38bbac1b86c3c");
    }

    [Theory]
    [InlineData("{event: {name: a, sum: {gt: 200.50}}}", "{event: {name: a, sum: {gt: 200.5}}}")]
    [InlineData("{event: {name: a, sum: {gt: 5}}}", "{event: {name: a, sum: {of: value, gt: 5.000}}}")]
    [InlineData("{property: {name: a, eq: 5}}", "{property: {name: a, eq: '5', onMissing: exclude}}")]
    public void What_is_written_differently_and_means_the_same_has_the_same_revision(string one, string other) =>
        Specs.Compile(one).Revision.ShouldBe(Specs.Compile(other).Revision);

    [Theory]
    [InlineData("{event: {name: b}}")]
    [InlineData("{event: {name: a, within: 1d}}")]
    [InlineData("{event: {name: a, count: {gte: 2}}}")]
    [InlineData("{none: [{event: {name: a}}]}")]
    [InlineData("{any: [{event: {name: a}}]}")]
    public void Another_match_has_another_revision(string other) =>
        Specs.Compile(other).Revision.ShouldNotBe(Specs.Compile("{event: {name: a}}").Revision);

    [Fact]
    public void What_moves_no_member_keeps_the_revision()
    {
        var before = Compile();
        Compile(spec => spec with { DisplayName = "Other", Suspend = true, Drift = new DriftSpec { MaxChangePercent = 3 } }).ShouldBe(before);
        Compile(policy: "{purchases: {event: placed_order}, window: 730d, suspend: true, scoring: {recomputeEvery: 6h}}").ShouldBe(before);
        Compile(policy: "{purchases: {event: placed_order}, window: 730d, predictions: {horizon: 30d}}").ShouldBe(before);
        Compile(breakPoints: new RfmBreakPoints([1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4])).ShouldBe(before);
    }

    [Fact]
    public void A_change_of_anything_referred_to_changes_the_revision()
    {
        var before = Compile();
        Compile(other: "{event: {name: x, within: 2d}}").ShouldNotBe(before);
        Compile(policy: "{purchases: {event: placed_order}, window: 729d}").ShouldNotBe(before);
        Compile(spec => spec with { TimeZone = "Europe/Berlin" }).ShouldNotBe(before);
    }

    private static string Compile(
        Func<SegmentSpec, SegmentSpec>? change = null,
        string other = "{event: {name: x, within: 1d}}",
        string policy = Specs.ClassicPolicy,
        RfmBreakPoints? breakPoints = null) =>
        WorkspaceCompiler.Compile(
            new Dictionary<string, SegmentSpec> { ["it"] = (change ?? (spec => spec))(Specs.Segment(Match)), ["other"] = Specs.Segment(other) },
            new Dictionary<string, RfmPolicySpec> { ["default"] = Specs.RfmPolicy(policy) },
            breakPoints is null ? new Dictionary<string, RfmBreakPoints>() : new Dictionary<string, RfmBreakPoints> { ["default"] = breakPoints })
        .Segments["it"].Revision.ShouldNotBeNull();
}
