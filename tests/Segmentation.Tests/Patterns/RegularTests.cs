using Segmentation.Tests.Timeframes;
using static Segmentation.Tests.Shop;

namespace Segmentation.Tests.Patterns;

/// <summary>regular and stopped.</summary>
public sealed class RegularTests
{
    private static EventSelection Orders => new("placed_order", []);

    private static Profile OrdersOn(params double[] days) => Ada(days.Select((day, i) => Order($"{i}", day)));

    private static Periods Tens(int count) => Periods.Of(count, 10 * Day);

    // Day asked, how many of 3 periods of 10 days → holds, day of the next change. Orders on days 1, 5 and 25.
    public static TheoryData<string, double, int, bool, double?> Rolling => new()
    {
        { "one period", 25, 1, true, 55 },
        { "the first and the last period", 25, 2, true, 35 },
        { "two of the three lie in one period", 25, 3, false, null },
        { "an event exactly one period old is in the one before, until a border parts the two", 15, 2, false, 21 },
        { "the periods move with time", 30, 2, true, 35 },
        { "until the older ones have left them all", 35, 2, false, null },
    };

    [Theory, MemberData(nameof(Rolling))]
    public void Periods_of_a_length_end_now(string what, double day, int atLeast, bool holds, double? next)
    {
        var verdict = Evaluate(OrdersOn(1, 5, 25), new RegularRule(Orders, atLeast, Tens(3)), day);

        (verdict.Matches, NextDay(verdict)).ShouldBe((holds, next), what);
    }

    [Fact]
    public void Two_events_apart_fill_two_periods_only_while_a_border_lies_between_them()
    {
        // On days 1 and 5 with periods of 10 days: a border lies between them from day 11 to day 15, and again from day 21.
        var rule = new RegularRule(Orders, 2, Tens(3));

        NextDay(Evaluate(OrdersOn(1, 5), rule, 6)).ShouldBe(11);
        var meanwhile = Evaluate(OrdersOn(1, 5), rule, 11);
        (meanwhile.Matches, NextDay(meanwhile)).ShouldBe((true, 15));
        NextDay(Evaluate(OrdersOn(1, 5), rule, 15)).ShouldBe(21);
        NextDay(Evaluate(OrdersOn(1, 5), rule, 25)).ShouldBeNull();
    }

    // Zone, week by week: orders at these instants; asked → holds for 2 of the last 3 whole units, next change.
    public static TheoryData<string, CalendarUnit, string[], string, bool, string?> Calendars => new()
    {
        { "Europe/Berlin", CalendarUnit.Month, ["2026-01-31T22:59:59Z", "2026-01-31T23:00:00Z"], "2026-03-10T00:00:00Z", true, "2026-04-30T22:00:00Z" },
        { "UTC", CalendarUnit.Month, ["2026-01-31T22:59:59Z", "2026-01-31T23:00:00Z"], "2026-03-10T00:00:00Z", false, null },
        { "UTC", CalendarUnit.Week, ["2026-05-20T00:00:00Z", "2026-06-03T00:00:00Z"], "2026-06-03T12:00:00Z", false, "2026-06-08T00:00:00Z" },
        { "UTC", CalendarUnit.Week, ["2026-05-20T00:00:00Z", "2026-06-03T00:00:00Z"], "2026-06-08T00:00:00Z", true, "2026-06-15T00:00:00Z" },
        { "America/New_York", CalendarUnit.Day, ["2026-03-07T12:00:00Z", "2026-03-08T12:00:00Z"], "2026-03-08T12:00:00Z", false, "2026-03-09T04:00:00Z" },
        { "UTC", CalendarUnit.Quarter, ["2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z"], "2026-05-01T00:00:00Z", true, "2026-10-01T00:00:00Z" },
        { "UTC", CalendarUnit.Year, ["2024-02-29T00:00:00Z", "2025-02-28T00:00:00Z"], "2026-02-28T00:00:00Z", true, "2028-01-01T00:00:00Z" },
        { "Pacific/Apia", CalendarUnit.Day, ["2011-12-28T12:00:00Z", "2011-12-29T12:00:00Z"], "2011-12-29T12:00:00Z", false, "2011-12-30T10:00:00Z" },
    };

    [Theory, MemberData(nameof(Calendars))]
    public void Periods_of_the_calendar_are_the_whole_ones_before(string zone, CalendarUnit unit, string[] orders, string asked, bool holds, string? next)
    {
        var ada = Ada(orders.Select((time, i) => new CustomerEvent($"{i}", "placed_order", "ada", Ms(time))));
        var evaluation = new Evaluation();
        evaluation.Begin(ada, Ms(asked));
        var verdict = new RegularRule(Orders, 2, Periods.Of(3, unit, Zones.Calendar(zone))).Evaluate(evaluation);

        (verdict.Matches, verdict.NextChangeMs == Verdict.Never ? null : Rfc3339.Format(verdict.NextChangeMs)).ShouldBe((holds, next));
    }

    [Theory]
    [InlineData("2011-12-28T12:00:00Z", true, "2011-12-30T10:00:00Z")] // the 29th is over
    [InlineData("2011-12-29T12:00:00Z", false, null)] // an order of the 29th would be yesterday's on the 30th only
    public void A_day_that_the_zone_skipped_is_over_as_it_begins(string order, bool holds, string? next)
    {
        // After 29 December 2011 came the 31st; asked on the 29th.
        var evaluation = new Evaluation();
        evaluation.Begin(Ada(new CustomerEvent("1", "placed_order", "ada", Ms(order))), Ms("2011-12-29T13:00:00Z"));
        var rule = new RegularRule(Orders, 1, Periods.Of(1, CalendarUnit.Day, Zones.Calendar("Pacific/Apia")));

        rule.Evaluate(evaluation).ShouldBe(new Verdict(holds, next is null ? Verdict.Never : Ms(next), rule));
    }

    [Fact]
    public void So_many_periods_as_there_may_be_are_counted_exactly()
    {
        var ada = OrdersOn([.. Enumerable.Range(0, 60).Select(i => i * 10.0)]);

        var verdict = Evaluate(ada, new RegularRule(Orders, 60, Tens(60)), 590);
        (verdict.Matches, NextDay(verdict)).ShouldBe((true, 600));
        verdict = Evaluate(ada, new RegularRule(Orders, 60, Periods.Of(60, CalendarUnit.Day, SegmentCalendar.Utc)), 590);
        (verdict.Matches, NextDay(verdict)).ShouldBe((false, null));
    }

    // Orders on days 1, 11 and 21; silent for 15 days after two of three periods of 10 days.
    public static TheoryData<string, double, bool, double?> Stops => new()
    {
        { "not while it goes on", 21, false, 36 },
        { "not before the silence is over", 30, false, 36 },
        { "exactly so long is enough", 36, true, null },
        { "the first alone is not regular", 5, false, 36 },
    };

    [Theory, MemberData(nameof(Stops))]
    public void Stopped_was_regular_up_to_the_latest_and_then_silent(string what, double day, bool holds, double? next)
    {
        var verdict = Evaluate(OrdersOn(1, 11, 21), new StoppedRule(Orders, 2, Tens(3), 15 * Day), day);

        (verdict.Matches, NextDay(verdict)).ShouldBe((holds, next), what);
    }

    [Fact]
    public void Stopped_by_the_calendar_counts_the_unit_of_the_latest()
    {
        // January, February, and nothing since.
        var ada = OrdersOn(10, 40);
        var months = Periods.Of(2, CalendarUnit.Month, SegmentCalendar.Utc);

        NextDay(Evaluate(ada, new StoppedRule(Orders, 2, months, 60 * Day), 50)).ShouldBe(100);
        Evaluate(OrdersOn(40), new StoppedRule(Orders, 2, months, 60 * Day), 200).Matches.ShouldBeFalse();
    }

    [Fact]
    public void A_refund_of_the_latest_order_moves_the_silence_back()
    {
        var ada = Ada(Order("1", 1), Order("2", 11), Order("3", 21), Refund("r", 30, "3"));

        var verdict = Evaluate(ada, new StoppedRule(Orders, 2, Tens(3), 15 * Day), 25);
        (verdict.Matches, NextDay(verdict)).ShouldBe((false, 30));
    }

    [Fact]
    public void Findings_say_in_how_many_periods_and_when_it_was_last()
    {
        Explain(new RegularRule(Orders, 3, Tens(3)), 12).ShouldBe("in 2 of the last 3 periods of 10d; the latest at 2026-01-12T00:00:00Z");
        Explain(new RegularRule(Orders, 1, Periods.Of(6, CalendarUnit.Month, SegmentCalendar.Utc)), 12).ShouldBe("in 0 of the last 6 months; the latest at 2026-01-12T00:00:00Z");
        Explain(new StoppedRule(Orders, 2, Tens(3), Day), 12).ShouldBe("the latest at 2026-01-12T00:00:00Z; in 2 of 3 periods of 10d up to it");
        Explain(new StoppedRule(Orders, 2, Tens(3), Day), 0).ShouldBe("it never happened");
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(4, 3)]
    public void At_least_is_one_of_the_numbers_of_periods(int atLeast, int count) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new RegularRule(Orders, atLeast, Tens(count)));

    [Theory]
    [InlineData(0)]
    [InlineData(61)]
    public void Periods_are_few(int count) => Should.Throw<ArgumentOutOfRangeException>(() => Tens(count));

    private static string Explain(Rule rule, double day)
    {
        var evaluation = new Evaluation();
        evaluation.Begin(OrdersOn(1, 11.0), At(day));
        return rule.Explain(evaluation).Finding;
    }

    private static long Ms(string time) => Rfc3339.TryParse(time, out var ms) ? ms : throw new FormatException(time);
}
