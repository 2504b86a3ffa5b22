using System.Globalization;
using Segmentation;
using Segmentation.Resources;

namespace Resources.Tests;

/// <summary>What is written means what the engine answers.</summary>
public class CompiledRuleTests
{
    private static readonly long Now = At("2026-06-01T00:00:00Z");

    // A profile with three orders (10 + 20.25 + 30.5), one of them at a marketplace, and some properties.
    private static Profile Customer()
    {
        var profile = new Profile("c1") { Properties = PropertyBag.Of(("country", "DE"), ("age", 42), ("newsletter", true), ("zip", "01067"), ("tags", new[] { "vip", "b2b" }), ("birthday", "1990-06-03"), ("renewal", "2026-06-10T00:00:00Z")) };
        profile.ChangeProperties(PropertyBag.Of([.. profile.Properties, new("plan", "free")]), At("2026-05-01T00:00:00Z"));
        profile.ChangeProperties(PropertyBag.Of([.. profile.Properties.Where(p => p.Key != "plan"), new("plan", "pro")]), At("2026-05-18T00:00:00Z"));
        profile.State(new FactStatement(ProfileFacts.Consent("email"), ProfileFacts.Subscribed, At("2026-05-22T00:00:00Z")), Now);
        profile.State(new FactStatement(ProfileFacts.Suppression("sms"), true, null), Now);
        profile.Add(new CustomerEvent("1", "placed_order", "c1", At("2026-01-10T00:00:00Z"), 10m));
        profile.Add(new CustomerEvent("2", "placed_order", "c1", At("2026-05-02T00:00:00Z"), 20.25m, PropertyBag.Of(("channel", "marketplace"))));
        profile.Add(new CustomerEvent("3", "placed_order", "c1", At("2026-05-31T00:00:00Z"), 30.5m, PropertyBag.Of(("channel", "web"), ("items", 4))));
        return profile;
    }

    [Theory]
    [InlineData("{event: {name: placed_order}}", true)]
    [InlineData("{event: {name: placed_order, ever: true}}", true)]
    [InlineData("{event: {name: opened_email}}", false)]
    [InlineData("{event: {name: placed_order, count: {eq: 3}}}", true)]
    [InlineData("{event: {name: placed_order, count: {gte: 3}, within: 30d}}", false)]
    [InlineData("{event: {name: placed_order, count: {eq: 1}, within: 30d}}", true)] // exactly 30 days old is out
    [InlineData("{event: {name: placed_order, count: {eq: 2}, within: 30d1ms}}", true)]
    [InlineData("{event: {name: opened_email, count: {eq: 0}}}", true)]
    [InlineData("{event: {name: placed_order, sum: {eq: 60.75}}}", true)]
    [InlineData("{event: {name: placed_order, sum: {gt: 60.75}}}", false)]
    [InlineData("{event: {name: placed_order, avg: {eq: 20.25}}}", true)]
    [InlineData("{event: {name: placed_order, min: {lte: 10.00}}}", true)]
    [InlineData("{event: {name: placed_order, max: {between: [30.5, 31]}}}", true)]
    [InlineData("{event: {name: placed_order, max: {of: items, eq: 4}}}", true)]
    [InlineData("{event: {name: opened_email, max: {gte: 0}}}", false)]
    [InlineData("{event: {name: placed_order, distinct: {of: channel, eq: 2}}}", true)]
    [InlineData("{event: {name: placed_order, distinct: {of: value, gte: 4}}}", false)]
    [InlineData("{event: {name: opened_email, distinct: {of: channel, eq: 0}}}", true)]
    [InlineData("{event: {name: placed_order, first: {eq: 10}}}", true)]
    [InlineData("{event: {name: placed_order, first: {of: items, eq: 4}}}", true)]
    [InlineData("{event: {name: placed_order, last: {eq: 30.5}}}", true)]
    [InlineData("{event: {name: opened_email, last: {ne: 0}}}", false)]
    [InlineData("{event: {name: placed_order, count: {eq: 1}, where: [{property: channel, ne: marketplace}]}}", true)] // no channel satisfies nothing
    [InlineData("{event: {name: placed_order, count: {eq: 2}, where: [{property: channel, ne: marketplace, onMissing: include}]}}", true)]
    [InlineData("{event: {name: placed_order, count: {eq: 0}, where: [{property: channel, eq: web}, {property: items, gt: 4}]}}", true)]
    [InlineData("{property: {name: country, in: [DE, AT]}}", true)]
    [InlineData("{property: {name: country, notIn: [DE, AT]}}", false)]
    [InlineData("{property: {name: missing, notIn: [DE, AT]}}", false)]
    [InlineData("{property: {name: missing, notIn: [DE, AT], onMissing: include}}", true)]
    [InlineData("{property: {name: missing, exists: false}}", true)]
    [InlineData("{property: {name: country, exists: true}}", true)]
    [InlineData("{property: {name: age, eq: 42}}", true)]
    [InlineData("{property: {name: age, eq: '42'}}", true)]
    [InlineData("{property: {name: age, eq: '42.0'}}", true)]
    [InlineData("{property: {name: age, ne: 42}}", false)]
    [InlineData("{property: {name: age, ne: 41}}", true)]
    [InlineData("{property: {name: age, ne: DE}}", false)] // a number is neither equal nor unequal to a text
    [InlineData("{property: {name: newsletter, eq: 'true'}}", true)]
    [InlineData("{property: {name: newsletter, ne: 'true'}}", false)]
    [InlineData("{property: {name: newsletter, ne: 'false'}}", true)]
    [InlineData("{property: {name: zip, eq: '01067'}}", true)]
    [InlineData("{property: {name: zip, eq: 1067}}", false)]
    [InlineData("{property: {name: age, between: [40, 42]}}", true)]
    [InlineData("{property: {name: age, gte: 42.5}}", false)]
    [InlineData("{property: {name: age, lt: 42.5}}", true)]
    [InlineData("{property: {name: tags, contains: vip}}", true)]
    [InlineData("{property: {name: tags, contains: vi}}", false)]
    [InlineData("{property: {name: zip, startsWith: '01'}}", true)]
    [InlineData("{property: {name: zip, endsWith: '68'}}", false)]
    [InlineData("{property: {name: country, matches: '^[A-Z]{2}$'}}", true)]
    [InlineData("{property: {name: tags, notContains: vip}}", false)]
    [InlineData("{property: {name: tags, notContains: vi}}", true)]
    [InlineData("{property: {name: zip, notStartsWith: '01'}}", false)]
    [InlineData("{property: {name: zip, notEndsWith: '68'}}", true)]
    [InlineData("{property: {name: country, notMatches: '^[a-z]{2}$'}}", true)]
    [InlineData("{property: {name: missing, notMatches: '^[a-z]{2}$', onMissing: include}}", true)]
    [InlineData("{property: {name: tags, containsAny: [new, vip]}}", true)]
    [InlineData("{property: {name: tags, containsAll: [new, vip]}}", false)]
    [InlineData("{property: {name: tags, containsNone: [new, '']}}", true)]
    [InlineData("{property: {name: missing, containsNone: [new], onMissing: include}}", true)]
    [InlineData("{property: {name: tags, length: {eq: 2}}}", true)]
    [InlineData("{property: {name: country, length: {eq: 2}}}", false)] // a text has no elements
    [InlineData("{property: {name: birthday, before: 1990-06-04}}", true)]
    [InlineData("{property: {name: birthday, after: 1990-06-03}}", false)]
    [InlineData("{property: {name: birthday, month: 6}}", true)]
    [InlineData("{property: {name: age, month: 6, onMissing: include}}", true)]
    [InlineData("{property: {name: birthday, anniversary: {withinNext: 2}}}", true)]
    [InlineData("{property: {name: birthday, anniversary: {withinNext: 1}}}", false)]
    [InlineData("{property: {name: birthday, anniversary: {withinLast: 363}}}", true)]
    [InlineData("{property: {name: birthday, anniversary: {withinLast: 362}}}", false)]
    [InlineData("{property: {name: birthday, anniversary: {calendar: this month}}}", true)]
    [InlineData("{property: {name: birthday, anniversary: {calendar: next month}}}", false)]
    [InlineData("{property: {name: renewal, withinNext: 9d}}", true)]
    [InlineData("{property: {name: renewal, withinNext: 8d}}", false)]
    [InlineData("{property: {name: renewal, withinLast: 9d}}", false)]
    [InlineData("{property: {name: renewal, withinLast: 9d, onMissing: include}}", false)]
    [InlineData("{property: {name: missing, withinLast: 9d, onMissing: include}}", true)]
    [InlineData("{property: {name: birthday, olderThan: 3660d}}", true)]
    [InlineData("{property: {name: renewal, calendar: next week}}", true)]
    [InlineData("{property: {name: renewal, calendar: this month}}", true)]
    [InlineData("{property: {name: renewal, calendar: tomorrow}}", false)]
    [InlineData("{event: {name: placed_order, where: [{property: channel, month: 5}]}}", false)]
    [InlineData("{property: {name: plan, eq: pro, for: 14d}}", true)]
    [InlineData("{property: {name: plan, eq: pro, for: 2w1ms}}", false)]
    [InlineData("{property: {name: plan, ne: free, onMissing: include, for: 3660d}}", false)]
    [InlineData("{property: {name: country, eq: DE, for: 3660d}}", true)]
    [InlineData("{consent: {channel: email, is: subscribed}}", true)]
    [InlineData("{consent: {channel: email, is: unsubscribed}}", false)]
    [InlineData("{consent: {channel: email, is: subscribed, for: 10d}}", true)]
    [InlineData("{consent: {channel: email, is: subscribed, within: 10d}}", false)]
    [InlineData("{consent: {channel: email, is: subscribed, for: 9d, within: 11d}}", true)]
    [InlineData("{consent: {channel: sms, is: never}}", true)]
    [InlineData("{suppression: {channel: sms}}", true)]
    [InlineData("{suppression: {channel: sms, is: notSuppressed}}", false)]
    [InlineData("{suppression: {channel: email, is: notSuppressed}}", true)]
    [InlineData("{all: [{property: {name: country, eq: DE}}, {event: {name: opened_email}}]}", false)]
    [InlineData("{any: [{property: {name: country, eq: DE}}, {event: {name: opened_email}}]}", true)]
    [InlineData("{none: [{property: {name: country, eq: FR}}, {event: {name: opened_email}}]}", true)]
    [InlineData("{all: [{any: [{none: [{event: {name: opened_email}}]}]}]}", true)]
    public void A_condition_matches_as_it_reads(string match, bool expected) => Matches(Specs.Segment(match)).ShouldBe(expected);

    [Theory]
    [InlineData("member", true)]
    [InlineData("notMember", false)]
    public void Membership_in_another_segment_is_followed(string membership, bool expected)
    {
        var workspace = Specs.Workspace(
            ("it", Specs.Segment($"{{segment: {{name: germans, is: {membership}}}}}")), ("germans", Specs.Segment("{property: {name: country, eq: DE}}")));
        Matches(workspace.Segments["it"].Definition!).ShouldBe(expected);
    }

    // The customer became a German 30 days ago.
    [Theory]
    [InlineData("joinedWithin: 30d", false)]
    [InlineData("joinedWithin: 30d1ms", true)]
    [InlineData("memberFor: 30d", true)]
    [InlineData("memberFor: 30d1ms", false)]
    [InlineData("joinedBefore: 2026-05-02", false)] // a day is its start in Berlin, two hours before UTC's
    [InlineData("joinedBefore: 2026-05-03", true)]
    [InlineData("joinedBefore: '2026-05-02T00:00:00Z'", false)]
    [InlineData("joinedBefore: '2026-05-02T00:00:00.001Z'", true)]
    public void When_a_member_joined_is_followed(string asked, bool expected)
    {
        var spec = Specs.Segment($"{{segment: {{name: germans, {asked}}}}}") with { TimeZone = "Europe/Berlin" };
        var workspace = Specs.Workspace(("it", spec), ("germans", Specs.Segment("{property: {name: country, eq: DE}}")));
        var customer = Customer();
        customer.Record("germans", true, At("2026-05-02T00:00:00Z"));
        var pass = new Evaluation();
        pass.Begin(customer, Now);

        pass.Evaluate(workspace.Segments["it"].Definition!).Matches.ShouldBe(expected);
    }

    [Theory]
    [InlineData("{prediction: {policy: default, churnProbability: {gte: 0}}}", PredictedQuantity.ChurnProbability, "gte 0")]
    [InlineData("{prediction: {policy: default, expectedPurchases: {between: [1, 3]}}}", PredictedQuantity.ExpectedPurchases, "between 1 and 3")]
    [InlineData("{prediction: {policy: default, predictedValue: {lt: 50}}}", PredictedQuantity.PredictedValue, "lt 50")]
    [InlineData("{prediction: {policy: default, expectedNextOrder: {withinNext: 5s}}}", PredictedQuantity.NextOrderInMs, "between 1 and 5000")]
    public void A_prediction_is_compared_and_holds_for_nobody_without_a_model(string match, PredictedQuantity quantity, string comparison)
    {
        var definition = Specs.Compile(match).Definition.ShouldNotBeNull();
        var rule = definition.Rule.ShouldBeOfType<PredictionRule>();

        (rule.Policy.Name, rule.Quantity, rule.Comparison.ToString()).ShouldBe(("default", quantity, comparison));
        Matches(definition).ShouldBeFalse();
    }

    [Fact]
    public void A_former_tier_is_asked_of_the_policy_by_its_duration()
    {
        var rule = Specs.Compile("{rfm: {policy: default, wasTier: [champions, loyal], within: 90d}}").Definition!.Rule.ShouldBeOfType<FormerTierRule>();

        rule.ToString().ShouldBe("default: tier champions, loyal within 90d");
        RuleDependencies.Of(rule).FormerTiers.ShouldBe(["default"]);
    }

    [Theory]
    [InlineData("tier: [active]", true)]
    [InlineData("tier: [vip]", false)]
    [InlineData("wasTier: [vip], within: 9d", false)]
    [InlineData("wasTier: [active, vip], within: 9d", true)]
    [InlineData("recency: {eq: 5}", true)]
    [InlineData("frequency: {eq: 3}", true)]
    [InlineData("monetary: {between: [2, 3]}", true)]
    [InlineData("monetary: {gt: 2}", false)]
    public void RFM_tiers_and_scores_are_followed(string asked, bool expected)
    {
        var workspace = WorkspaceCompiler.Compile(
            new Dictionary<string, SegmentSpec> { ["it"] = Specs.Segment($"{{rfm: {{policy: p, {asked}}}}}") },
            new Dictionary<string, RfmPolicySpec>
            {
                ["p"] = Specs.RfmPolicy(
                    "{purchases: {event: placed_order}, window: 730d, tiers: {preset: lifecycle}, "
                    + "scoring: {method: thresholds, recency: [30d, 90d, 180d, 365d], frequency: [1, 2, 4, 9], monetary: [50, 100, 250, 1000]}}"),
            },
            new Dictionary<string, RfmBreakPoints>());
        Matches(workspace.Segments["it"].Definition!).ShouldBe(expected);
    }

    [Fact]
    public void The_next_change_by_time_alone_is_when_the_event_is_exactly_as_old_as_the_window()
    {
        var pass = new Evaluation();
        pass.Begin(Customer(), Now);
        var verdict = pass.Evaluate(Specs.Compile("{event: {name: placed_order, within: 30d}}").Definition!);
        verdict.NextChangeMs.ShouldBe(At("2026-06-30T00:00:00Z"));
    }

    private static bool Matches(SegmentSpec spec)
    {
        var compiled = Specs.Compile(spec);
        compiled.Problems.ShouldBeEmpty();
        return Matches(compiled.Definition!);
    }

    private static bool Matches(SegmentDefinition definition)
    {
        var pass = new Evaluation();
        pass.Begin(Customer(), Now);
        return pass.Evaluate(definition).Matches;
    }

    private static long At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
}
