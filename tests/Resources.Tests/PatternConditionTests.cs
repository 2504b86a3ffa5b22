using System.Globalization;
using Segmentation;
using Segmentation.Resources;

namespace Resources.Tests;

/// <summary>Sequences, first times, restarts and habits as they are written.</summary>
public class PatternConditionTests
{
    private static readonly long Now = At("2026-06-03T12:00:00Z");

    // Viewed shoes in the morning and put them into the cart, and no order since that of 5 January, 5 February and 5 March.
    private static Profile Customer()
    {
        var profile = new Profile("c1");
        foreach (var (id, name, at) in new[]
                 {
                     ("1", "placed_order", "2026-01-05T10:00:00Z"), ("2", "placed_order", "2026-02-05T10:00:00Z"), ("3", "placed_order", "2026-03-05T10:00:00Z"),
                     ("4", "viewed_product", "2026-06-03T08:00:00Z"), ("5", "added_to_cart", "2026-06-03T08:30:00Z"), ("6", "opened_email", "2025-12-31T23:30:00Z"),
                 })
            profile.Add(new CustomerEvent(id, name, "c1", At(at), null, name == "viewed_product" ? PropertyBag.Of(("category", "shoes")) : null));
        return profile;
    }

    [Theory]
    [InlineData("{sequence: {steps: [{event: viewed_product}, {event: added_to_cart, within: 1h}, {event: placed_order, absent: true, within: 2h}]}}", true)]
    [InlineData("{sequence: {steps: [{event: viewed_product}, {event: added_to_cart, within: 30m}]}}", false)]
    [InlineData("{sequence: {steps: [{event: viewed_product}, {event: added_to_cart}, {event: placed_order, absent: true, within: 4h}]}}", false)]
    [InlineData("{sequence: {steps: [{event: viewed_product, where: [{property: category, eq: bags}]}, {event: added_to_cart}]}}", false)]
    [InlineData("{sequence: {steps: [{event: placed_order}, {event: added_to_cart}], completedWithin: 90d1ms}}", true)]
    [InlineData("{sequence: {steps: [{event: placed_order}, {event: added_to_cart}], completedWithin: 80d}}", false)]
    [InlineData("{sequence: {steps: [{event: placed_order}, {event: added_to_cart}], within: 30d}}", false)]
    [InlineData("{sequence: {steps: [{event: viewed_product}, {event: placed_order, absent: false}]}}", false)]
    [InlineData("{firstTime: {event: placed_order}}", true)]
    [InlineData("{firstTime: {event: placed_order, calendar: last 2 quarters}}", true)]
    [InlineData("{firstTime: {event: placed_order, within: 90d1h59m}}", false)]
    [InlineData("{firstTime: {event: placed_order, lookback: 28d, since: 2026-03-01}}", true)]
    [InlineData("{firstTime: {event: placed_order, lookback: 29d, since: 2026-03-01}}", false)]
    [InlineData("{restarted: {event: placed_order, silentFor: 31d}}", true)]
    [InlineData("{restarted: {event: placed_order, silentFor: 32d}}", false)]
    [InlineData("{restarted: {event: opened_email, silentFor: 1ms}}", false)]
    [InlineData("{regular: {event: placed_order, atLeast: 3, ofLast: 5, period: month}}", true)]
    [InlineData("{regular: {event: placed_order, atLeast: 3, ofLast: 4, period: month}}", false)]
    [InlineData("{regular: {event: placed_order, atLeast: 2, ofLast: 5, period: 30d}}", true)]
    [InlineData("{regular: {event: opened_email, atLeast: 1, ofLast: 1, period: quarter}}", true)] // in Berlin it was the new year already
    [InlineData("{regular: {event: opened_email, atLeast: 1, ofLast: 4, period: month}}", false)]
    [InlineData("{stopped: {event: placed_order, atLeast: 3, ofLast: 3, period: month, silentFor: 90d}}", true)]
    [InlineData("{stopped: {event: placed_order, atLeast: 3, ofLast: 3, period: month, silentFor: 91d}}", false)]
    [InlineData("{stopped: {event: placed_order, atLeast: 3, ofLast: 3, period: 2w, silentFor: 90d}}", false)]
    public void A_pattern_matches_as_it_reads(string match, bool expected)
    {
        var compiled = Specs.Compile(Specs.Segment(match) with { TimeZone = "Europe/Berlin" });
        compiled.Problems.ShouldBeEmpty();
        var pass = new Evaluation();
        pass.Begin(Customer(), Now);
        pass.Evaluate(compiled.Definition!).Matches.ShouldBe(expected);
    }

    [Theory]
    [InlineData("{sequence: {}}", "sequence.steps", "takes 2 to 8 steps; there are 0")]
    [InlineData("{sequence: {steps: [{event: a}]}}", "sequence.steps", "there are 1")]
    [InlineData("{sequence: {steps: [{event: a}, {event: a}, {event: a}, {event: a}, {event: a}, {event: a}, {event: a}, {event: a}, {event: a}]}}", "sequence.steps", "there are 9")]
    [InlineData("{sequence: {steps: [{event: a}, {}]}}", "sequence.steps[1].event", "is required, such as placed_order")]
    [InlineData("{sequence: {steps: [{event: a, absent: true}, {event: b}]}}", "sequence.steps[0].absent", "begin with an event that happened")]
    [InlineData("{sequence: {steps: [{event: a, within: 1h}, {event: b}]}}", "sequence.steps[0].within", "there is no step before the first")]
    [InlineData("{sequence: {steps: [{event: a}, {event: b, absent: true, within: 1h}, {event: c}]}}", "sequence.steps[1].within", "put within on that one")]
    [InlineData("{sequence: {steps: [{event: a}, {event: b, within: '5'}]}}", "sequence.steps[1].within", "is not a duration")]
    [InlineData("{sequence: {steps: [{event: a}, {event: b, where: []}]}}", "sequence.steps[1].where", "1 to 8 predicates")]
    [InlineData("{sequence: {steps: [{event: a}, {event: b}], completedWithin: soon}}", "sequence.completedWithin", "is not a duration")]
    [InlineData("{sequence: {steps: [{event: a}, {event: b}], within: 1d, ever: true}}", "sequence", "within and ever are given together")]
    [InlineData("{firstTime: {}}", "firstTime.event", "is required")]
    [InlineData("{firstTime: {event: a, lookback: 0d}}", "firstTime.lookback", "is no time at all")]
    [InlineData("{restarted: {event: a}}", "restarted.silentFor", "is required, such as 90d")]
    [InlineData("{restarted: {event: a, silentFor: 4000d}}", "restarted.silentFor", "longer than 3660d")]
    [InlineData("{regular: {event: a, period: month}}", "regular.ofLast", "from 1 to 60")]
    [InlineData("{regular: {event: a, atLeast: 1, ofLast: 61, period: month}}", "regular.ofLast", "from 1 to 60")]
    [InlineData("{regular: {event: a, atLeast: 4, ofLast: 3, period: month}}", "regular.atLeast", "from 1 to 3")]
    [InlineData("{regular: {event: a, ofLast: 3, period: month}}", "regular.atLeast", "from 1 to 3")]
    [InlineData("{regular: {event: a, atLeast: 1, ofLast: 3}}", "regular.period", "is required, such as 30d, week or month")]
    [InlineData("{regular: {event: a, atLeast: 1, ofLast: 3, period: fortnight}}", "regular.period", "or a period of the calendar: day, week, month, quarter or year")]
    [InlineData("{stopped: {event: a, atLeast: 1, ofLast: 3, period: month}}", "stopped.silentFor", "is required")]
    public void A_wrong_pattern_is_refused_with_place_and_cure(string match, string path, string message)
    {
        var problem = Specs.Compile(match).Problems.ShouldHaveSingleItem();

        (problem.Reason, problem.FieldPath).ShouldBe((ProblemReasons.InvalidSpec, "spec.match." + path));
        problem.Message.ShouldContain(message);
    }

    private static long At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
}
