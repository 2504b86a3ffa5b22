using NodaTime;

namespace Segmentation.Tests.Timeframes;

public sealed class SegmentCalendarTests
{
    // Zone, instant asked, unit, offset → the start of that unit.
    public static TheoryData<string, string, string, CalendarUnit, int, string> Starts => new()
    {
        { "a day of 24 hours", "Europe/Berlin", "2026-01-15T12:00:00Z", CalendarUnit.Day, 0, "2026-01-14T23:00:00Z" },
        { "a day of 23 hours begins in winter time", "Europe/Berlin", "2026-03-29T12:00:00Z", CalendarUnit.Day, 0, "2026-03-28T23:00:00Z" },
        { "and ends in summer time", "Europe/Berlin", "2026-03-29T12:00:00Z", CalendarUnit.Day, 1, "2026-03-29T22:00:00Z" },
        { "a day of 25 hours begins in summer time", "Europe/Berlin", "2026-10-25T22:59:59.999Z", CalendarUnit.Day, 0, "2026-10-24T22:00:00Z" },
        { "and ends in winter time", "Europe/Berlin", "2026-10-24T22:00:00Z", CalendarUnit.Day, 1, "2026-10-25T23:00:00Z" },
        { "spring in New York", "America/New_York", "2026-03-08T05:00:00Z", CalendarUnit.Day, 1, "2026-03-09T04:00:00Z" },
        { "autumn in New York", "America/New_York", "2026-11-02T04:59:59.999Z", CalendarUnit.Day, 0, "2026-11-01T04:00:00Z" },
        { "where midnight is skipped, the day begins at one", "America/Sao_Paulo", "2018-11-04T12:00:00Z", CalendarUnit.Day, 0, "2018-11-04T03:00:00Z" },
        { "the millisecond before is the day before", "America/Sao_Paulo", "2018-11-04T02:59:59.999Z", CalendarUnit.Day, 0, "2018-11-03T03:00:00Z" },
        { "and so in Beirut", "Asia/Beirut", "2022-03-27T12:00:00Z", CalendarUnit.Day, 0, "2022-03-26T22:00:00Z" },
        { "where clocks go back over midnight, the day has begun before", "America/St_Johns", "2010-11-07T02:30:30Z", CalendarUnit.Day, 0, "2010-11-07T02:30:00Z" },
        { "and goes on while they show the evening again", "America/St_Johns", "2010-11-07T03:00:00Z", CalendarUnit.Day, 0, "2010-11-07T02:30:00Z" },
        { "until its own end", "America/St_Johns", "2010-11-07T02:45:00Z", CalendarUnit.Day, 1, "2010-11-08T03:30:00Z" },
        { "a day that was skipped begins where the next does", "Pacific/Apia", "2011-12-30T09:59:59.999Z", CalendarUnit.Day, 1, "2011-12-30T10:00:00Z" },
        { "which begins there too", "Pacific/Apia", "2011-12-30T09:59:59.999Z", CalendarUnit.Day, 2, "2011-12-30T10:00:00Z" },
        { "yesterday was the skipped day", "Pacific/Apia", "2011-12-31T00:00:00Z", CalendarUnit.Day, -1, "2011-12-30T10:00:00Z" },
        { "the day before it was a whole one", "Pacific/Apia", "2011-12-31T00:00:00Z", CalendarUnit.Day, -2, "2011-12-29T10:00:00Z" },
        { "an offset of three quarters of an hour", "Asia/Kathmandu", "2026-06-01T12:00:00Z", CalendarUnit.Day, 0, "2026-05-31T18:15:00Z" },
        { "summer time of half an hour begins", "Australia/Lord_Howe", "2026-04-05T00:00:00Z", CalendarUnit.Day, 0, "2026-04-04T13:00:00Z" },
        { "and ends", "Australia/Lord_Howe", "2026-04-05T00:00:00Z", CalendarUnit.Day, 1, "2026-04-05T13:30:00Z" },
        { "the week that began in the year before", "Europe/Berlin", "2027-01-02T12:00:00Z", CalendarUnit.Week, 0, "2026-12-27T23:00:00Z" },
        { "the week after it", "Europe/Berlin", "2027-01-02T12:00:00Z", CalendarUnit.Week, 1, "2027-01-03T23:00:00Z" },
        { "a week over the change to summer time", "Europe/Berlin", "2026-03-30T12:00:00Z", CalendarUnit.Week, -1, "2026-03-22T23:00:00Z" },
        { "a month ends with 28 days", "UTC", "2026-02-28T23:59:59.999Z", CalendarUnit.Month, 1, "2026-03-01T00:00:00Z" },
        { "or with 29", "UTC", "2028-02-29T23:59:59.999Z", CalendarUnit.Month, 0, "2028-02-01T00:00:00Z" },
        { "29 February is a day", "UTC", "2028-02-28T12:00:00Z", CalendarUnit.Day, 1, "2028-02-29T00:00:00Z" },
        { "from the 31st a month back is the whole month before", "UTC", "2026-03-31T12:00:00Z", CalendarUnit.Month, -1, "2026-02-01T00:00:00Z" },
        { "the quarter before the first one of a year", "Europe/Berlin", "2026-02-10T12:00:00Z", CalendarUnit.Quarter, -1, "2025-09-30T22:00:00Z" },
        { "the last moment of a quarter", "UTC", "2026-06-30T23:59:59.999Z", CalendarUnit.Quarter, 0, "2026-04-01T00:00:00Z" },
        { "five quarters on", "UTC", "2026-06-30T00:00:00Z", CalendarUnit.Quarter, 5, "2027-07-01T00:00:00Z" },
        { "the year is the zone's", "Pacific/Apia", "2025-12-31T12:00:00Z", CalendarUnit.Year, 0, "2025-12-31T11:00:00Z" },
        { "from 29 February a year back", "UTC", "2028-02-29T12:00:00Z", CalendarUnit.Year, -1, "2027-01-01T00:00:00Z" },
        { "the far past", "UTC", "1970-01-01T00:00:00Z", CalendarUnit.Year, -CalendarSpan.MaxReach, "0971-01-01T00:00:00Z" },
    };

    [Theory, MemberData(nameof(Starts))]
    public void A_unit_starts_at_its_first_instant(string what, string zone, string asked, CalendarUnit unit, int offset, string start) =>
        Text(Of(zone).StartOf(unit, Ms(asked), offset)).ShouldBe(start, what);

    [Theory]
    [InlineData(IsoDayOfWeek.Monday, "2026-06-01T00:00:00Z")]
    [InlineData(IsoDayOfWeek.Wednesday, "2026-06-03T00:00:00Z")]
    [InlineData(IsoDayOfWeek.Thursday, "2026-05-28T00:00:00Z")]
    [InlineData(IsoDayOfWeek.Saturday, "2026-05-30T00:00:00Z")]
    [InlineData(IsoDayOfWeek.Sunday, "2026-05-31T00:00:00Z")]
    public void Weeks_start_on_the_day_chosen(IsoDayOfWeek weekStart, string start)
    {
        // A Wednesday.
        var calendar = new SegmentCalendar(DateTimeZone.Utc, weekStart);

        Text(calendar.StartOf(CalendarUnit.Week, Ms("2026-06-03T12:00:00Z"))).ShouldBe(start);
        calendar.StartOf(CalendarUnit.Week, Ms(start)).ShouldBe(Ms(start));
        calendar.StartOf(CalendarUnit.Week, Ms(start) - 1).ShouldBe(Ms(start) - 7L * 86_400_000);
    }

    [Fact]
    public void The_day_begins_where_the_zone_itself_says()
    {
        foreach (var zone in Zones.Tricky)
        {
            var calendar = Of(zone);
            for (var day = new LocalDate(1970, 1, 2); day.Year < 2038; day = day.PlusDays(1))
            {
                var start = StartOfDay(calendar.Zone, day);
                if (calendar.StartOf(day, CalendarUnit.Day, 0) != start)
                    Assert.Fail($"{day} in {zone} starts at {Text(start)}, not at {Text(calendar.StartOf(day, CalendarUnit.Day, 0))}");
            }
        }
    }

    [Fact]
    public void Past_the_year_9999_nothing_starts_and_nothing_breaks()
    {
        foreach (var zone in Zones.Tricky)
        {
            foreach (var unit in Enum.GetValues<CalendarUnit>())
                Of(zone).StartOf(unit, Ms("9999-12-31T23:59:59.999Z"), CalendarSpan.MaxReach).ShouldBe(Verdict.Never);
        }
    }

    [Fact]
    public void A_start_takes_no_memory()
    {
        var calendar = Of("Europe/Budapest"); // what is known of a zone is shared, and other tests displace what they do not need
        var now = Ms("2026-03-29T12:00:00Z");
        calendar.StartOf(CalendarUnit.Week, now, -1);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            calendar.StartOf(CalendarUnit.Week, now + i, -1);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    // The zone knows no start of a day that it has skipped.
    private static long StartOfDay(DateTimeZone zone, LocalDate day)
    {
        try
        {
            return zone.AtStartOfDay(day).ToInstant().ToUnixTimeMilliseconds();
        }
        catch (SkippedTimeException)
        {
            return StartOfDay(zone, day.PlusDays(1));
        }
    }

    private static SegmentCalendar Of(string zone) => Zones.Calendar(zone);

    private static long Ms(string time) => Rfc3339.TryParse(time, out var ms) ? ms : throw new FormatException(time);

    private static string Text(long ms) => Rfc3339.Format(ms);
}
