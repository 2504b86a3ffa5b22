using static Segmentation.Tests.Shop;

namespace Segmentation.Tests.Rules;

public sealed class RuleDependenciesTests
{
    [Fact]
    public void Everything_that_a_rule_reads_is_found_through_groups_segments_and_policies()
    {
        var policy = new RfmPolicyDefinition("default", "paid", "total", "paid_back", 30 * Day, RfmTiers.Classic);
        var staff = new SegmentDefinition("staff", new PropertyRule(new PropertyPredicate("role", PropertyOperator.Eq, ["staff"])));
        var known = new SegmentDefinition("known", new AnyOf([new SegmentRule(staff, false), new RfmRule(policy, ["loyal"])]));
        var dependencies = RuleDependencies.Of(new NoneOf(
        [
            new SegmentRule(known, true),
            Count(Comparison.Gte(1), null, new PropertyPredicate("channel", PropertyOperator.Eq, ["web"])),
            new EventRule(new EventSelection("placed_order", []), Aggregate.Sum, "items", Comparison.Gte(1), Timeframe.Ever),
        ]));

        dependencies.EventNames.ShouldBe(["placed_order", "paid", "paid_back"], ignoreOrder: true);
        dependencies.EventProperties["placed_order"].ShouldBe(["channel", "items"], ignoreOrder: true);
        dependencies.EventProperties["paid_back"].ShouldBe(["total"]);
        dependencies.ProfileProperties.ShouldBe(["role"]);
        dependencies.ReadsProfileProperties.ShouldBeTrue();
        dependencies.Policies.ShouldBe([policy]);
        dependencies.Segments.ShouldBe([known, staff], ignoreOrder: true);
        dependencies.DependsOnTime.ShouldBeTrue();
    }

    [Fact]
    public void A_rule_depends_on_time_when_it_has_a_window_or_a_tier()
    {
        RuleDependencies.Of(Count(Comparison.Gte(1))).DependsOnTime.ShouldBeFalse();
        RuleDependencies.Of(Count(Comparison.Gte(1), 30)).DependsOnTime.ShouldBeTrue();
        RuleDependencies.Of(new PropertyRule(new PropertyPredicate("p", PropertyOperator.Exists, [true]))).DependsOnTime.ShouldBeFalse();
    }

    [Fact]
    public void An_event_is_read_as_far_back_as_the_rule_that_looks_furthest()
    {
        var policy = new RfmPolicyDefinition("default", "paid", "value", "paid_back", 30 * Day, RfmTiers.Classic);
        var opened = new EventSelection("opened_email", []);
        var dependencies = RuleDependencies.Of(new AllOf(
        [
            Count(Comparison.Gte(1), 7),
            Count(Comparison.Gte(2), 90),
            new SegmentRule(new SegmentDefinition("others", Count(Comparison.Gte(1), 60)), true),
            new RfmRule(policy, ["loyal"]),
            new EventRule(opened, Aggregate.Count, null, Comparison.Gte(1), Timeframe.Between(1 * Day, 40 * Day)),
            new FirstTimeRule(new EventSelection("signed_up", []), 3 * Day, Timeframe.Within(Day)),
            new EventRule(new EventSelection("visited", []), Aggregate.Count, null, Comparison.Gte(1), FixedTimeframe.Of(Start, null)),
        ]));

        dependencies.EventReachMs["placed_order"].ShouldBe(90 * Day);
        dependencies.EventReachMs["paid"].ShouldBe(30 * Day);
        dependencies.EventReachMs["paid_back"].ShouldBe(30 * Day);
        dependencies.EventReachMs["opened_email"].ShouldBe(40 * Day);
        dependencies.EventReachMs["signed_up"].ShouldBe(long.MaxValue, "all that came before decides");
        dependencies.EventReachMs["visited"].ShouldBe(long.MaxValue);
        dependencies.EventReachMs.Keys.ShouldBe(dependencies.EventNames, ignoreOrder: true);
    }

    [Fact]
    public void The_count_reads_no_amount()
    {
        var count = new EventRule(new EventSelection("placed_order", []), Aggregate.Count, "items", Comparison.Gte(1), Timeframe.Ever);

        RuleDependencies.Of(count).EventProperties["placed_order"].ShouldBeEmpty();
    }
}
