using System.Text;
using System.Text.Json;
using static Segmentation.Tests.Shop;

namespace Segmentation.Tests.Rules;

public sealed class ExplanationTests
{
    private static readonly Rule Buyers = Count(Comparison.Gte(2), 30);

    [Fact]
    public void It_gives_the_answer_of_the_engine_with_each_part()
    {
        var rule = new AllOf([Buyers, new NoneOf([Orders(Aggregate.Sum, Comparison.Gt(100), null)])]);
        var profile = Ada(Order("1", 1, 10), Order("2", 5, 20));

        var explanation = SegmentExplanation.Of(new SegmentDefinition("buyers", rule), profile, At(10));

        explanation.Matches.ShouldBeTrue();
        explanation.NextChangeMs.ShouldBe(At(31));
        explanation.Condition.Key.ShouldBe("all");
        explanation.Condition.Finding.ShouldBe("2 of 2 hold");
        explanation.Condition.Conditions.Select(part => (part.Key, part.Matches)).ShouldBe([("event", true), ("none", true)]);
        explanation.Condition.Conditions[0].Finding.ShouldContain(Rfc3339.Format(At(31)));
        explanation.Condition.Conditions[1].Conditions.ShouldHaveSingleItem().Matches.ShouldBeFalse();
    }

    [Fact]
    public void The_next_flip_passes_over_changes_that_leave_the_answer_as_it_is()
    {
        // The first condition lapses on day 31, but the second holds until day 65.
        var rule = new AnyOf([Count(Comparison.Gte(2), 30), Count(Comparison.Gte(1), 60)]);

        SegmentExplanation.NextFlip(new SegmentDefinition("s", rule), Ada(Order("1", 1), Order("2", 5)), At(10)).ShouldBe(At(65));
    }

    [Fact]
    public void A_segment_that_many_rules_refer_to_is_spelt_out_once()
    {
        var leaf = new SegmentDefinition("s0", Buyers);
        for (var i = 1; i <= 40; i++)
            leaf = new SegmentDefinition($"s{i}", new AllOf([new SegmentRule(leaf, true), new SegmentRule(leaf, true)]));

        var explanation = SegmentExplanation.Of(leaf, Ada(Order("1", 1)), At(10));

        Nodes(explanation.Condition).ShouldBe(1 + (40 * 3));
    }

    [Fact]
    public void JSON_names_each_condition_by_its_field_in_the_spec()
    {
        var staff = new SegmentDefinition("staff", Buyers);
        var rule = new AnyOf([new NoneOf([Buyers]), new SegmentRule(staff, true)]);
        var explanation = SegmentExplanation.Of(new SegmentDefinition("s", rule), Ada(), At(1));

        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            ExplanationJson.Write(writer, explanation, member: false);
        using var json = JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray()));

        var condition = json.RootElement.GetProperty("condition");
        condition.GetProperty("path").GetString().ShouldBe("match.any");
        var parts = condition.GetProperty("conditions");
        parts[0].GetProperty("conditions")[0].GetProperty("path").GetString().ShouldBe("match.any[0].none[0].event");
        parts[1].GetProperty("path").GetString().ShouldBe("match.any[1].segment");
        parts[1].GetProperty("conditions")[0].GetProperty("path").GetString().ShouldBe("staff: match.event");
        json.RootElement.GetProperty("member").GetBoolean().ShouldBeFalse();
        json.RootElement.TryGetProperty("nextChange", out _).ShouldBeFalse();
    }

    private static int Nodes(Explanation explanation) => 1 + explanation.Conditions.Sum(Nodes);
}
