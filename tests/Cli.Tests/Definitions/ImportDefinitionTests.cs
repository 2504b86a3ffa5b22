using System.Text;
using System.Text.Json;
using Segmentation.Cli.Tests.Support;
using Segmentation.Resources;

namespace Segmentation.Cli.Tests.Definitions;

public sealed class ImportDefinitionTests : IDisposable
{
    private const string Bought = """{"type":"profile-metric","metric_id":"RKvL2u","measurement":"count","measurement_filter":{"type":"numeric","operator":"greater-than","value":0},"timeframe_filter":{"type":"date","operator":"alltime"}}""";
    private const string Unknown = """{"type":"profile-horoscope","sign":"leo"}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("$.condition_groups", """DEFINITION""")]
    [InlineData("$.definition.condition_groups", """{"name":"x","definition":DEFINITION}""")]
    [InlineData("$.attributes.definition.condition_groups", """{"type":"segment","id":"X","attributes":{"name":"x","definition":DEFINITION}}""")]
    [InlineData("$.data.attributes.definition.condition_groups", """{"data":{"type":"segment","id":"X","attributes":{"name":"x","definition":DEFINITION},"links":{"self":"u"}},"links":{"self":"u"}}""")]
    [InlineData("$.data[0].attributes.definition.condition_groups", """{"data":[{"type":"segment","id":"X","attributes":{"definition":DEFINITION}}]}""")]
    [InlineData("$[0].attributes.definition.condition_groups", """[{"id":"X","attributes":{"definition":DEFINITION}}]""")]
    [InlineData("$[0].condition_groups", """[DEFINITION]""")]
    public async Task Every_form_of_the_API_is_read_and_paths_are_those_of_the_file(string path, string form)
    {
        CliRun good = await ImportAsync(form.Replace("DEFINITION", Groups(Bought)), "--name", "it");
        CliRun bad = await ImportAsync(form.Replace("DEFINITION", Groups(Unknown)), "-o", "json");

        good.Code.ShouldBe(0, good.ToString());
        ResourceFile.Read(good.Out).Segments.Single().Spec.Match.Event!.Name.ShouldBe("RKvL2u");
        bad.Code.ShouldBe(1);
        Findings(bad).Single().GetProperty("path").GetString().ShouldBe($"{path}[0].conditions[0].type");
    }

    [Fact]
    public async Task Standard_input_is_read_like_a_file()
    {
        CliRun run = await CliRun.OfAsync(new CliSurroundings { Input = Groups(Bought) }, "import-definition", "--from", "klaviyo", "-", "-n", "acme");

        run.Code.ShouldBe(0, run.ToString());
        run.Out.ShouldStartWith("apiVersion: segmentation.dev/v1alpha1\nkind: Segment\nmetadata:\n  name: klaviyo-segment\n  namespace: acme\n");
    }

    [Fact]
    public async Task A_segment_that_loses_something_is_written_only_when_a_part_was_asked_for_and_says_so()
    {
        string definition = Groups($"{Bought},{Unknown}", Unknown, Bought);

        CliRun whole = await ImportAsync(definition);
        CliRun part = await ImportAsync(definition, "--partial");
        CliRun nothing = await ImportAsync(Groups(Unknown), "--partial");

        (whole.Code, part.Code, nothing.Code).ShouldBe((1, 1, 1));
        whole.Out.ShouldBeEmpty();
        whole.Error.ShouldContain("0 of 1 segments written; 2 lost");
        whole.Error.ShouldContain("add --partial");
        part.Out.ShouldStartWith("# INCOMPLETE: $.condition_groups[0].conditions[1].type: condition \"profile-horoscope\": not known to the importer\n# INCOMPLETE: ");
        ResourceFileContent content = ResourceFile.Read(part.Out);
        content.Errors.ShouldBeEmpty();
        content.Segments.Single().Spec.Match.All!.Count.ShouldBe(2);
        nothing.Out.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("$.condition_groups[0].negated", """{"condition_groups":[{"negated":true,"conditions":[CONDITION]}]}""")]
    [InlineData("$.operator", """{"operator":"or","condition_groups":[{"conditions":[CONDITION]}]}""")]
    [InlineData("$.condition_groups[0].conditions", """{"condition_groups":[{"conditions":[]}]}""")]
    [InlineData("$.condition_groups[0].conditions", """{"condition_groups":[{}]}""")]
    [InlineData("$.condition_groups", """{"condition_groups":[]}""")]
    [InlineData("$.condition_groups", """{"condition_groups":"all"}""")]
    [InlineData("$.condition_groups[0]", """{"condition_groups":[7]}""")]
    [InlineData("$.condition_groups[0].conditions[0]", """{"condition_groups":[{"conditions":[null]}]}""")]
    [InlineData("$.condition_groups[0].conditions[0].type", """{"condition_groups":[{"conditions":[{}]}]}""")]
    [InlineData("$.condition_groups[0].conditions[0].type", """{"condition_groups":[{"conditions":[{"type":["profile-metric"]}]}]}""")]
    [InlineData("$.condition_groups[0].conditions[0].property", """{"condition_groups":[{"conditions":[{"type":"profile-property","property":"\ud800","filter":{"type":"existence","operator":"is-set"}}]}]}""")]
    [InlineData("$.definition", """{"name":"no definition"}""")]
    [InlineData("$.data", """{"data":null}""")]
    [InlineData("$.data.type", """{"data":{"type":"list","id":"X","attributes":{"name":"x"}}}""")]
    [InlineData("$.data.attributes.name", """{"data":{"type":"segment","attributes":{"name":7}}}""")]
    [InlineData("$", "7")]
    public async Task Nothing_unexpected_is_passed_over(string path, string text)
    {
        CliRun run = await ImportAsync(text.Replace("CONDITION", Bought), "-o", "json");

        run.Code.ShouldBe(1, run.ToString());
        JsonElement finding = Findings(run).Single(finding => finding.GetProperty("kind").GetString() == "lost");
        finding.GetProperty("path").GetString().ShouldBe(path);
        foreach (string field in (string[])["what", "why", "todo"])
            finding.GetProperty(field).GetString().ShouldNotBeNullOrWhiteSpace();
        run.Json.GetProperty("segments")[0].TryGetProperty("resource", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("{\"data\": [}")]
    [InlineData("<html>")]
    [InlineData("{\"condition_groups\":[],\"condition_groups\":[]}")]
    [InlineData("[]")]
    [InlineData("{\"data\":[]}")]
    [InlineData("{\"errors\":[{\"status\":401}]}")]
    public async Task What_is_no_answer_with_segments_gives_exit_code_2(string text)
    {
        CliRun run = await ImportAsync(text);

        run.Code.ShouldBe(2, run.ToString());
        run.Error.ShouldStartWith("error: ");
        run.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task Endless_nesting_gives_exit_code_2()
    {
        string text = string.Concat(Enumerable.Repeat("{\"data\":", 100_000)) + "1" + new string('}', 100_000);

        (await ImportAsync(text)).Code.ShouldBe(2);
    }

    [Fact]
    public async Task Pages_that_are_missing_and_fields_that_are_new_are_reported()
    {
        CliRun run = await ImportAsync($$"""
            {"data":[{"type":"segment","id":"X","attributes":{"name":"x","mood":"good","is_active":false,"definition":{{Groups(Bought)}} } }],
             "links":{"self":"u","next":"https://a.klaviyo.com/api/segments?page%5Bcursor%5D=abc"},"weather":"fine"}
            """);

        run.Code.ShouldBe(1);
        run.Error.ShouldContain("lost  $.links.next");
        run.Error.ShouldContain("check $.weather");
        run.Error.ShouldContain("check $.data[0].attributes.mood");
        run.Error.ShouldContain("check $.data[0].attributes.is_active");
        ResourceFile.Read(run.Out).Segments.Count().ShouldBe(1);
    }

    [Fact]
    public async Task Names_are_fit_for_Kubernetes_and_unlike_one_another()
    {
        string[] titles = ["VIP (30 days)", "vip 30 days", "Größe", "!!!", "", new string('x', 200), new string('x', 201)];
        string text = $"[{string.Join(',', titles.Select((title, i) => $$"""{"id":"Id{{i}}","name":{{JsonSerializer.Serialize(title)}},"definition":{{Groups(Bought)}} }"""))}]";

        CliRun run = await ImportAsync(text);

        Segment[] segments = [.. ResourceFile.Read(run.Out).Segments];
        segments.Select(segment => segment.Metadata.Name).ShouldBe(
            ["vip-30-days", "vip-30-days-2", "gr-e", "klaviyo-id3", "klaviyo-id4", new string('x', 63), new string('x', 61) + "-2"]);
        segments.ShouldAllBe(segment => segment.Spec.DisplayName!.Length <= 128);
        run.Error.ShouldContain("cut to 128 characters");
    }

    [Fact]
    public async Task One_name_for_several_segments_is_refused()
    {
        CliRun run = await ImportAsync($"[{Groups(Bought)},{Groups(Bought)}]", "--name", "it");

        run.Code.ShouldBe(2);
        run.Error.ShouldContain("--name: the file holds 2 segments");
    }

    [Fact]
    public async Task A_reference_to_a_segment_that_is_not_written_or_not_the_only_one_of_its_name_is_reported()
    {
        static string In(string id) => $$"""{"type":"profile-group-membership","is_member":true,"group_ids":["{{id}}"]}""";
        string groups = _folder.Write("groups.json", """{"LIST01":"bought"}""");
        string text = $$"""
            [{"id":"A","name":"lost","definition":{{Groups(Unknown)}} },{"id":"B","name":"bought","definition":{{Groups(Bought)}} },
             {"id":"C","name":"refers","definition":{{Groups(In("A"), In("B"), In("LIST01"))}} }]
            """;

        CliRun run = await ImportAsync(text, "--groups", groups);

        run.Error.ShouldContain("check $[2]: Segment lost, which this one refers to: not written");
        run.Error.ShouldContain(
            "check $[2].definition.condition_groups[2].conditions[0].group_ids[0]: list or segment LIST01: a segment of the file has its name, bought, too");
        run.Error.ShouldNotContain("group_ids[0]: list or segment B");
    }

    [Theory]
    [InlineData("--metrics", """{"RKvL2u":"placed_order"}""", 0)]
    [InlineData("--metrics", """[{"id":"RKvL2u","attributes":{"name":"Placed Order"}}]""", 0)]
    [InlineData("--metrics", """{"RKvL2u":""}""", 2)]
    [InlineData("--metrics", """{"RKvL2u":7}""", 2)]
    [InlineData("--metrics", "{}", 2)]
    [InlineData("--metrics", "7", 2)]
    [InlineData("--metrics", "{", 2)]
    [InlineData("--groups", """{"Y6nRLr":"newsletter"}""", 0)]
    [InlineData("--groups", """{"data":[{"id":"Y6nRLr","attributes":{"name":"The Newsletter!"}}]}""", 0)]
    [InlineData("--groups", """{"Y6nRLr":"The Newsletter"}""", 2)]
    [InlineData("--places", """{"USA 1":{"latitude":1,"longitude":2}}""", 0)]
    [InlineData("--places", """{"USA 1":{"latitude":91,"longitude":2}}""", 2)]
    [InlineData("--places", """{"USA 1":{"latitude":"1","longitude":2}}""", 2)]
    [InlineData("--places", """{"USA 1":{"latitude":1,"longitude":2,"height":3}}""", 2)]
    [InlineData("--places", "[]", 2)]
    public async Task Files_of_names_are_checked(string option, string text, int code)
    {
        CliRun run = await ImportAsync(Groups(Bought), option, _folder.Write("names.json", text));

        run.Code.ShouldBe(code, run.ToString());
        if (code == 2)
            run.Error.ShouldContain("names.json");
    }

    [Fact]
    public async Task Options_name_the_policy_and_the_order_event()
    {
        const string churn = """{"type":"profile-predictive-analytics","dimension":"churn_probability","filter":{"type":"numeric","operator":"less-than","value":0.2}}""";
        const string spent = """{"type":"profile-predictive-analytics","dimension":"historic_clv","filter":{"type":"numeric","operator":"greater-than","value":100}}""";

        CliRun run = await ImportAsync(Groups(churn, spent), "--policy", "wholesale", "--order-event", "placed_order");

        ConditionSpec[] all = [.. ResourceFile.Read(run.Out).Segments.Single().Spec.Match.All!];
        all[0].Prediction!.Policy.ShouldBe("wholesale");
        all[1].Event!.Name.ShouldBe("placed_order");
    }

    [Fact]
    public async Task Text_of_the_source_cannot_steer_a_terminal_or_end_a_comment()
    {
        string evil = "x\\u001b[2J\\nkind: Secret\\u2028";
        CliRun run = await ImportAsync(
            $$"""{"name":"{{evil}}","definition":{{Groups($$"""{{Bought}},{"type":"{{evil}}"}""")}} }""", "--partial");

        run.Error.Contains('\u001b').ShouldBeFalse();
        run.Out.Contains('\u001b').ShouldBeFalse();
        ResourceFile.Read(run.Out).Errors.ShouldBeEmpty();
        run.Out.Split('\n').ShouldNotContain("kind: Secret");
    }

    [Theory]
    [InlineData("two\nlines")]
    [InlineData("\n  - indented: yes\n")]
    [InlineData(" spaces ")]
    [InlineData("tab\there")]
    [InlineData("x\u001b[2J\nkind: Secret\u2028")]
    [InlineData("next\u0085line")]
    [InlineData("\ufeffmark")]
    [InlineData("# no comment")]
    [InlineData("'single' and \"double\" and \\ back")]
    [InlineData("{a: b}")]
    [InlineData("yes")]
    [InlineData("0x1F")]
    [InlineData("2026-03-01")]
    [InlineData("😀 \ud83d\ude00")]
    public async Task Any_text_comes_out_of_the_YAML_as_it_was(string text)
    {
        string filter = $$"""{"type":"string","operator":"equals","value":{{JsonSerializer.Serialize(text)}} }""";

        CliRun run = await ImportAsync(Groups($$"""{"type":"profile-property","property":"email","filter":{{filter}} }"""), "--name", "it");

        ResourceFileContent content = ResourceFile.Read(run.Out);
        content.Errors.ShouldBeEmpty(run.Out);
        content.Segments.Single().Spec.Match.Property!.Eq!.Value.Text.ShouldBe(text);
    }

    [Fact]
    public async Task A_large_account_is_imported_whole()
    {
        const int segments = 500;
        var text = new StringBuilder("{\"data\":[");
        for (int i = 0; i < segments; i++)
        {
            string conditions = string.Join(',', Enumerable.Repeat(Bought, 33));
            text.Append(i == 0 ? "" : ",").Append($$"""{"type":"segment","id":"S{{i}}","attributes":{"name":"segment","definition":{{Groups(conditions, conditions, conditions)}} } }""");
        }

        CliRun run = await ImportAsync(text.Append("]}").ToString(), "-o", "json");

        run.Code.ShouldBe(0);
        run.Json.GetProperty("segments").EnumerateArray().Count(segment => segment.TryGetProperty("resource", out _)).ShouldBe(segments);
    }

    [Fact]
    public async Task More_conditions_than_a_match_can_hold_are_lost_with_their_segment()
    {
        CliRun wide = await ImportAsync(Groups(string.Join(',', Enumerable.Repeat(Bought, 256))));
        CliRun tooWide = await ImportAsync(Groups(string.Join(',', Enumerable.Repeat(Bought, 257))), "--partial");

        wide.Code.ShouldBe(0, wide.Error);
        ImportedWorkspace.Compile(wide.Out).ValidSegments.ShouldNotBeEmpty();
        tooWide.Code.ShouldBe(1);
        tooWide.Out.ShouldBeEmpty();
        tooWide.Error.ShouldContain("more conditions than a match can hold");
    }

    private Task<CliRun> ImportAsync(string text, params string[] more) =>
        CliRun.OfAsync(["import-definition", "--from", "klaviyo", _folder.Write("answer.json", text), .. more]);

    private static string Groups(params string[] groups) =>
        $$"""{"condition_groups":[{{string.Join(',', groups.Select(conditions => $$"""{"conditions":[{{conditions}}]}"""))}}]}""";

    private static IEnumerable<JsonElement> Findings(CliRun run) => run.Json.GetProperty("findings").EnumerateArray()
        .Concat(run.Json.GetProperty("segments").EnumerateArray().SelectMany(segment => segment.GetProperty("findings").EnumerateArray()));
}
