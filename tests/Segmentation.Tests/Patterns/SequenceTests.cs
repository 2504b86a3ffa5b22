using static Segmentation.Tests.Shop;

namespace Segmentation.Tests.Patterns;

public sealed class SequenceTests
{
    private static readonly SequenceStep[] AbandonedCart = [Step("cart"), Step("order", 2, absent: true)];

    // Word for word: a letter happens on its day.
    private static Profile Did(string what)
    {
        var events = what.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((word, i) => (Word: word.Split('@'), Index: i));
        return Ada(events.Select(e => Order($"{e.Index}", double.Parse(e.Word[1], System.Globalization.CultureInfo.InvariantCulture), name: e.Word[0])));
    }

    private static SequenceStep Step(string name, double? within = null, bool absent = false) =>
        new(new EventSelection(name, []), within is { } days ? (long)(days * Day) : null, absent);

    private static Verdict At(string history, double day, Timeframe? timeframe, double? completed, params SequenceStep[] steps) =>
        Evaluate(Did(history), new SequenceRule(steps, completed is { } days ? (long)(days * Day) : null, timeframe ?? Timeframe.Ever), day);

    private static (bool, double?) Answer(Verdict verdict) => (verdict.Matches, NextDay(verdict));

    [Theory]
    [InlineData("in order", "view@1 cart@2 order@3", true)]
    [InlineData("out of order", "cart@1 view@2 order@3", false)]
    [InlineData("with others between", "view@1 view@2 cart@3 view@4 order@5 cart@6", true)]
    [InlineData("at one instant nothing is later", "view@1 cart@1 order@2", false)]
    [InlineData("the last step missing", "view@1 cart@2", false)]
    public void Steps_follow_one_another(string what, string history, bool holds) =>
        At(history, 10, null, null, Step("view"), Step("cart"), Step("order")).Matches.ShouldBe(holds, what);

    [Theory]
    [InlineData("view@1 cart@2.9", true)]
    [InlineData("view@1 cart@3", false)] // exactly 2 days after is too late
    [InlineData("view@1 view@2 cart@3", true)]
    [InlineData("view@1 cart@3 view@3.5", false)]
    public void Within_is_measured_from_the_step_before(string history, bool holds) =>
        At(history, 10, null, null, Step("view"), Step("cart", 2)).Matches.ShouldBe(holds);

    [Theory]
    [InlineData("view@1 cart@2 order@3.9", true)]
    [InlineData("view@1 cart@2 order@4", false)]
    [InlineData("view@1 view@1.5 cart@2 order@4", true)] // from the latest first step that leads there
    [InlineData("view@1 cart@2 view@3 order@4", false)]
    public void Completed_within_is_measured_from_the_first_step(string history, bool holds) =>
        At(history, 10, null, 3, Step("view"), Step("cart"), Step("order")).Matches.ShouldBe(holds);

    [Theory]
    [InlineData("nothing between", "view@1 order@3", true)]
    [InlineData("a cart between", "view@1 cart@2 order@3", false)]
    [InlineData("a later view has none after it", "view@1 cart@2 view@2.5 order@3", true)]
    [InlineData("at the same instants it is not between", "view@1 cart@1 cart@3 order@3", true)]
    [InlineData("before and after do not matter", "cart@0.5 view@1 order@3 cart@4", true)]
    public void An_absent_step_between_two_others(string what, string history, bool holds) =>
        At(history, 10, null, null, Step("view"), Step("cart", absent: true), Step("order")).Matches.ShouldBe(holds, what);

    [Fact]
    public void An_abandoned_cart_is_one_that_no_order_followed_in_time()
    {
        Answer(At("cart@1", 1, null, null, AbandonedCart)).ShouldBe((false, 3));
        Answer(At("cart@1", 3, null, null, AbandonedCart)).ShouldBe((true, null));
        Answer(At("cart@1 order@2", 1, null, null, AbandonedCart)).ShouldBe((false, null));
        Answer(At("cart@1 order@3", 2, null, null, AbandonedCart)).ShouldBe((false, 3)); // exactly 2 days after it is too late
        Answer(At("cart@1 order@2 cart@5", 6, null, null, AbandonedCart)).ShouldBe((false, 7));
        Answer(At("cart@1 cart@2 order@3.5", 4, Timeframe.Within(10 * Day), null, AbandonedCart)).ShouldBe((true, 11));
    }

    [Fact]
    public void One_abandoned_cart_after_the_other_keeps_it_without_a_break()
    {
        var week = Timeframe.Within(7 * Day);

        // The first leaves the timeframe on day 8; the second is abandoned from day 8 on.
        Answer(At("cart@1 cart@6", 6, week, null, AbandonedCart)).ShouldBe((true, 13));
        Answer(At("cart@1 cart@6.5", 6.5, week, null, AbandonedCart)).ShouldBe((true, 8));
        Answer(At("cart@1 cart@6.5", 8, week, null, AbandonedCart)).ShouldBe((false, 8.5));
    }

    [Fact]
    public void Without_within_an_absent_last_step_has_not_followed_at_all()
    {
        SequenceStep[] steps = [Step("cart"), Step("order", absent: true)];

        Answer(At("cart@1 order@5", 1, null, null, steps)).ShouldBe((true, 5));
        Answer(At("cart@1 order@5 cart@6", 5, null, null, steps)).ShouldBe((false, 6));
        Answer(At("cart@1 order@1", 1, null, null, steps)).ShouldBe((true, null));
    }

    [Fact]
    public void Several_absent_steps_each_apply()
    {
        SequenceStep[] steps = [Step("cart"), Step("order", absent: true), Step("call", 2, absent: true)];

        Answer(At("cart@1 call@4", 2, null, null, steps)).ShouldBe((false, 3));
        At("cart@1 call@2", 5, null, null, steps).Matches.ShouldBeFalse();
        At("cart@1 order@4", 5, null, null, steps).Matches.ShouldBeFalse();
    }

    [Fact]
    public void It_leaves_with_its_first_step_and_the_latest_chain_leaves_last()
    {
        SequenceStep[] steps = [Step("view"), Step("order")];

        Answer(At("view@1 view@4 order@5", 6, Timeframe.Within(10 * Day), null, steps)).ShouldBe((true, 14));
        Answer(At("view@1 order@2 view@4 order@5", 6, Timeframe.Within(10 * Day), null, steps)).ShouldBe((true, 14));
        Answer(At("view@1 order@5", 2, Timeframe.Within(10 * Day), null, steps)).ShouldBe((false, 5));
        Answer(At("view@1 order@12", 2, Timeframe.Within(10 * Day), null, steps)).ShouldBe((false, null));
        Answer(At("view@1 order@5", 6, Timeframe.Between(3 * Day, 10 * Day), null, steps)).ShouldBe((false, 8));
    }

    [Fact]
    public void A_refund_undoes_a_step_from_its_own_instant_on()
    {
        var ada = Ada(Order("1", 1, name: "view"), Order("2", 2, name: "order"), Refund("r", 9, "2"));
        var rule = new SequenceRule([Step("view"), Step("order")], null, Timeframe.Ever);

        Answer(Evaluate(ada, rule, 5)).ShouldBe((true, 9));
        Evaluate(ada, rule, 9).Matches.ShouldBeFalse();
    }

    [Fact]
    public void The_same_event_can_be_several_steps()
    {
        SequenceStep[] twice = [Step("order"), Step("order", 2)];

        At("order@1 order@2", 5, null, null, twice).Matches.ShouldBeTrue();
        At("order@1 order@1", 5, null, null, twice).Matches.ShouldBeFalse();
    }

    [Fact]
    public void Its_events_and_their_properties_are_read()
    {
        var shoes = new EventSelection("view", [new PropertyPredicate("category", PropertyOperator.Eq, ["shoes"])]);
        var dependencies = RuleDependencies.Of(new SequenceRule([new SequenceStep(shoes), Step("order", 1, absent: true)], null, Timeframe.Ever));

        dependencies.EventNames.ShouldBe(["view", "order"], ignoreOrder: true);
        dependencies.EventProperties["view"].ShouldBe(["category"]);
        dependencies.DependsOnTime.ShouldBeTrue();
        RuleDependencies.Of(new SequenceRule([new SequenceStep(shoes), Step("order", 1)], null, Timeframe.Ever)).DependsOnTime.ShouldBeFalse();
    }

    [Fact]
    public void Findings_name_the_events_chosen_and_their_times()
    {
        SequenceStep[] steps = [Step("view"), Step("cart", 1), Step("order", 2, absent: true)];

        Finding("view@1 cart@1.5", 5, steps).ShouldBe("view at 2026-01-02T00:00:00Z, cart at 2026-01-02T12:00:00Z");
        Finding("view@1 cart@1.5", 2, steps).ShouldBe("not yet: view at 2026-01-02T00:00:00Z, cart at 2026-01-02T12:00:00Z");
        Finding("view@1 cart@1.5 order@2", 5, steps).ShouldBe("all steps that are not absent, and not as asked: view at 2026-01-02T00:00:00Z, cart at 2026-01-02T12:00:00Z");
        Finding("view@1 cart@3", 5, steps).ShouldBe("came as far as step 1 of 3: view at 2026-01-02T00:00:00Z");
        Finding("cart@3", 5, steps).ShouldBe("the first step did not happen in the timeframe");
        new SequenceRule(steps, 3 * Day, Timeframe.Ever).ToString().ShouldBe("view, then cart within 1d, then no order within 2d, all within 3d, ever");
    }

    [Fact]
    public void A_wrong_sequence_cannot_be_built()
    {
        Should.Throw<ArgumentException>(() => new SequenceRule([Step("a")], null, Timeframe.Ever));
        Should.Throw<ArgumentException>(() => new SequenceRule([.. Enumerable.Repeat(Step("a"), 9)], null, Timeframe.Ever));
        Should.Throw<ArgumentException>(() => new SequenceRule([Step("a", absent: true), Step("b")], null, Timeframe.Ever));
        Should.Throw<ArgumentException>(() => new SequenceRule([Step("a", 1), Step("b")], null, Timeframe.Ever));
        Should.Throw<ArgumentException>(() => new SequenceRule([Step("a"), Step("b", 1, absent: true), Step("c")], null, Timeframe.Ever));
        Should.Throw<ArgumentException>(() => new SequenceRule([Step("a"), Step("b", 0)], null, Timeframe.Ever));
    }

    [Fact]
    public void A_pass_over_patterns_and_values_allocates_nothing()
    {
        var orders = new EventSelection("placed_order", []);
        var berlin = Timeframes.Zones.Calendar("Europe/Berlin");
        var segment = new SegmentDefinition("segment", new AllOf(
        [
            new SequenceRule([Step("placed_order"), Step("placed_order", 2), Step("call", 2, absent: true)], 5 * Day, Timeframe.Within(300 * Day)),
            new RegularRule(orders, 2, Periods.Of(6, 10 * Day)),
            new RegularRule(orders, 2, Periods.Of(6, CalendarUnit.Week, berlin)),
            new FirstTimeRule(orders, null, Timeframe.Within(300 * Day)),
            new NoneOf([new RestartedRule(orders, 5 * Day, Timeframe.Within(300 * Day)), new StoppedRule(orders, 1, Periods.Of(3, CalendarUnit.Month, berlin), 60 * Day)]),
            new EventRule(orders, Aggregate.Distinct, "value", Comparison.Gte(1), new CalendarTimeframe(berlin, new CalendarSpan(CalendarUnit.Month, 0, 0))),
            new EventRule(orders, Aggregate.Last, "value", Comparison.Eq(2), Timeframe.Within(300 * Day)),
            new EventRule(orders, Aggregate.First, "value", Comparison.Eq(2), Timeframe.Between(Day, 300 * Day)),
        ]));
        var ada = Ada(Enumerable.Range(0, 20).Select(static i => Order($"{i}", i, 2m)));
        var evaluation = new Evaluation();
        evaluation.Begin(ada, Shop.At(25));
        evaluation.Evaluate(segment).Matches.ShouldBeTrue();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            evaluation.Begin(ada, Shop.At(25) + i);
            evaluation.Evaluate(segment);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static string Finding(string history, double day, SequenceStep[] steps)
    {
        var evaluation = new Evaluation();
        evaluation.Begin(Did(history), Shop.At(day));
        return new SequenceRule(steps, null, Timeframe.Ever).Explain(evaluation).Finding;
    }
}
