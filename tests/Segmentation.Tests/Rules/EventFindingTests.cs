using static Segmentation.Tests.Shop;

namespace Segmentation.Tests.Rules;

public sealed class EventFindingTests
{
    private static Profile Customer() => Ada(
        Order("1", 1, 10m, PropertyBag.Of(("category", "shoes"))),
        Order("2", 2, 20.50m, PropertyBag.Of(("category", new[] { "shoes", "bags" }))),
        Order("3", 3, 2.50m),
        Refund("r", 4, "3"));

    private static string Finding(Rule rule, double day, Profile? profile = null)
    {
        var evaluation = new Evaluation();
        evaluation.Begin(profile ?? Customer(), At(day));
        return rule.Explain(evaluation).Finding;
    }

    private static EventRule Category(Aggregate aggregate, Comparison comparison) =>
        new(new EventSelection("placed_order", []), aggregate, "category", comparison, Timeframe.Ever);

    [Theory]
    [InlineData(Aggregate.Sum, "sum 30.5 of 2 counted")]
    [InlineData(Aggregate.Average, "average 15.25 of 2 counted")]
    [InlineData(Aggregate.Minimum, "smallest 10 of 2 counted")]
    [InlineData(Aggregate.Maximum, "largest 20.5 of 2 counted")]
    [InlineData(Aggregate.First, "first 10 at 2026-01-02T00:00:00Z, 2 counted")]
    [InlineData(Aggregate.Last, "last 20.5 at 2026-01-03T00:00:00Z, 2 counted")]
    [InlineData(Aggregate.Distinct, "2 different values in 2 counted")]
    public void The_value_is_told(Aggregate aggregate, string finding) =>
        Finding(Orders(aggregate, Comparison.Gt(1), null), 5).ShouldBe(finding);

    [Fact]
    public void Of_a_number_to_reach_it_is_told_how_far_it_has_come_and_when_it_falls_back()
    {
        Finding(Count(Comparison.Gte(3), 30), 5).ShouldBe("2 of 3 counted; the oldest counted one leaves at 2026-02-01T00:00:00Z");
        Finding(Count(Comparison.Gte(1), 30), 5).ShouldBe("2 counted; the oldest counted one leaves at 2026-02-01T00:00:00Z");
        Finding(Count(Comparison.Lt(3)), 5).ShouldBe("2 counted");
        Finding(Category(Aggregate.Distinct, Comparison.Gte(4)), 5).ShouldBe("2 of 4 different values in 2 counted");
    }

    [Fact]
    public void What_is_to_come_is_told()
    {
        Finding(Count(Comparison.Gte(3)), 1).ShouldBe("1 of 3 counted; the next one counts from 2026-01-03T00:00:00Z");
        var between = new EventRule(new EventSelection("placed_order", []), Aggregate.Count, null, Comparison.Gte(1), Timeframe.Between(10 * Day, 20 * Day));
        Finding(between, 11).ShouldBe("1 of 1 counted; the oldest counted one leaves at 2026-01-22T00:00:00Z; the next one counts from 2026-01-13T00:00:00Z");
        // The third is taken back before it would come in.
        Finding(between, 12).ShouldBe("2 counted; the oldest counted one leaves at 2026-01-22T00:00:00Z");
    }

    [Fact]
    public void Where_there_is_nothing_that_is_told()
    {
        Finding(Count(Comparison.Gte(3)), 5, new Profile("ada")).ShouldBe("0 of 3 counted; it never happened");
        Finding(Category(Aggregate.Maximum, Comparison.Gte(3)), 5).ShouldBe("no value in 2 counted");
        Finding(Category(Aggregate.Sum, Comparison.Gte(3)), 5, new Profile("ada")).ShouldBe("sum 0 of 0 counted; it never happened");
        var since = new EventRule(
            new EventSelection("placed_order", []), Aggregate.Count, null, Comparison.Gte(1), new PropertyTimeframe("trial_started_at", SegmentCalendar.Utc));
        Finding(since, 5).ShouldBe("the timeframe does not begin for this profile");
    }
}
