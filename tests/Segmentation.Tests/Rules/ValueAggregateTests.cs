using static Segmentation.Tests.Shop;

namespace Segmentation.Tests.Rules;

/// <summary>Different values, and the first and the last amount.</summary>
public sealed class ValueAggregateTests
{
    // Orders on days 1, 2, 3 and 10 worth 5, 8, 5.00 and nothing known.
    private static Profile Customer(params CustomerEvent[] more) => Ada(
    [
        Order("1", 1, 5m, PropertyBag.Of(("category", "shoes"), ("size", 1m))),
        Order("2", 2, 8m, PropertyBag.Of(("category", new[] { "shoes", "bags", "shoes" }), ("size", "1"))),
        Order("3", 3, 5.00m, PropertyBag.Of(("category", "hats"), ("size", true))),
        Order("4", 10, null, PropertyBag.Of(("category", "hats"), ("size", 1.0m))),
        .. more,
    ]);

    private static EventRule Rule(Aggregate aggregate, string of, Comparison comparison, Timeframe? timeframe = null, params PropertyPredicate[] where) =>
        new(new EventSelection("placed_order", where), aggregate, of, comparison, timeframe ?? Timeframe.Ever);

    private static Timeframe Days(double days) => Timeframe.Within((long)(days * Day));

    // Property, comparison, window in days, day asked → holds, day of the next change.
    public static TheoryData<string, string, Comparison, double?, double, bool, double?> Different => new()
    {
        { "each text of a list is a value, once", "category", Comparison.Eq(3), null, 10, true, null },
        { "numbers are compared by value", "value", Comparison.Eq(2), null, 10, true, null },
        { "a text, a number and a boolean are different", "size", Comparison.Eq(3), null, 10, true, null },
        { "of none it is 0", "category", Comparison.Eq(0), 5, 20, true, null },
        { "of a property that none has it is 0", "colour", Comparison.Lt(1), null, 10, true, null },
        { "a value is there until its newest occurrence leaves", "category", Comparison.Gte(1), 20, 10, true, 30 },
        { "two until the second newest value leaves", "category", Comparison.Gte(2), 20, 10, true, 22 },
        { "shoes and bags leave at once, so never two", "category", Comparison.Eq(2), 20, 10, false, null },
        { "nor one before that", "category", Comparison.Eq(1), 20, 10, false, 22 },
        { "more than two until shoes and bags leave", "category", Comparison.Gt(2), 20, 10, true, 22 },
        { "events to come count when their time comes", "category", Comparison.Gte(3), null, 2, false, 3 },
    };

    [Theory, MemberData(nameof(Different))]
    public void Counts_different_values(string what, string of, Comparison comparison, double? within, double day, bool holds, double? next)
    {
        var verdict = Evaluate(Customer(), Rule(Aggregate.Distinct, of, comparison, within is { } days ? Days(days) : null), day);

        (verdict.Matches, NextDay(verdict)).ShouldBe((holds, next), what);
    }

    public static TheoryData<string, Aggregate, Comparison, double?, double, bool, double?> Edges => new()
    {
        { "the first is the earliest", Aggregate.First, Comparison.Eq(5), null, 10, true, null },
        { "the last is the latest that has an amount", Aggregate.Last, Comparison.Eq(5), null, 10, true, null },
        { "the first changes as earlier ones leave", Aggregate.First, Comparison.Eq(8), 20, 10, false, 21 },
        { "until it leaves itself", Aggregate.First, Comparison.Eq(8), 20, 21, true, 22 },
        { "the first of those left is the same until none is left", Aggregate.First, Comparison.Lt(10), 20, 10, true, 23 },
        { "the last holds until it leaves", Aggregate.Last, Comparison.Lt(8), 20, 10, true, 23 },
        { "the last does not hold and then is nothing", Aggregate.Last, Comparison.Gt(5), 20, 10, false, null },
        { "the last changes with the next event", Aggregate.Last, Comparison.Eq(8), null, 1, false, 2 },
        { "of none there is no first", Aggregate.First, Comparison.Ne(1), 5, 20, false, null },
        { "nor a last", Aggregate.Last, Comparison.Lt(1000), 5, 20, false, null },
    };

    [Theory, MemberData(nameof(Edges))]
    public void Takes_the_first_and_the_last_amount(
        string what, Aggregate aggregate, Comparison comparison, double? within, double day, bool holds, double? next)
    {
        var verdict = Evaluate(Customer(), Rule(aggregate, "value", comparison, within is { } days ? Days(days) : null), day);

        (verdict.Matches, NextDay(verdict)).ShouldBe((holds, next), what);
    }

    [Fact]
    public void Of_several_at_one_instant_the_ids_decide()
    {
        var ada = Ada(Order("b", 1, 2m), Order("B", 1, 1m), Order("c", 1, 3m));

        Evaluate(ada, Rule(Aggregate.First, "value", Comparison.Eq(1)), 1).Matches.ShouldBeTrue();
        Evaluate(ada, Rule(Aggregate.Last, "value", Comparison.Eq(3)), 1).Matches.ShouldBeTrue();
    }

    [Fact]
    public void A_refund_removes_a_value_from_its_own_instant_on()
    {
        var ada = Customer(Refund("r", 12, "2"));

        NextDay(Evaluate(ada, Rule(Aggregate.Distinct, "category", Comparison.Gte(3)), 11)).ShouldBe(12);
        Evaluate(ada, Rule(Aggregate.Distinct, "category", Comparison.Eq(2)), 12).Matches.ShouldBeTrue();
        NextDay(Evaluate(ada, Rule(Aggregate.First, "value", Comparison.Eq(8), Days(10)), 11)).ShouldBe(12);
    }

    [Fact]
    public void A_part_refund_changes_the_value_that_is_counted()
    {
        var ada = Customer(Refund("r", 12, "2", 3m));

        NextDay(Evaluate(ada, Rule(Aggregate.Distinct, "value", Comparison.Eq(1)), 11)).ShouldBe(12);
        Evaluate(ada, Rule(Aggregate.Distinct, "value", Comparison.Eq(1)), 12).Matches.ShouldBeTrue();
        NextDay(Evaluate(ada, Rule(Aggregate.First, "value", Comparison.Eq(5), Days(10)), 11.5)).ShouldBe(12);
    }

    [Fact]
    public void Taken_back_amounts_at_the_edge_are_passed_over_while_walking()
    {
        // Both last orders are taken back one after the other; each time the one before is the last again.
        var ada = Customer(Order("5", 11, 9m), Refund("r5", 13, "5"), Refund("r3", 14, "3"));

        NextDay(Evaluate(ada, Rule(Aggregate.Last, "value", Comparison.Eq(9)), 12)).ShouldBe(13);
        NextDay(Evaluate(ada, Rule(Aggregate.Last, "value", Comparison.Eq(8)), 12)).ShouldBe(14);
        NextDay(Evaluate(ada, Rule(Aggregate.Last, "value", Comparison.Gt(4), Days(12)), 12)).ShouldBe(14);
    }

    [Fact]
    public void Only_selected_occurrences_take_part()
    {
        var hats = new PropertyPredicate("category", PropertyOperator.Eq, ["hats"]);

        Evaluate(Customer(), Rule(Aggregate.Distinct, "category", Comparison.Eq(1), null, hats), 10).Matches.ShouldBeTrue();
        Evaluate(Customer(), Rule(Aggregate.First, "size", Comparison.Eq(1), null, hats), 10).Matches.ShouldBeTrue();
    }

    [Fact]
    public void A_customer_without_the_event_has_no_value()
    {
        Evaluate(new Profile("ada"), Rule(Aggregate.Distinct, "category", Comparison.Eq(0)), 1).Matches.ShouldBeTrue();
        Evaluate(new Profile("ada"), Rule(Aggregate.First, "value", Comparison.Ne(0)), 1).Matches.ShouldBeFalse();
    }

    [Fact]
    public void The_values_of_a_property_are_read_from_the_events() =>
        RuleDependencies.Of(Rule(Aggregate.Distinct, "category", Comparison.Gte(1))).EventProperties["placed_order"].ShouldBe(["category"]);
}
