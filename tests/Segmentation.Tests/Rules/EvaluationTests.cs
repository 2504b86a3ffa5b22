using static Segmentation.Tests.Shop;

namespace Segmentation.Tests.Rules;

public sealed class EvaluationTests
{
    private static readonly PropertyRule FromGermany = new(new PropertyPredicate("country", PropertyOperator.Eq, ["DE"]));

    [Fact]
    public void A_property_rule_reads_the_profile_and_never_changes_by_time()
    {
        var ada = new Profile("ada") { Properties = PropertyBag.Of(("country", "DE")) };

        Evaluate(ada, FromGermany, 1).ShouldBe(new Verdict(true, Verdict.Never, FromGermany));
    }

    [Fact]
    public void Membership_in_another_segment_is_that_segments_answer_at_the_same_instant()
    {
        var buyers = new SegmentDefinition("buyers", Count(Comparison.Gte(1), 7));
        var member = new SegmentRule(buyers, isMember: true);
        var notMember = new SegmentRule(buyers, isMember: false);
        var ada = Ada(Order("1", 0));

        Evaluate(ada, member, 5).ShouldBe(new Verdict(true, At(7), member));
        Evaluate(ada, notMember, 5).ShouldBe(new Verdict(false, At(7), notMember));
        Evaluate(ada, notMember, 7).ShouldBe(new Verdict(true, Verdict.Never, notMember));
    }

    [Fact]
    public void A_segment_that_many_refer_to_is_evaluated_once_in_a_pass()
    {
        // Every level asks twice for the one below: without memory this would be two to the power of sixty evaluations.
        var segment = new SegmentDefinition("0", Count(Comparison.Gte(1)));
        for (var i = 1; i < 60; i++)
            segment = new SegmentDefinition($"{i}", new AllOf([new SegmentRule(segment, true), new NoneOf([new SegmentRule(segment, false)])]));
        var evaluation = new Evaluation();

        evaluation.Begin(Ada(Order("1", 0)), At(1));
        evaluation.Evaluate(segment).Matches.ShouldBeTrue();
    }

    [Fact]
    public void Every_pass_answers_for_its_own_profile_and_instant()
    {
        var segment = new SegmentDefinition("segment", Count(Comparison.Gte(1), 7));
        var evaluation = new Evaluation();
        var ada = Ada(Order("1", 0));

        evaluation.Begin(ada, At(1));
        evaluation.Evaluate(segment).Matches.ShouldBeTrue();
        evaluation.Begin(new Profile("bob"), At(1));
        evaluation.Evaluate(segment).Matches.ShouldBeFalse();
        evaluation.Begin(ada, At(8));
        evaluation.Evaluate(segment).Matches.ShouldBeFalse();
    }

    [Fact]
    public void Nothing_is_evaluated_before_a_pass_begins() =>
        Should.Throw<InvalidOperationException>(() => new Evaluation().Evaluate(new SegmentDefinition("s", FromGermany)));

    [Fact]
    public void A_chain_of_segments_is_bounded()
    {
        var segment = new SegmentDefinition("0", FromGermany);
        for (var i = 1; i < SegmentDefinition.MaxDepth; i++)
            segment = new SegmentDefinition($"{i}", new SegmentRule(segment, true));

        segment.Depth.ShouldBe(SegmentDefinition.MaxDepth);
        Should.Throw<ArgumentException>(() => new SegmentDefinition("one-more", new SegmentRule(segment, true)))
            .Message.ShouldStartWith("Segment one-more refers to others in a chain of 65; at most 64 are allowed.");
    }

    [Fact]
    public void A_pass_over_events_properties_and_scores_allocates_nothing()
    {
        var policy = new RfmPolicyDefinition(
            "default", "placed_order", "value", "refunded_order", 730 * Day, RfmTiers.Classic, new RfmBreakPoints([1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4]));
        var segment = new SegmentDefinition("segment", new AllOf(
        [
            Count(Comparison.Gte(3), 365, new PropertyPredicate("channel", PropertyOperator.Ne, ["shop"])),
            Orders(Aggregate.Sum, Comparison.Gt(20), 365),
            Orders(Aggregate.Average, Comparison.Gt(1), 365),
            new NoneOf([FromGermany]),
            new RfmRule(policy, ["champions", "hibernating", "loyal", "at-risk", "cannot-lose"]),
        ]));
        var ada = Ada(Enumerable.Range(0, 20).Select(static i => Order($"{i}", i, 2m, PropertyBag.Of(("channel", "web")))));
        var evaluation = new Evaluation();
        evaluation.Begin(ada, At(30));
        evaluation.Evaluate(segment);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            evaluation.Begin(ada, At(30) + i);
            evaluation.Evaluate(segment);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
