using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Resources;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>What is known of a stored profile when another plan is followed.</summary>
public sealed class CachedProfileTests
{
    private static readonly SegmentDefinition Rule = WorkspaceCompiler.Compile(
        new Dictionary<string, SegmentSpec> { ["any"] = Shop.Spec(Shop.Orders()) }, new Dictionary<string, RfmPolicySpec>(), new Dictionary<string, RfmBreakPoints>())
        .Segments["any"].Definition!;

    private static readonly RfmPolicyDefinition Scores = RfmPolicyCompiler.Compile("value", Shop.Quantiles).Definition!;

    private readonly CachedProfile _cached = new(StoredProfile.Unknown("ada") with { Exists = true });

    [Fact]
    public void It_goes_on_where_its_revision_does_wherever_that_stands_in_the_plan()
    {
        var before = Plan([Serving("b", "1"), Serving("c", "1")], [Policy("1")]);
        var score = new StoredScore(LastPurchaseMs: 7, Frequency: 2, Monetary: 3m, Spent: 3m);
        (_cached.MembershipAt(before, 0), _cached.MembershipAt(before, 1)) = (Membership.In, Membership.Out);
        _cached.ScoreAt(before, 0) = score;

        var now = Plan([Serving("a", "1"), Serving("b", "1"), Serving("c", "1"), Serving("c", "2") with { IsServing = false }], [Policy("0"), Policy("1")]);
        now.GoesOnFrom(before).ShouldBeTrue();

        Enumerable.Range(0, 4).Select(i => _cached.MembershipAt(now, i)).ShouldBe([Membership.Unknown, Membership.In, Membership.Out, Membership.Unknown]);
        _cached.ScoreAt(now, 0).ShouldBeNull();
        _cached.ScoreAt(now, 1).ShouldBe(score);
    }

    [Fact]
    public void A_plan_with_the_same_revisions_in_the_same_order_has_the_layout_of_the_one_before()
    {
        var before = Plan([Serving("a", "1"), Serving("b", "1")], [Policy("1")]);

        new WorkspacePlan([Serving("a", "1") with { PassId = "other" }, Serving("b", "1")], [Policy("1")], [], former: before).Layout.ShouldBeSameAs(before.Layout);
        new WorkspacePlan([Serving("b", "1"), Serving("a", "1")], [Policy("1")], [], former: before).Layout.ShouldNotBeSameAs(before.Layout);
        new WorkspacePlan([Serving("a", "1"), Serving("b", "1")], [], [], former: before).Layout.ShouldNotBeSameAs(before.Layout);
    }

    [Fact]
    public void It_is_forgotten_when_it_is_told_to_be()
    {
        var before = Plan([Serving("b", "1")], []);
        _cached.MembershipAt(before, 0) = Membership.In;
        _cached.ForgetStored();

        _cached.MembershipAt(before, 0).ShouldBe(Membership.Unknown);
    }

    [Fact]
    public void A_plan_goes_on_from_another_only_if_nothing_is_gone_and_nothing_begins_to_serve()
    {
        var before = Plan([Serving("a", "1"), Serving("a", "2") with { IsServing = false }], [Policy("1")]);

        Plan([Serving("a", "1"), Serving("a", "2") with { IsServing = false, PassId = "other" }, Serving("b", "1")], [Policy("1"), Policy("2")]).GoesOnFrom(before).ShouldBeTrue();
        Plan([Serving("a", "1")], [Policy("1")]).GoesOnFrom(before).ShouldBeFalse("a revision is gone");
        Plan([Serving("a", "2")], [Policy("1")]).GoesOnFrom(before).ShouldBeFalse("a revision has taken the place of another");
        Plan([Serving("a", "1"), Serving("a", "2")], [Policy("1")]).GoesOnFrom(before).ShouldBeFalse("a revision begins to serve");
        Plan([Serving("a", "1"), Serving("a", "2") with { IsServing = false }], []).GoesOnFrom(before).ShouldBeFalse("a policy is gone");
        Plan([Serving("a", "1"), Serving("a", "2") with { IsServing = false }], [Policy("1") with { IsServing = false }]).GoesOnFrom(before).ShouldBeFalse("a policy files no tiers any more");
    }

    private static WorkspacePlan Plan(TrackedSegment[] segments, TrackedPolicy[] policies) => new(segments, policies, []);

    private static TrackedSegment Serving(string name, string revision) => new(name, Rule, revision, IsServing: true, IsFrozen: false, "", "pass", null);

    private static TrackedPolicy Policy(string revision) => new(Scores, revision, IsServing: true, "pass");
}
