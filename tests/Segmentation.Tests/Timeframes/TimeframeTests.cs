using NodaTime;
using NodaTime.TimeZones;

namespace Segmentation.Tests.Timeframes;

/// <summary>The first and the last instant of each timeframe, both included.</summary>
public sealed class TimeframeTests
{
    private const long Day = 86_400_000;
    private static readonly long Now = Ms("2026-06-03T12:00:00Z");

    [Fact]
    public void A_rolling_window_leaves_out_what_is_exactly_as_old()
    {
        var frame = Plain(Timeframe.Within(30 * Day));

        (frame.FromMs(Now), frame.UntilMs(Now)).ShouldBe((Now - 30 * Day + 1, Now));
        (frame.EntersAt(Now), frame.LeavesAt(Now)).ShouldBe((Now, Now + 30 * Day));
        frame.EntersLate.ShouldBeFalse();
    }

    [Fact]
    public void From_its_reach_on_an_occurrence_of_any_time_is_out_of_a_calendar_span_in_any_zone()
    {
        var random = new Random(11);
        var zones = new DateTimeZoneCache(TzdbDateTimeZoneSource.Default); // others count what the shared one allocates
        foreach (var zone in zones.Ids.Select(id => zones[id]))
        {
            var calendar = new SegmentCalendar(zone, IsoDayOfWeek.Sunday);
            foreach (var unit in Enum.GetValues<CalendarUnit>())
            {
                var first = -random.Next(4);
                var frame = new CalendarTimeframe(calendar, new CalendarSpan(unit, first, first == 0 ? 0 : -1));
                for (var i = 0; i < 20; i++)
                {
                    var timeMs = random.NextInt64(Now);
                    (frame.LeavesAt(timeMs) - timeMs).ShouldBeLessThanOrEqualTo(frame.ReachMs, $"{frame} at {timeMs}");
                }
            }
        }

        new CalendarTimeframe(SegmentCalendar.Utc, new CalendarSpan(CalendarUnit.Month, -1, -1)).ReachMs.ShouldBeLessThan(100 * Day, "bounded well");
    }

    [Fact]
    public void Between_two_ages_the_younger_is_in_and_the_older_is_out()
    {
        var frame = Plain(Timeframe.Between(30 * Day, 60 * Day));

        (frame.FromMs(Now), frame.UntilMs(Now)).ShouldBe((Now - 60 * Day + 1, Now - 30 * Day));
        (frame.EntersAt(Now), frame.LeavesAt(Now)).ShouldBe((Now + 30 * Day, Now + 60 * Day));
        frame.EntersLate.ShouldBeTrue();
    }

    [Fact]
    public void A_fixed_timeframe_includes_its_start_and_not_its_end()
    {
        var frame = FixedTimeframe.Of(100, 200);

        (frame.FromMs(150), frame.UntilMs(150)).ShouldBe((100, 150));
        (frame.FromMs(500), frame.UntilMs(500)).ShouldBe((100, 199));
        (frame.EntersAt(99), frame.EntersAt(100), frame.EntersAt(199), frame.EntersAt(200)).ShouldBe((Verdict.Never, 100, 199, Verdict.Never));
        frame.LeavesAt(150).ShouldBe(Verdict.Never);
        frame.Moves.ShouldBeFalse();
        Should.Throw<ArgumentException>(() => FixedTimeframe.Of(100, 100));
    }

    [Fact]
    public void Ever_has_no_beginning_and_ends_now() =>
        (Plain(Timeframe.Ever).FromMs(Now), Plain(Timeframe.Ever).UntilMs(Now)).ShouldBe((long.MinValue, Now));

    // Zone, week start, span, now → first day's start, first instant after it; a span that is not over ends now.
    public static TheoryData<string, string, CalendarSpan, string, string, string> Spans => new()
    {
        { "UTC", "today", new(CalendarUnit.Day, 0, 0), "2026-06-03T12:00:00Z", "2026-06-03T00:00:00Z", "2026-06-03T12:00:00.001Z" },
        { "UTC", "yesterday", new(CalendarUnit.Day, -1, -1), "2026-06-03T12:00:00Z", "2026-06-02T00:00:00Z", "2026-06-03T00:00:00Z" },
        { "Europe/Berlin", "yesterday", new(CalendarUnit.Day, -1, -1), "2026-03-30T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z" },
        { "Europe/Berlin", "last 3 days", new(CalendarUnit.Day, -3, -1), "2026-10-26T12:00:00Z", "2026-10-22T22:00:00Z", "2026-10-25T23:00:00Z" },
        { "UTC", "this week", new(CalendarUnit.Week, 0, 0), "2026-06-03T12:00:00Z", "2026-06-01T00:00:00Z", "2026-06-03T12:00:00.001Z" },
        { "UTC", "last week", new(CalendarUnit.Week, -1, -1), "2026-06-03T12:00:00Z", "2026-05-25T00:00:00Z", "2026-06-01T00:00:00Z" },
        { "America/New_York", "last 2 weeks", new(CalendarUnit.Week, -2, -1), "2026-03-18T12:00:00Z", "2026-03-02T05:00:00Z", "2026-03-16T04:00:00Z" },
        { "UTC", "last month", new(CalendarUnit.Month, -1, -1), "2028-03-31T12:00:00Z", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z" },
        { "UTC", "last 3 months", new(CalendarUnit.Month, -3, -1), "2027-01-01T00:00:00Z", "2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z" },
        { "Asia/Kathmandu", "this month", new(CalendarUnit.Month, 0, 0), "2026-06-30T18:14:59.999Z", "2026-05-31T18:15:00Z", "2026-06-30T18:15:00Z" },
        { "UTC", "last quarter", new(CalendarUnit.Quarter, -1, -1), "2026-01-01T00:00:00Z", "2025-10-01T00:00:00Z", "2026-01-01T00:00:00Z" },
        { "Australia/Lord_Howe", "this quarter", new(CalendarUnit.Quarter, 0, 0), "2026-04-05T12:00:00Z", "2026-03-31T13:00:00Z", "2026-04-05T12:00:00.001Z" },
        { "UTC", "last year", new(CalendarUnit.Year, -1, -1), "2028-02-29T12:00:00Z", "2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z" },
        { "Pacific/Apia", "yesterday", new(CalendarUnit.Day, -1, -1), "2011-12-31T12:00:00Z", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z" },
        { "America/St_Johns", "today", new(CalendarUnit.Day, 0, 0), "2010-11-07T03:00:00Z", "2010-11-07T02:30:00Z", "2010-11-07T03:00:00.001Z" },
    };

    [Theory, MemberData(nameof(Spans))]
    public void Days_of_the_calendar_are_those_of_the_zone(string zone, string words, CalendarSpan span, string now, string first, string after)
    {
        var frame = new CalendarTimeframe(Zones.Calendar(zone), span);

        Rfc3339.Format(frame.FromMs(Ms(now))).ShouldBe(first);
        Rfc3339.Format(frame.UntilMs(Ms(now)) + 1).ShouldBe(after);
        frame.ToString().ShouldBe($"{words} in {zone}");
    }

    [Fact]
    public void Weeks_of_the_calendar_start_on_the_day_chosen()
    {
        var frame = new CalendarTimeframe(Zones.Calendar("UTC", IsoDayOfWeek.Sunday), new CalendarSpan(CalendarUnit.Week, -1, -1));

        Rfc3339.Format(frame.FromMs(Now)).ShouldBe("2026-05-24T00:00:00Z");
        Rfc3339.Format(frame.LeavesAt(Ms("2026-05-30T23:59:59.999Z"))).ShouldBe("2026-06-07T00:00:00Z");
    }

    [Fact]
    public void Days_that_the_zone_skipped_hold_nothing()
    {
        // On 31 December yesterday is the 30th, which Samoa left out.
        var frame = new CalendarTimeframe(Zones.Calendar("Pacific/Apia"), new CalendarSpan(CalendarUnit.Day, -1, -1));
        var ada = Shop.Ada(new CustomerEvent("1", "placed_order", "ada", Ms("2011-12-29T12:00:00Z")), new CustomerEvent("2", "placed_order", "ada", Ms("2011-12-30T12:00:00Z")));
        var rule = new EventRule(new EventSelection("placed_order", []), Aggregate.Count, null, Comparison.Gte(1), frame);
        var evaluation = new Evaluation();
        evaluation.Begin(ada, Ms("2011-12-30T00:00:00Z"));

        // Only the order of the 31st is ever of yesterday, on 1 January.
        rule.Evaluate(evaluation).ShouldBe(new Verdict(false, Ms("2011-12-31T10:00:00Z"), rule));
    }

    [Fact]
    public void A_property_of_the_profile_begins_a_timeframe()
    {
        var frame = new PropertyTimeframe("first_order_at", Zones.Calendar("Europe/Berlin"));

        For(frame, "2026-03-01")!.FromMs(Now).ShouldBe(Ms("2026-02-28T23:00:00Z"));
        For(frame, "2026-03-01T09:00:00+01:00")!.FromMs(Now).ShouldBe(Ms("2026-03-01T08:00:00Z"));
        For(frame, "2026-02-29").ShouldBeNull();
        For(frame, "soon").ShouldBeNull();
        For(frame, "").ShouldBeNull();
        For(frame, 20260301).ShouldBeNull();
        For(frame, null).ShouldBeNull();
    }

    [Fact]
    public void Without_that_property_the_condition_does_not_hold_even_of_none()
    {
        var none = new EventRule(
            new EventSelection("placed_order", []), Aggregate.Count, null, Comparison.Eq(0), new PropertyTimeframe("first_order_at", SegmentCalendar.Utc));

        Shop.Evaluate(new Profile("ada"), none, 1).ShouldBe(new Verdict(false, Verdict.Never, none));
        RuleDependencies.Of(none).ProfileProperties.ShouldBe(["first_order_at"]);
    }

    [Fact]
    public void Since_entering_leaves_out_the_instant_of_entering()
    {
        var frame = new EnteringTimeframe("it");
        var ada = new Profile("ada") { Memberships = new MembershipHistory() };
        ada.Memberships.Enter("it", 100);
        ada.Memberships.Leave("it");
        var evaluation = new Evaluation();
        evaluation.Begin(ada, 500);

        var entered = frame.For(evaluation);
        (entered.FromMs(500), entered.UntilMs(500)).ShouldBe((101, 500));
    }

    [Fact]
    public void Since_entering_is_empty_for_one_who_never_entered()
    {
        var ada = Shop.Ada(Shop.Order("1", 1));
        var rule = new EventRule(new EventSelection("placed_order", []), Aggregate.Count, null, Comparison.Eq(0), new EnteringTimeframe("it"));

        Shop.Evaluate(ada, rule, 0).ShouldBe(new Verdict(true, Verdict.Never, rule));
        RuleDependencies.Of(rule).Entries.ShouldBe(["it"]);
    }

    [Theory]
    [InlineData(CalendarUnit.Day, 1, 1)]
    [InlineData(CalendarUnit.Week, -1, 1)]
    [InlineData(CalendarUnit.Month, -1, -2)]
    [InlineData(CalendarUnit.Year, -1000, -1)]
    public void A_timeframe_of_events_does_not_reach_ahead_nor_too_far_back(CalendarUnit unit, int first, int last) =>
        Should.Throw<ArgumentException>(() => new CalendarTimeframe(SegmentCalendar.Utc, new CalendarSpan(unit, first, last)));

    private static PlainTimeframe? For(PropertyTimeframe frame, PropertyValue? property)
    {
        var ada = new Profile("ada") { Properties = property is { } value ? PropertyBag.Of(("first_order_at", value)) : PropertyBag.Empty };
        var evaluation = new Evaluation();
        evaluation.Begin(ada, Now);
        return frame.For(evaluation);
    }

    private static PlainTimeframe Plain(Timeframe frame) => (PlainTimeframe)frame;

    private static long Ms(string time) => Rfc3339.TryParse(time, out var ms) ? ms : throw new FormatException(time);
}
