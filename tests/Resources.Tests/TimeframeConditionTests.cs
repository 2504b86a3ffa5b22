using System.Globalization;
using Segmentation;
using Segmentation.Resources;

namespace Resources.Tests;

/// <summary>Timeframes as they are written: which event lies in them, and what is refused.</summary>
public class TimeframeConditionTests
{
    private const string Now = "2026-06-03T12:00:00Z"; // a Wednesday; in Berlin it is 14:00

    // Timeframe, the earliest instant in it, the first one after it; absent: no such end.
    public static TheoryData<string, string?, string?> Bounds => new()
    {
        { "within: 1d", "2026-06-02T12:00:00.001Z", "2026-06-03T12:00:00.001Z" },
        { "between: [1d, 2w]", "2026-05-20T12:00:00.001Z", "2026-06-02T12:00:00.001Z" },
        { "since: 2026-03-01", "2026-02-28T23:00:00Z", "2026-06-03T12:00:00.001Z" },
        { "since: '2026-03-01T09:00:00+01:00'", "2026-03-01T08:00:00Z", "2026-06-03T12:00:00.001Z" },
        { "after: 2026-03-01", "2026-02-28T23:00:00.001Z", "2026-06-03T12:00:00.001Z" },
        { "before: 2026-03-01", null, "2026-02-28T23:00:00Z" },
        { "before: 2027-03-01", null, "2026-06-03T12:00:00.001Z" },
        { "from: 2026-03-01, to: 2026-04-01", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z" },
        { "from: 2026-03-01, to: '2026-03-01T00:00:00Z'", "2026-02-28T23:00:00Z", "2026-03-01T00:00:00Z" },
        { "calendar: today", "2026-06-02T22:00:00Z", "2026-06-03T12:00:00.001Z" },
        { "calendar: yesterday", "2026-06-01T22:00:00Z", "2026-06-02T22:00:00Z" },
        { "calendar: this week", "2026-05-30T22:00:00Z", "2026-06-03T12:00:00.001Z" },
        { "calendar: last week", "2026-05-23T22:00:00Z", "2026-05-30T22:00:00Z" },
        { "calendar: last 2 weeks", "2026-05-16T22:00:00Z", "2026-05-30T22:00:00Z" },
        { "calendar: last 3 days", "2026-05-30T22:00:00Z", "2026-06-02T22:00:00Z" },
        { "calendar: this month", "2026-05-31T22:00:00Z", "2026-06-03T12:00:00.001Z" },
        { "calendar: last month", "2026-04-30T22:00:00Z", "2026-05-31T22:00:00Z" },
        { "calendar: this quarter", "2026-03-31T22:00:00Z", "2026-06-03T12:00:00.001Z" },
        { "calendar: last 2 quarters", "2025-09-30T22:00:00Z", "2026-03-31T22:00:00Z" },
        { "calendar: this year", "2025-12-31T23:00:00Z", "2026-06-03T12:00:00.001Z" },
        { "calendar: last 1 years", "2024-12-31T23:00:00Z", "2025-12-31T23:00:00Z" },
        { "sinceProperty: first_order_at", "2026-02-28T23:00:00Z", "2026-06-03T12:00:00.001Z" },
        { "sinceEntering: true", "2026-05-05T05:05:05.001Z", "2026-06-03T12:00:00.001Z" },
        { "ever: true", null, "2026-06-03T12:00:00.001Z" },
    };

    [Theory, MemberData(nameof(Bounds))]
    public void An_event_lies_in_the_timeframe_from_its_first_to_its_last_instant(string timeframe, string? first, string? after)
    {
        Matches(timeframe, first is null ? 0 : At(first)).ShouldBeTrue();
        if (first is not null)
            Matches(timeframe, At(first) - 1).ShouldBeFalse();
        if (after is not null)
        {
            Matches(timeframe, At(after) - 1).ShouldBeTrue();
            Matches(timeframe, At(after)).ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData("between: [30d]", "between", "takes two ages")]
    [InlineData("between: [60d, 30d]", "between", "the younger age stands first")]
    [InlineData("between: [30d, 30d]", "between", "30d is not shorter than 30d")]
    [InlineData("between: ['30', 60d]", "between[0]", "\"30\" is not a duration")]
    [InlineData("since: yesterday", "since", "is no date; write a day such as 2026-03-01")]
    [InlineData("after: 2026-02-29", "after", "is no date")]
    [InlineData("before: '2026-03-01T09:00:00'", "before", "an instant with its offset")]
    [InlineData("from: 2026-03-01", "", "from and to go together")]
    [InlineData("to: 2026-03-01", "", "write since or before")]
    [InlineData("from: 2026-03-01, to: 2026-03-01", "to", "does not lie after 2026-03-01")]
    [InlineData("from: x, to: 2026-03-01", "from", "is no date")]
    [InlineData("calendar: tomorrow", "calendar", "lies ahead")]
    [InlineData("calendar: next 3 days", "calendar", "lies ahead")]
    [InlineData("calendar: this day", "calendar", "names no days of the calendar")]
    [InlineData("calendar: last 0 days", "calendar", "names no days of the calendar")]
    [InlineData("calendar: last 1000 days", "calendar", "names no days of the calendar")]
    [InlineData("calendar: last fortnight", "calendar", "write today, yesterday")]
    [InlineData("calendar: ''", "calendar", "names no days of the calendar")]
    [InlineData("sinceEntering: false", "sinceEntering", "can only be true")]
    [InlineData("sinceProperty: ''", "sinceProperty", "is required, such as first_order_at")]
    [InlineData("within: 1d, calendar: today", "", "within and calendar are given together")]
    [InlineData("since: 2026-03-01, before: 2026-04-01", "", "since and before are given together")]
    public void A_wrong_timeframe_is_refused_with_place_and_cure(string timeframe, string field, string message)
    {
        var problem = Specs.Compile($"{{event: {{name: a, {timeframe}}}}}").Problems.ShouldHaveSingleItem();

        problem.FieldPath.ShouldBe(field.Length == 0 ? "spec.match.event" : $"spec.match.event.{field}");
        problem.Message.ShouldContain(message);
    }

    private static bool Matches(string timeframe, long eventMs)
    {
        var spec = Specs.Segment($"{{event: {{name: a, {timeframe}}}}}") with { TimeZone = "Europe/Berlin", WeekStartsOn = WeekDay.Sunday };
        var compiled = Specs.Compile(spec);
        compiled.Problems.ShouldBeEmpty();
        var profile = new Profile("c1") { Properties = PropertyBag.Of(("first_order_at", "2026-03-01")), Memberships = new MembershipHistory() };
        profile.Memberships.Enter("it", At("2026-05-05T05:05:05Z"));
        profile.Add(new CustomerEvent("1", "a", "c1", eventMs));
        var pass = new Evaluation();
        pass.Begin(profile, At(Now));
        return pass.Evaluate(compiled.Definition!).Matches;
    }

    private static long At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
}
