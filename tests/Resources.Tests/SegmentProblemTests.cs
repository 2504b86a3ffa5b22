using Segmentation.Resources;

namespace Resources.Tests;

/// <summary>What a person reads who wrote something wrong: reason, place and words.</summary>
public class SegmentProblemTests
{
    public static TheoryData<string, string, string, string> Wrong => new()
    {
        // conditions
        { "{}", "InvalidSpec", "spec.match", "give exactly one of all, any, none, event, sequence, firstTime, restarted, regular, stopped, property or 8 others (docs/conditions.md lists them)" },
        { "{all: [{}]}", "InvalidSpec", "spec.match.all[0]", "there is no condition" },
        { "{all: []}", "InvalidSpec", "spec.match.all", "1 to 16 conditions; there are 0" },
        { "{event: {name: a}, any: [{event: {name: b}}]}", "InvalidSpec", "spec.match", "any and event are given together" },
        { "{all: [{any: [{none: [{all: [{event: {name: a}}]}]}]}]}", "TooDeep", "spec.match.all[0].any[0].none[0].all", "at most 3 deep" },
        { "{all: [{any: [{none: [{}]}]}]}", "InvalidSpec", "spec.match.all[0].any[0].none[0]", "others (docs/conditions.md lists them); groups nest at most 3 deep" },

        // events
        { "{event: {}}", "InvalidSpec", "spec.match.event.name", "is required, such as placed_order" },
        { "{event: {name: a, count: {}}}", "UnknownOperator", "spec.match.event.count", "give exactly one of eq, ne, gt, gte, lt, lte or between" },
        { "{event: {name: a, count: {gte: 1, lt: 5}}}", "InvalidSpec", "spec.match.event.count", "gte and lt are given together" },
        { "{event: {name: a, count: {gte: 1}, sum: {gt: 5}}}", "InvalidSpec", "spec.match.event", "count and sum are given together" },
        { "{event: {name: a, sum: {of: '', gt: 5}}}", "InvalidSpec", "spec.match.event.sum.of", "is required" },
        { "{event: {name: a, distinct: {gte: 2}}}", "InvalidSpec", "spec.match.event.distinct.of", "is required, such as category" },
        { "{event: {name: a, distinct: {of: b}}}", "UnknownOperator", "spec.match.event.distinct", "give exactly one of eq" },
        { "{event: {name: a, first: {gt: 1}, last: {gt: 1}}}", "InvalidSpec", "spec.match.event", "first and last are given together" },
        { "{event: {name: a, avg: {between: [5, 1]}}}", "InvalidSpec", "spec.match.event.avg.between", "write [1, 5]" },
        { "{event: {name: a, avg: {between: [5]}}}", "InvalidSpec", "spec.match.event.avg.between", "takes two numbers" },
        { "{event: {name: a, max: {gt: 1000000000001}}}", "InvalidSpec", "spec.match.event.max.gt", "out of range" },
        { "{event: {name: a, max: {gt: 0.1234567890123456}}}", "InvalidSpec", "spec.match.event.max.gt", "more than 15 significant digits" },
        { "{event: {name: a, within: soon}}", "InvalidSpec", "spec.match.event.within", "\"soon\" is not a duration" },
        { "{event: {name: a, within: 4000d}}", "InvalidSpec", "spec.match.event.within", "longer than 3660d" },
        { "{event: {name: a, within: 3d, ever: true}}", "InvalidSpec", "spec.match.event", "within and ever are given together" },
        { "{event: {name: a, ever: false}}", "InvalidSpec", "spec.match.event.ever", "can only be true" },
        { "{event: {name: a, where: []}}", "InvalidSpec", "spec.match.event.where", "1 to 8 predicates" },
        { "{event: {name: a, where: [{eq: b}]}}", "InvalidSpec", "spec.match.event.where[0].property", "is required, such as channel" },
        { "{event: {name: a, where: [{property: b}]}}", "UnknownOperator", "spec.match.event.where[0]", "there is no operator" },
        { "{event: {name: a, where: [{property: b, before: soon}]}}", "InvalidSpec", "spec.match.event.where[0].before", "is no date" },

        // properties
        { "{property: {name: a}}", "UnknownOperator", "spec.match.property", "eq, ne, in, notIn, gt, gte, lt, lte, between, contains or " },
        { "{property: {exists: true}}", "InvalidSpec", "spec.match.property.name", "is required, such as country" },
        { "{property: {name: a, eq: b, ne: c}}", "InvalidSpec", "spec.match.property", "eq and ne are given together" },
        { "{property: {name: a, in: []}}", "InvalidSpec", "spec.match.property.in", "1 to 256 values; there are 0" },
        { "{property: {name: a, contains: ''}}", "InvalidSpec", "spec.match.property.contains", "is empty" },
        { "{property: {name: a, between: [2, 1]}}", "InvalidSpec", "spec.match.property.between", "the lower bound stands first" },
        { "{property: {name: a, matches: '(['}}", "InvalidRegularExpression", "spec.match.property.matches", "does not parse" },
        { "{property: {name: a, notEndsWith: ''}}", "InvalidSpec", "spec.match.property.notEndsWith", "is empty" },
        { "{property: {name: a, notMatches: '(['}}", "InvalidRegularExpression", "spec.match.property.notMatches", "does not parse" },
        { "{property: {name: a, matches: '(?=b)'}}", "InvalidRegularExpression", "spec.match.property.matches", "look-arounds" },
        { "{event: {name: a, where: [{property: b, matches: '(a)\\1'}]}}", "InvalidRegularExpression", "spec.match.event.where[0].matches", "back references" },
        { "{property: {name: a, containsAny: []}}", "InvalidSpec", "spec.match.property.containsAny", "1 to 256 values; there are 0" },
        { "{property: {name: a, length: {}}}", "UnknownOperator", "spec.match.property.length", "give exactly one of eq, ne" },
        { "{property: {name: a, length: {gte: 1, lt: 3}}}", "InvalidSpec", "spec.match.property.length", "gte and lt are given together" },
        { "{property: {name: a, after: 2026-02-30}}", "InvalidSpec", "spec.match.property.after", "is no date; write a day such as 2026-03-01" },
        { "{property: {name: a, month: 13}}", "InvalidSpec", "spec.match.property.month", "takes a month, 1 to 12; 13 is none" },
        { "{property: {name: a, withinLast: '30'}}", "InvalidSpec", "spec.match.property.withinLast", "\"30\" is not a duration" },
        { "{property: {name: a, withinNext: soon}}", "InvalidSpec", "spec.match.property.withinNext", "is not a duration" },
        { "{property: {name: a, olderThan: 4000d}}", "InvalidSpec", "spec.match.property.olderThan", "longer than 3660d" },
        { "{property: {name: a, calendar: someday}}", "InvalidSpec", "spec.match.property.calendar", "names no days of the calendar" },
        { "{property: {name: a, anniversary: {}}}", "UnknownOperator", "spec.match.property.anniversary", "exactly one of withinNext, withinLast or calendar" },
        { "{property: {name: a, anniversary: {withinNext: 1, withinLast: 1}}}", "InvalidSpec", "spec.match.property.anniversary", "are given together" },
        { "{property: {name: a, anniversary: {withinNext: 1, calendar: today}}}", "InvalidSpec", "spec.match.property.anniversary", "are given together" },
        { "{property: {name: a, anniversary: {calendar: this May}}}", "InvalidSpec", "spec.match.property.anniversary.calendar", "names no days of the calendar" },
        { "{property: {name: a, anniversary: {withinLast: -1}}}", "InvalidSpec", "spec.match.property.anniversary.withinLast", "takes 0 to 366 days" },
        { "{property: {name: a, anniversary: {withinNext: 367}}}", "InvalidSpec", "spec.match.property.anniversary.withinNext", "takes 0 to 366 days" },
        { "{property: {name: a, eq: b, olderThan: 3d}}", "InvalidSpec", "spec.match.property", "eq and olderThan are given together" },
        { "{property: {olderThan: 3d}}", "InvalidSpec", "spec.match.property.name", "is required, such as country" },
        { "{property: {name: a, exists: true, onMissing: include}}", "InvalidSpec", "spec.match.property.onMissing", "no meaning beside exists" },

        { "{property: {name: a, eq: b, for: soon}}", "InvalidSpec", "spec.match.property.for", "is not a duration" },
        { "{property: {name: a, olderThan: 3d, for: 3d}}", "InvalidSpec", "spec.match.property.for", "olderThan is not one" },

        // consent
        { "{consent: {is: subscribed}}", "InvalidSpec", "spec.match.consent.channel", "is required, such as email" },
        { "{consent: {channel: E-Mail}}", "InvalidSpec", "spec.match.consent.channel", "small letters, digits, _ and -, at most 32" },
        { "{consent: {channel: email, for: soon}}", "InvalidSpec", "spec.match.consent.for", "is not a duration" },
        { "{consent: {channel: email, within: 0d}}", "InvalidSpec", "spec.match.consent.within", "is no time at all" },
        { "{consent: {channel: email, is: never, within: 3d}}", "InvalidSpec", "spec.match.consent.within", "no meaning beside never" },
        { "{consent: {channel: email, for: 3d, within: 72h}}", "InvalidSpec", "spec.match.consent.for", "make for the shorter one" },
        { "{suppression: {is: suppressed}}", "InvalidSpec", "spec.match.suppression.channel", "is required, such as email" },
        { "{suppression: {channel: 1st}}", "InvalidSpec", "spec.match.suppression.channel", "is a small letter" },

        // references
        { "{segment: {}}", "InvalidSpec", "spec.match.segment.name", "is required" },
        { "{segment: {name: other}}", "SegmentNotFound", "spec.match.segment.name", "there is no Segment other" },
        { "{all: [{event: {name: a}}, {segment: {name: it}}]}", "SegmentCycle", "spec.match.all[1].segment.name", "it → it" },
        { "{rfm: {tier: [loyal]}}", "InvalidSpec", "spec.match.rfm.policy", "is required" },
        { "{rfm: {policy: defualt, tier: [loyal]}}", "RfmPolicyNotFound", "spec.match.rfm.policy", "no RfmPolicy defualt in this namespace; did you mean default?" },
        { "{rfm: {policy: broken, tier: [loyal]}}", "RfmPolicyInvalid", "spec.match.rfm.policy", "spec.window" },
        { "{rfm: {policy: default}}", "UnknownOperator", "spec.match.rfm", "exactly one of tier, wasTier, recency, frequency, monetary or score" },
        { "{rfm: {policy: default, tier: []}}", "InvalidSpec", "spec.match.rfm.tier", "1 to 32 tiers" },
        { "{rfm: {policy: default, tier: [new], recency: {gte: 4}}}", "InvalidSpec", "spec.match.rfm", "tier and recency are given together" },
        { "{rfm: {policy: default, recency: {}}}", "UnknownOperator", "spec.match.rfm.recency", "exactly one of eq" },
        { "{rfm: {policy: default, wasTier: [champions]}}", "InvalidSpec", "spec.match.rfm.within", "is required with wasTier" },
        { "{rfm: {policy: default, wasTier: [champions], within: soon}}", "InvalidSpec", "spec.match.rfm.within", "not a duration" },
        { "{rfm: {policy: default, wasTier: [champion], within: 9d}}", "UnknownTier", "spec.match.rfm.wasTier[0]", "did you mean champions?" },
        { "{rfm: {policy: default, tier: [champions], within: 90d}}", "InvalidSpec", "spec.match.rfm.within", "goes with wasTier only" },
        { "{segment: {name: it2, joinedWithin: 7d}}", "SegmentNotFound", "spec.match.segment.name", "there is no Segment it2" },
        { "{prediction: {policy: nowhere, churnProbability: {gte: 0.8}}}", "RfmPolicyNotFound", "spec.match.prediction.policy", "no RfmPolicy nowhere" },
        { "{prediction: {policy: default}}", "UnknownOperator", "spec.match.prediction", "exactly one of churnProbability" },
        { "{prediction: {policy: default, churnProbability: {gte: 0.8}, predictedValue: {gt: 5}}}", "InvalidSpec", "spec.match.prediction", "are given together" },
        { "{prediction: {policy: default, expectedNextOrder: {withinNext: 0d}}}", "InvalidSpec", "spec.match.prediction.expectedNextOrder.withinNext", "duration" },
        { "{rfm: {policy: default, tier: [loyal, champion]}}", "UnknownTier", "spec.match.rfm.tier[1]", "did you mean champions?" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void A_wrong_match_is_refused_with_reason_place_and_cure(string match, string reason, string path, string message)
    {
        var compiled = Specs.Compile(match);

        compiled.IsValid.ShouldBeFalse();
        compiled.Revision.ShouldBeNull();
        var problem = compiled.Problems.ShouldHaveSingleItem();
        (problem.Reason, problem.FieldPath).ShouldBe((reason, path));
        problem.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("Europe/Berln", "did you mean Europe/Berlin?")]
    [InlineData("europe/berlin", "did you mean Europe/Berlin?")]
    [InlineData("Mars/Olympus_Mons", "write an IANA name")]
    [InlineData("", "write an IANA name")]
    public void An_unknown_time_zone_is_named(string id, string message)
    {
        var problem = Specs.Compile(Specs.Segment("{event: {name: a}}") with { TimeZone = id }).Problems.ShouldHaveSingleItem();
        (problem.Reason, problem.FieldPath).ShouldBe((ProblemReasons.UnknownTimeZone, "spec.timeZone"));
        problem.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("24h", null)]
    [InlineData("1d", null)]
    [InlineData("25h", "longer than 1d")]
    [InlineData("1x", "is not a duration")]
    public void A_drift_window_is_at_most_a_day(string window, string? message)
    {
        var compiled = Specs.Compile(Specs.Segment("{event: {name: a}}") with { Drift = new DriftSpec { Window = window } });
        compiled.IsValid.ShouldBe(message is null);
        if (message is not null)
            compiled.Problems.ShouldHaveSingleItem().ToString().ShouldStartWith("spec.drift.window: ");
    }

    [Fact]
    public void All_problems_of_a_spec_are_reported_together()
    {
        var compiled = Specs.Compile("{all: [{event: {name: '', within: x}}, {property: {name: a}}, {segment: {name: nobody}}]}");
        compiled.Problems.Select(problem => problem.FieldPath).ShouldBe(
            ["spec.match.all[0].event.name", "spec.match.all[0].event.within", "spec.match.all[1].property", "spec.match.all[2].segment.name"]);
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public void A_segment_has_a_bounded_number_of_conditions(int members, bool valid)
    {
        var group = $"{{any: [{string.Join(", ", Enumerable.Repeat("{event: {name: a}}", 16))}]}}";
        var rest = members == 16 ? "" : ", {event: {name: a}}";
        var compiled = Specs.Compile($"{{any: [{{all: [{string.Join(", ", Enumerable.Repeat(group, 15))}]}}, {group}{rest}]}}");

        compiled.IsValid.ShouldBe(valid);
        if (!valid)
            compiled.Problems.ShouldHaveSingleItem().ToString().ShouldContain("spec.match: has 257 conditions; at most 256");
    }

    [Fact]
    public void Of_very_many_problems_the_first_are_kept_and_the_spec_is_still_refused()
    {
        var broken = string.Join(", ", Enumerable.Repeat("{event: {name: '', count: {}, within: x}}", 16));
        var compiled = Specs.Compile($"{{all: [{broken}]}}");
        compiled.IsValid.ShouldBeFalse();
        compiled.Problems.Count.ShouldBe(20);
    }
}
