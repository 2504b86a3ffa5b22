using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Segmentation.Resources;
using Segmentation.Resources.Manifests;

namespace Resources.Tests;

/// <summary>A match as a server hands it over that checks the two outer levels only, or none.</summary>
public class MatchJsonConverterTests
{
    private const int Seed = 20_261;

    public static TheoryData<string, string, string, string> Wrong => new()
    {
        { """{"event":{"name":5}}""", "InvalidSpec", "event.name", "expected text, found 5" },
        { """{"evnt":{"name":"a"}}""", "InvalidSpec", "evnt", "unknown field; did you mean event?" },
        { """{"event":{"name":"a","count":{"atLeast":3}}}""", "UnknownOperator", "event.count.atLeast", "known are between, eq, gt, gte, lt, lte and ne" },
        { """{"event":{"name":"a","where":[{"property":"b","start":"c"}]}}""", "UnknownOperator", "event.where[0].start", "known are after, before" },
        { """{"property":{"name":"a","startswith":"c"}}""", "UnknownOperator", "property.startswith", "did you mean startsWith?" },
        { """{"event":{"name":"a","within":"30 days"}}""", "InvalidSpec", "event.within", "write whole numbers with the units" },
        { """{"event":{"name":"a","since":"March"}}""", "InvalidSpec", "event.since", "\"March\" is no date; write a day such as 2026-03-01" },
        { """{"event":{"name":"a","calendar":"this era"}}""", "InvalidSpec", "event.calendar", "names no days of the calendar; write today" },
        { """{"event":{"name":"a","ever":"true"}}""", "InvalidSpec", "event.ever", "expected true or false" },
        { """{"event":["a"]}""", "InvalidSpec", "event", "found a list" },
        { """{"event":"a"}""", "InvalidSpec", "event", "or 11 others (docs/conditions.md lists them)), found a" },
        { """{"event":{}}""", "InvalidSpec", "event.name", "is required" },
        { """{"event":{"name":null}}""", "InvalidSpec", "event.name", "is required" },
        { """{"event":{"name":""}}""", "InvalidSpec", "event.name", "has 0 characters" },
        { """{"property":{"name":"a","in":["b",null]}}""", "InvalidSpec", "property.in[1]", "expected text or a whole number, found nothing" },
        { """{"property":{"name":"a","eq":true}}""", "InvalidSpec", "property.eq", "write \"true\"" },
        { """{"property":{"name":"a","gt":1e400}}""", "InvalidSpec", "property.gt", "too large" },
        { """{"property":{"name":"a","month":13}}""", "InvalidSpec", "property.month", "must be at most 12, not 13" },
        { """{"segment":{"name":"a","is":"outside"}}""", "InvalidSpec", "segment.is", "expected one of member or notMember" },
        { """{"place":{"near":{"latitude":52,"longitude":13,"distance":"10"}}}""", "InvalidSpec", "place.near.distance", "\"10\" is no distance; write a number and its unit km or mi" },
        { $$$"""{"profiles":{"ids":[{{{string.Join(',', Enumerable.Repeat("\"a\"", 1001))}}}]}}""", "InvalidSpec", "profiles.ids", "has 1001 items; at most 1000 are allowed" },
        { """{"none":[{"all":[{"event":{"name":"a"}}]}]}""", "TooDeep", "none[0].all", "groups nest at most 3 deep; move this group into a Segment of its own" },
        { "5", "InvalidSpec", "", "expected fields (all, any" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void A_deep_condition_that_does_not_fit_is_refused_with_reason_place_and_cure(string condition, string reason, string place, string message)
    {
        var compiled = Specs.Compile(Read(Deep(condition)));

        compiled.IsValid.ShouldBeFalse();
        var problem = compiled.Problems.ShouldHaveSingleItem();
        (problem.Reason, problem.FieldPath).ShouldBe((reason, place.Length == 0 ? "spec.match.all[0].any[0]" : $"spec.match.all[0].any[0].{place}"));
        problem.Message.ShouldContain(message);
    }

    [Fact]
    public void A_good_deep_condition_means_the_same_as_in_the_open()
    {
        var deep = Read(Deep("""{"none":[{"event":{"name":"a","sum":{"gt":0.10},"where":[{"property":"b","in":["c",5]}],"within":"30d"}}]}"""));
        deep.Match.All![0].Any![0].None![0].Event!.Where![0].In.ShouldBe([new ScalarValue("c"), new ScalarValue("5")]);
        Specs.Compile(deep).IsValid.ShouldBeTrue();
    }

    [Fact]
    public void Null_is_the_same_as_left_out()
    {
        var nulls = Read(Deep("""{"all":null,"property":{"name":"a","eq":"b","ne":null,"onMissing":null,"length":null}}"""));
        Specs.Compile(nulls).Revision.ShouldBe(Specs.Compile(Read(Deep("""{"property":{"name":"a","eq":"b"}}"""))).Revision.ShouldNotBeNull());
    }

    [Fact]
    public void Problems_come_with_those_of_the_rest_of_the_spec_and_touch_no_other_segment()
    {
        var workspace = Specs.Workspace(
            ("wrong", Read(Deep("""{"event":{"name":5}},{"event":{"nam":"a"}}""")) with { TimeZone = "Nowhere" }),
            ("good", Read("""{"event":{"name":"a"}}""")));
        workspace.Segments["wrong"].Problems.Select(problem => problem.FieldPath).ShouldBe(
            ["spec.timeZone", "spec.match.all[0].any[0].event.name", "spec.match.all[0].any[1].event.nam", "spec.match.all[0].any[1].event.name"]);
        workspace.Segments["good"].IsValid.ShouldBeTrue();
    }

    [Fact]
    public void What_a_stranger_wrote_makes_no_long_message()
    {
        var condition = """{"X":1,"event":{"name":"Y"}}""".Replace("X", new string('x', 100_000), StringComparison.Ordinal).Replace("Y", new string('y', 100_000), StringComparison.Ordinal);
        Read(Deep(string.Join(',', Enumerable.Repeat(condition, 10)))).Match.Unreadable!.Problems
            .ShouldAllBe(problem => problem.ToString().Length < 500);
    }

    [Theory]
    [InlineData("""{"all":[{"any":[{"event":{"name":5.10,"zz":[null,{"ü":1e400}]}}]}]}""")]
    [InlineData("[1]")]
    [InlineData("\"text\"")]
    public void What_cannot_be_read_is_written_back_as_it_was(string match)
    {
        var segment = JsonSerializer.Deserialize(Whole(match), ResourcesJson.Default.Segment)!;
        segment.Spec.Match.Unreadable.ShouldNotBeNull();
        var written = JsonSerializer.SerializeToElement(segment, ResourcesJson.Default.Segment);
        JsonElement.DeepEquals(written.GetProperty("spec").GetProperty("match"), JsonDocument.Parse(match).RootElement).ShouldBeTrue();
    }

    [Theory]
    [InlineData("{\"x\":", "}")]
    [InlineData("[", "]")]
    [InlineData("{\"all\":[", "]}")]
    public void As_deep_as_a_server_takes_it_is_not_too_deep_to_be_refused(string open, string close)
    {
        var levels = 9_900 / open.Count(c => c is '{' or '[');
        var nest = string.Concat(Enumerable.Repeat(open, levels)) + "1" + string.Concat(Enumerable.Repeat(close, levels));
        var segment = JsonSerializer.Deserialize(Whole(Deep("{\"event\":" + nest + "}")), ResourcesJson.Default.Segment)!;
        Specs.Compile(segment.Spec).Problems.ShouldNotBeEmpty();
        var copy = JsonSerializer.SerializeToUtf8Bytes(segment, ResourcesJson.Default.Segment);
        Specs.Compile(JsonSerializer.Deserialize(copy, ResourcesJson.Default.Segment)!.Spec).Problems.ShouldNotBeEmpty();
    }

    [Fact]
    public void Whatever_a_match_is_it_is_read_and_compiled_or_refused()
    {
        var schema = SchemaBuilder.ForEntity(typeof(Segment)).Properties!["spec"].Properties!["match"];
        var (readable, valid) = (0, 0);
        for (var run = 0; run < 3_000; run++)
        {
            var match = new RandomJson(Seed + run, strangeness: run % 3 * 0.01).Of(schema)?.ToJsonString() ?? "null";
            var spec = Should.NotThrow(() => Read(match), $"seed {Seed + run}: {match}");
            var compiled = Should.NotThrow(() => Specs.Compile(spec), $"seed {Seed + run}: {match}");
            compiled.IsValid.ShouldBe(compiled.Problems.Count == 0, $"seed {Seed + run}");
            readable += spec.Match?.Unreadable is null ? 1 : 0;
            valid += compiled.IsValid ? 1 : 0;
        }

        readable.ShouldBeInRange(1_100, 2_900);
        valid.ShouldBeGreaterThan(0);
    }

    private static SegmentSpec Read(string match) => JsonSerializer.Deserialize(Whole(match), ResourcesJson.Default.Segment)!.Spec;

    private static string Whole(string match) => """{"metadata":{"name":"a"},"spec":{"match":""" + match + "}}";

    private static string Deep(string conditions) => """{"all":[{"any":[""" + conditions + "]}]}";

    /// <summary>JSON that a schema admits, but for a strange value here and there.</summary>
    private sealed class RandomJson(int seed, double strangeness)
    {
        private static readonly string[] Texts =
            ["", "a", "30d", "1d12h", "0d", "today", "last 3 days", "2026-03-01", "2026-02-30", "2026-03-01T09:00:00Z", "week", "10 km", "email", "DE", "([", "eu"];

        private readonly Random random = new(seed);

        public JsonNode? Of(Schema schema)
        {
            if (random.NextDouble() < strangeness)
                return Strange();
            return schema.Type switch
            {
                "object" => Map(schema),
                "array" => new JsonArray([.. Enumerable.Range(0, random.Next((int)(schema.SizeMinimum ?? 0), 3)).Select(_ => Of(schema.Items!))]),
                "boolean" => random.Next(2) == 0,
                "integer" => random.Next((int)(schema.Minimum ?? 0), (int)(schema.Maximum ?? 50) + 1),
                "number" => Math.Round((decimal)random.NextDouble() * 100, random.Next(4)),
                _ when schema.Enum.Count > 0 => schema.Enum[random.Next(schema.Enum.Count)],
                _ => Text(schema),
            };
        }

        // A pattern is met by trying, so that this knows nothing of what they say.
        private string Text(Schema schema)
        {
            bool Fits(string text) => text.Length >= (schema.SizeMinimum ?? 0) && (schema.Pattern is null || Regex.IsMatch(text, schema.Pattern, RegexOptions.NonBacktracking));
            var fitting = Texts.Where(Fits).ToArray();
            return fitting[random.Next(fitting.Length)];
        }

        private JsonObject Map(Schema schema)
        {
            var optional = schema.Properties!.Keys.Except(schema.Required).ToArray();
            var given = schema.Required.Concat(Enumerable.Range(0, random.Next(8) == 0 ? 2 : 1).Select(_ => optional.Length == 0 ? null : optional[random.Next(optional.Length)]));
            return new JsonObject(given.OfType<string>().Distinct().Select(name => KeyValuePair.Create(name, Of(schema.Properties[name]))));
        }

        private JsonNode? Strange() => random.Next(9) switch
        {
            0 => null,
            1 => true,
            2 => random.Next(),
            3 => decimal.Parse("1.50", CultureInfo.InvariantCulture),
            4 => "strange",
            5 => new JsonArray(),
            6 => new JsonArray(null, 1, "a"),
            7 => new JsonObject { ["strange"] = null },
            _ => JsonNode.Parse("1e400"),
        };
    }
}
