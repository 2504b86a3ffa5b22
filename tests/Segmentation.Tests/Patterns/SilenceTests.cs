using static Segmentation.Tests.Shop;

namespace Segmentation.Tests.Patterns;

/// <summary>firstTime and restarted. Orders on days 1, 3, 40 and 41.</summary>
public sealed class SilenceTests
{
    private static Profile Customer(params CustomerEvent[] more) => Ada([Order("1", 1), Order("2", 3), Order("3", 40), Order("4", 41), .. more]);

    private static EventSelection Orders => new("placed_order", []);

    private static Timeframe Days(double days) => Timeframe.Within((long)(days * Day));

    private static FirstTimeRule First(double? lookback, Timeframe timeframe) => new(Orders, lookback is { } days ? (long)(days * Day) : null, timeframe);

    // Lookback and window in days, day asked → holds, day of the next change.
    public static TheoryData<string, double?, double?, double, bool, double?> FirstTimes => new()
    {
        { "not before it", null, null, 0.5, false, 1 },
        { "at its instant", null, null, 1, true, null },
        { "the first ever stays the first", null, null, 41, true, null },
        { "the first ever leaves the window", null, 30, 10, true, 31 },
        { "and never comes back", null, 30, 40, false, null },
        { "the first in 30 days comes back after 37", 30, 10, 20, false, 40 },
        { "and leaves the window", 30, 10, 41, true, 50 },
        { "none exactly 37 days before is none in the 37 before", 37, 10, 41, true, 50 },
        { "one in the 37.1 days before", 37.1, 10, 41, false, null },
        { "of several the newest leaves last", 30, 100, 41, true, 140 },
    };

    [Theory, MemberData(nameof(FirstTimes))]
    public void A_first_time_has_none_before_it(string what, double? lookback, double? within, double day, bool holds, double? next)
    {
        var verdict = Evaluate(Customer(), First(lookback, within is { } days ? Days(days) : Timeframe.Ever), day);

        (verdict.Matches, NextDay(verdict)).ShouldBe((holds, next), what);
    }

    public static TheoryData<string, double, double?, double, bool, double?> Restarts => new()
    {
        { "the first ever restarts nothing", 1, null, 1, false, 3 },
        { "after 2 days", 2, null, 3, true, null },
        { "not after 37 days yet", 37, 10, 20, false, 40 },
        { "exactly 37 days are enough", 37, 10, 40, true, 50 },
        { "37.1 days are not", 37.1, 10, 40, false, null },
        { "in the window, the one before out of it", 2, 5, 3, true, 8 },
        { "a later event within the silence does not end it", 37, 10, 41, true, 50 },
    };

    [Theory, MemberData(nameof(Restarts))]
    public void A_restart_follows_a_silence(string what, double silent, double? within, double day, bool holds, double? next)
    {
        var rule = new RestartedRule(Orders, (long)(silent * Day), within is { } days ? Days(days) : Timeframe.Ever);
        var verdict = Evaluate(Customer(), rule, day);

        (verdict.Matches, NextDay(verdict)).ShouldBe((holds, next), what);
    }

    [Fact]
    public void A_refund_makes_the_next_order_the_first_from_its_own_instant_on()
    {
        var ada = Customer(Refund("r1", 50, "1"), Refund("r2", 60, "2"));

        var verdict = Evaluate(ada, First(null, FixedTimeframe.Of(At(40), null)), 45);
        (verdict.Matches, NextDay(verdict)).ShouldBe((false, 60));
    }

    [Fact]
    public void Two_at_one_instant_are_both_the_first_and_neither_is_before_the_other()
    {
        var ada = Ada(Order("a", 1), Order("b", 1));

        Evaluate(ada, First(null, Timeframe.Ever), 1).Matches.ShouldBeTrue();
        Evaluate(ada, new RestartedRule(Orders, 1, Timeframe.Ever), 1).Matches.ShouldBeFalse();
    }

    [Fact]
    public void A_first_time_enters_a_timeframe_that_lies_back()
    {
        var verdict = Evaluate(Customer(), First(30, Timeframe.Between(5 * Day, 10 * Day)), 41);

        (verdict.Matches, NextDay(verdict)).ShouldBe((false, 45));
    }

    [Fact]
    public void Only_selected_events_are_counted()
    {
        var web = new EventSelection("placed_order", [new PropertyPredicate("channel", PropertyOperator.Eq, ["web"])]);
        var ada = Customer(Order("5", 42, null, PropertyBag.Of(("channel", "web"))));

        Evaluate(ada, new FirstTimeRule(web, null, Days(1)), 42).Matches.ShouldBeTrue();
        RuleDependencies.Of(new FirstTimeRule(web, null, Days(1))).EventProperties["placed_order"].ShouldBe(["channel"]);
    }

    [Fact]
    public void Of_very_much_to_come_the_next_change_may_be_early()
    {
        var ada = Ada(Enumerable.Range(1, 100).Select(i => Order($"{i:000}", i)));

        var verdict = Evaluate(ada, new RestartedRule(Orders, 2 * Day, Timeframe.Ever), 0);
        (verdict.Matches, NextDay(verdict)).ShouldBe((false, PatternRule.EffectsMax + 1));
    }

    [Fact]
    public void Findings_say_which_event_and_when()
    {
        Explain(First(null, Timeframe.Ever)).ShouldBe("at 2026-01-02T00:00:00Z, with none before");
        Explain(First(30, Timeframe.Ever)).ShouldBe("at 2026-02-10T00:00:00Z, with none in the 30d before");
        Explain(First(null, Days(1))).ShouldBe("none in the timeframe with none before; the latest at 2026-02-11T00:00:00Z");
        Explain(new RestartedRule(Orders, 30 * Day, Timeframe.Ever)).ShouldBe("at 2026-02-10T00:00:00Z, the one before at 2026-01-04T00:00:00Z");
        Explain(new RestartedRule(Orders, 60 * Day, Timeframe.Ever)).ShouldBe("none in the timeframe after such a silence; the latest at 2026-02-11T00:00:00Z");
        Explain(new RestartedRule(new EventSelection("opened_email", []), 60 * Day, Timeframe.Ever)).ShouldBe("it never happened");
    }

    private static string Explain(Rule rule)
    {
        var evaluation = new Evaluation();
        evaluation.Begin(Customer(), At(41));
        return rule.Explain(evaluation).Finding;
    }
}
