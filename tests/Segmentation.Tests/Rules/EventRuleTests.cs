using static Segmentation.Tests.Shop;

namespace Segmentation.Tests.Rules;

public sealed class EventRuleTests
{
    // Orders on days 1, 2 and 10 worth 10, 20.10 and 69.90; the last one in the shop, the others on the web.
    private static Profile Customer(params CustomerEvent[] more) => Ada(
    [
        Order("1", 1, 10m, PropertyBag.Of(("channel", "web"), ("items", 1))),
        Order("2", 2, 20.10m, PropertyBag.Of(("channel", "web"))),
        Order("3", 10, 69.90m, PropertyBag.Of(("channel", "shop"), ("items", 4))),
        .. more,
    ]);

    // Comparison, window in days, day asked → holds, day of the next change.
    public static TheoryData<string, Comparison, double?, double, bool, double?> Counts => new()
    {
        { "before the first, none yet", Comparison.Gte(1), null, 0.5, false, 1 },
        { "at its instant an event counts", Comparison.Gte(1), null, 1, true, null },
        { "none ever", Comparison.Eq(0), null, 0, true, 1 },
        { "exactly one until the second", Comparison.Eq(1), null, 1, true, 2 },
        { "exactly one never again", Comparison.Eq(1), null, 2, false, null },
        { "three ever", Comparison.Gte(3), null, 10, true, null },
        { "two in the last 5 days, until the older is 5 days old", Comparison.Gte(2), 5, 3, true, 6 },
        { "an event exactly as old as the window is out", Comparison.Gte(2), 5, 6, false, null },
        { "fewer than two", Comparison.Lt(2), 5, 3, false, 6 },
        { "none in the last 5 days, until the next", Comparison.Eq(0), 5, 7, true, 10 },
        { "none in the last 5 days, after the last", Comparison.Eq(0), 5, 15, true, null },
        { "one in the last 5 days, while two are", Comparison.Eq(1), 5, 2, false, 6 },
        { "not one", Comparison.Ne(1), 5, 2, true, 6 },
        { "one or two", Comparison.Between(1, 2), 20, 10, false, 21 },
        { "at most two", Comparison.Lte(2), 20, 10, false, 21 },
        { "more than two", Comparison.Gt(2), 20, 10, true, 21 },
        { "two and a half is never equal", Comparison.Eq(2.5m), 20, 10, false, null },
        { "at least two and a half is at least three", Comparison.Gte(2.5m), 20, 10, true, 21 },
        { "at least none is always", Comparison.Gte(0), 20, 10, true, null },
        { "below none is never", Comparison.Lt(0), 20, 10, false, null },
    };

    [Theory]
    [MemberData(nameof(Counts))]
    public void Counts_events_in_a_window(string what, Comparison comparison, double? within, double day, bool holds, double? next)
    {
        var verdict = Evaluate(Customer(), Count(comparison, within), day);

        (verdict.Matches, NextDay(verdict)).ShouldBe((holds, next), what);
    }

    public static TheoryData<string, Aggregate, Comparison, double?, double, bool, double?> Amounts => new()
    {
        { "the sum is exact", Aggregate.Sum, Comparison.Eq(100), null, 10, true, null },
        { "the sum of none is 0", Aggregate.Sum, Comparison.Eq(0), 5, 20, true, null },
        { "the sum falls below", Aggregate.Sum, Comparison.Gte(90), 20, 10, true, 22 },
        { "the sum stays reached by the newest", Aggregate.Sum, Comparison.Gte(60), 20, 10, true, 30 },
        { "the sum becomes small", Aggregate.Sum, Comparison.Lt(90.01m), 20, 10, false, 21 },
        { "the sum is in between for a while", Aggregate.Sum, Comparison.Between(70, 95), 20, 10, false, 21 },
        { "the average is exact", Aggregate.Average, Comparison.Eq(15.05m), 5, 2, true, 6 },
        { "the average grows as small orders leave", Aggregate.Average, Comparison.Gt(50), 20, 10, false, 22 },
        { "the average of none is nothing", Aggregate.Average, Comparison.Gte(0), 5, 20, false, null },
        { "nor is it below anything", Aggregate.Average, Comparison.Lt(1), 5, 20, false, null },
        { "nor unequal", Aggregate.Average, Comparison.Ne(1), 5, 20, false, null },
        { "the smallest", Aggregate.Minimum, Comparison.Eq(10), 20, 10, true, 21 },
        { "the smallest grows", Aggregate.Minimum, Comparison.Gt(20), 20, 10, false, 21 },
        { "the smallest of none is nothing", Aggregate.Minimum, Comparison.Lt(1000), 5, 20, false, null },
        { "the largest", Aggregate.Maximum, Comparison.Gte(50), 20, 10, true, 30 },
        { "the largest is small until then", Aggregate.Maximum, Comparison.Lt(50), null, 3, true, 10 },
        { "the largest small one leaves with the last", Aggregate.Maximum, Comparison.Lte(69.90m), 20, 10, true, 30 },
        { "the largest of none is nothing", Aggregate.Maximum, Comparison.Ne(5), 5, 20, false, null },
    };

    [Theory]
    [MemberData(nameof(Amounts))]
    public void Aggregates_amounts_in_a_window(
        string what, Aggregate aggregate, Comparison comparison, double? within, double day, bool holds, double? next)
    {
        var verdict = Evaluate(Customer(), Orders(aggregate, comparison, within), day);

        (verdict.Matches, NextDay(verdict)).ShouldBe((holds, next), what);
    }

    [Fact]
    public void Money_does_not_suffer_from_binary_fractions()
    {
        var ada = Ada(Order("1", 1, 0.1m), Order("2", 1, 0.2m));

        Evaluate(ada, Orders(Aggregate.Sum, Comparison.Eq(0.3m), null), 1).Matches.ShouldBeTrue();
    }

    [Fact]
    public void An_average_is_compared_without_rounding()
    {
        var ada = Ada(Order("1", 1, 1m), Order("2", 1, 1m), Order("3", 1, 0m));

        Evaluate(ada, Orders(Aggregate.Average, Comparison.Gt(0.6666666666666666666666666666m), null), 1).Matches.ShouldBeTrue();
        Evaluate(ada, Orders(Aggregate.Average, Comparison.Lt(0.6666666666666666666666666667m), null), 1).Matches.ShouldBeTrue();
    }

    [Fact]
    public void Only_occurrences_that_satisfy_every_predicate_count()
    {
        var web = new PropertyPredicate("channel", PropertyOperator.Eq, ["web"]);
        var many = new PropertyPredicate("items", PropertyOperator.Gte, [1]);

        Evaluate(Customer(), Count(Comparison.Eq(2), null, web), 10).Matches.ShouldBeTrue();
        Evaluate(Customer(), Count(Comparison.Eq(1), null, web, many), 10).Matches.ShouldBeTrue();
        NextDay(Evaluate(Customer(), Count(Comparison.Gte(1), 20, web), 10)).ShouldBe(22);
    }

    [Fact]
    public void Occurrences_without_the_amount_take_no_part_except_in_the_count()
    {
        EventRule Items(Aggregate aggregate, Comparison comparison) =>
            new(new EventSelection("placed_order", []), aggregate, "items", comparison, Timeframe.Ever);

        Evaluate(Customer(), Items(Aggregate.Sum, Comparison.Eq(5)), 10).Matches.ShouldBeTrue();
        Evaluate(Customer(), Items(Aggregate.Average, Comparison.Eq(2.5m)), 10).Matches.ShouldBeTrue();
        Evaluate(Customer(), Items(Aggregate.Count, Comparison.Eq(3)), 10).Matches.ShouldBeTrue();
        Evaluate(Ada(Order("1", 1)), Orders(Aggregate.Minimum, Comparison.Gte(0), null), 1).Matches.ShouldBeFalse();
    }

    [Fact]
    public void A_refund_takes_the_whole_order_out_from_its_own_instant_on()
    {
        var ada = Customer(Refund("r", 12, "3"));

        Evaluate(ada, Count(Comparison.Gte(3)), 11).Matches.ShouldBeTrue();
        NextDay(Evaluate(ada, Count(Comparison.Gte(3)), 11)).ShouldBe(12);
        Evaluate(ada, Count(Comparison.Gte(3)), 12).Matches.ShouldBeFalse();
        Evaluate(ada, Orders(Aggregate.Maximum, Comparison.Eq(20.10m), null), 12).Matches.ShouldBeTrue();
    }

    [Fact]
    public void A_part_refund_lowers_the_amount_and_leaves_the_order_counted()
    {
        var ada = Customer(Refund("r", 12, "3", 9.90m));

        Evaluate(ada, Count(Comparison.Eq(3)), 12).Matches.ShouldBeTrue();
        Evaluate(ada, Orders(Aggregate.Sum, Comparison.Eq(90.10m), null), 12).Matches.ShouldBeTrue();
        NextDay(Evaluate(ada, Orders(Aggregate.Sum, Comparison.Eq(100), null), 11)).ShouldBe(12);
    }

    [Fact]
    public void A_customer_without_the_event_has_none_of_it_and_never_will_by_time_alone()
    {
        var none = Count(Comparison.Lt(1), 30);

        Evaluate(new Profile("ada"), none, 5).ShouldBe(new Verdict(true, Verdict.Never, none));
        Evaluate(new Profile("ada"), Orders(Aggregate.Average, Comparison.Lt(1), 30), 5).Matches.ShouldBeFalse();
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(-1L)]
    [InlineData(Timeframe.MaxMs + 1)]
    public void A_window_has_a_positive_and_bounded_length(long withinMs) =>
        Should.Throw<ArgumentOutOfRangeException>(() => Timeframe.Within(withinMs));
}
