using System.Text.Json;
using Segmentation.Cli.Tests.Support;

namespace Segmentation.Cli.Tests;

public sealed class EvaluateTests : IDisposable
{
    private const string Buyers = """
        apiVersion: segmentation.dev/v1alpha1
        kind: Segment
        metadata: {name: buyers}
        spec:
          match:
            event: {name: placed_order, count: {gte: 2}, within: 10d}
        """;

    private const string Germans = """
        apiVersion: segmentation.dev/v1alpha1
        kind: Segment
        metadata: {name: germans}
        spec:
          match:
            property: {name: country, eq: DE}
        """;

    private const string Best = """
        apiVersion: segmentation.dev/v1alpha1
        kind: Segment
        metadata: {name: best}
        spec:
          match:
            rfm: {policy: default, tier: [champions]}
        ---
        apiVersion: segmentation.dev/v1alpha1
        kind: RfmPolicy
        metadata: {name: default}
        spec:
          purchases: {event: placed_order}
          window: 365d
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("2026-01-11T00:00:00Z", 0, "the first order is exactly ten days old")]
    [InlineData("2026-01-10T23:59:59.999Z", 1, "the first order is in the window still")]
    [InlineData("2026-01-05T00:00:00Z", 1, "the second order happens at this instant")]
    [InlineData("2026-01-04T23:59:59.999Z", 0, "the second order has not happened yet")]
    public async Task Windows_and_the_future_are_exact_to_the_millisecond(string asOf, int members, string because)
    {
        CliRun run = await EvaluateAsync(Buyers, [Order("a", 1, "2026-01-01"), Order("b", 1, "2026-01-05")], asOf, "-o", "json");

        run.Code.ShouldBe(0, run.ToString());
        run.Json.GetProperty("members").GetInt32().ShouldBe(members, because);
        run.Json.GetProperty("asOf").GetString().ShouldBe(asOf);
        run.Json.GetProperty("segment").GetString().ShouldBe("buyers");
        run.Json.TryGetProperty("ids", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("2026-01-05T00:00:00Z", true, "it joined at this instant")]
    [InlineData("2026-01-07T23:59:59.999Z", true, "it joined less than three days ago")]
    [InlineData("2026-01-08T00:00:00Z", false, "it joined exactly three days ago")]
    [InlineData("2026-01-11T00:00:00Z", false, "the first order has left the window")]
    [InlineData("2026-01-12T00:00:00Z", true, "the third order has made it join anew at this instant")]
    public async Task When_a_profile_joined_is_replayed_from_its_events(string asOf, bool isFresh, string because)
    {
        string[] events = [Order("a", 1, "2026-01-01"), Order("b", 1, "2026-01-05"), Order("c", 1, "2026-01-12")];
        string fresh = Buyers.Replace("buyers", "fresh").Replace("event: {name: placed_order, count: {gte: 2}, within: 10d}", "segment: {name: buyers, joinedWithin: 3d}");

        CliRun run = await EvaluateAsync($"{Buyers}\n---\n{fresh}", events, asOf, "-o", "json", "--segment", "fresh");

        run.Code.ShouldBe(0, run.ToString());
        run.Json.GetProperty("members").GetInt32().ShouldBe(isFresh ? 1 : 0, because);
    }

    [Fact]
    public async Task The_same_id_counts_once_and_a_refund_takes_its_order_back()
    {
        string refund = "{\"id\":\"r\",\"name\":\"refunded_order\",\"profileId\":\"p-2\",\"occurredAt\":\"2026-01-02T00:00:00Z\",\"refunds\":\"c\"}";
        string[] events = [Order("a", 1, "2026-01-01"), Order("a", 1, "2026-01-01"), Order("c", 2, "2026-01-01"), refund, Order("d", 2, "2026-01-01"),
            Order("e", 3, "2026-01-01"), Order("f", 3, "2026-01-01")];

        CliRun run = await EvaluateAsync(Buyers, events, "2026-01-03T00:00:00Z", "-o", "json", "--ids");

        run.Json.GetProperty("ids").EnumerateArray().Select(id => id.GetString()).ShouldBe(["p-3"]);
    }

    [Fact]
    public async Task Several_segments_are_a_list_and_one_can_be_picked()
    {
        string[] events = [Order("a", 1, "2026-01-01"), Order("b", 1, "2026-01-02")];

        CliRun all = await EvaluateAsync($"{Buyers}\n---\n{Germans}", events, "2026-01-03T00:00:00Z", "-o", "json");
        CliRun one = await EvaluateAsync($"{Buyers}\n---\n{Germans}", events, "2026-01-03T00:00:00Z", "-o", "json", "--segment", "buyers");
        CliRun table = await EvaluateAsync($"{Buyers}\n---\n{Germans}", events, "2026-01-03T00:00:00Z");

        all.Json.EnumerateArray().Select(segment => segment.GetProperty("segment").GetString()).ShouldBe(["buyers", "germans"]);
        one.Json.GetProperty("members").GetInt32().ShouldBe(1);
        table.Out.Split('\n')[1].ShouldBe("buyers    1         2026-01-03T00:00:00Z");
    }

    [Fact]
    public async Task Properties_come_from_the_file_of_profiles_and_need_no_event()
    {
        string profiles = _folder.Write("profiles.jsonl", "{\"id\":\"p-8\",\"properties\":{\"country\":\"DE\"}}\n{\"id\":\"p-9\",\"properties\":{\"country\":\"AT\"}}\n");

        CliRun run = await EvaluateAsync(Germans, [Order("a", 1, "2026-01-01")], "2026-01-03T00:00:00Z", "--profiles", profiles, "--ids", "-o", "json");

        run.Json.GetProperty("ids").EnumerateArray().Select(id => id.GetString()).ShouldBe(["p-8"]);
    }

    [Fact]
    public async Task Consent_comes_from_the_file_of_profiles_as_far_as_it_was_given_by_then()
    {
        string profiles = _folder.Write("profiles.jsonl", """
            {"id":"p-1","consent":{"email":"subscribed"}}
            {"id":"p-2","consent":{"email":{"status":"subscribed","since":"2026-01-01T00:00:00Z"}}}
            {"id":"p-3","consent":{"email":{"status":"subscribed","since":"2026-01-02T00:00:00Z"}}}
            {"id":"p-4","consent":{"email":{"status":"subscribed","since":"2026-02-01T00:00:00Z"}}}
            {"id":"p-1","properties":{"country":"DE"}}
            {"id":"p-5","consent":{"email":"maybe"}}
            """);
        string[] options = ["--profiles", profiles, "--ids", "-o", "json", "--allow-rejects"];

        CliRun held = await EvaluateAsync(Asking("is: subscribed, for: 2d"), [], "2026-01-03T00:00:00Z", options);
        CliRun never = await EvaluateAsync(Asking("is: never"), [], "2026-01-03T00:00:00Z", options);

        held.Json.GetProperty("ids").EnumerateArray().Select(id => id.GetString()).ShouldBe(["p-1", "p-2"]);
        never.Json.GetProperty("ids").EnumerateArray().Select(id => id.GetString()).ShouldBe(["p-4"]);
        held.Error.ShouldContain("line 6: consent: email: write subscribed or unsubscribed");
        static string Asking(string consent) => Germans.Replace("property: {name: country, eq: DE}", $"consent: {{channel: email, {consent}}}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Break_points_of_quantiles_are_drawn_at_the_instant()
    {
        // Five customers: the n-th has n orders, all on day n.
        string[] events = [.. Enumerable.Range(1, 5).SelectMany(n => Enumerable.Range(1, n).Select(i => Order($"o-{n}-{i}", n, $"2026-01-0{n}")))];

        CliRun atEnd = await EvaluateAsync(Best, events, "2026-01-06T00:00:00Z", "--ids", "-o", "json");
        CliRun earlier = await EvaluateAsync(Best, events, "2026-01-04T12:00:00Z", "--ids", "-o", "json");

        // Recency 5 with frequency 5; earlier, among four customers, the fourth has recency 5 with frequency 4.
        atEnd.Json.GetProperty("ids").EnumerateArray().Select(id => id.GetString()).ShouldBe(["p-5"]);
        earlier.Json.GetProperty("ids").EnumerateArray().Select(id => id.GetString()).ShouldBe(["p-4"]);
    }

    [Fact]
    public async Task Definitions_may_be_spread_over_files_and_folders()
    {
        string[] documents = Best.Split("---\n");
        Directory.CreateDirectory(_folder["definitions"]);
        _folder.Write("definitions/policy.yaml", documents[1]);
        _folder.Write("definitions/notes.txt", "no definition: [");
        string segment = _folder.Write("segment.yaml", documents[0]);
        string events = _folder.Write("events.jsonl", Order("a", 1, "2026-01-01"));

        CliRun run = await CliRun.OfAsync("evaluate", "-f", segment, "-f", _folder["definitions"], "--events", events, "--as-of", "2026-01-03T00:00:00Z", "-o", "json");

        run.Code.ShouldBe(0, run.ToString());
        run.Json.GetProperty("segment").GetString().ShouldBe("best");
    }

    [Theory]
    [InlineData("kind: Segment", "kind: Segmant", "line 1")]
    [InlineData("count:", "cuont:", "count")]
    [InlineData("{gte: 2}", "{gte: lots}", "spec.match.event.count.gte")]
    [InlineData("within: 10d", "within: soon", "spec.match.event.within")]
    [InlineData("event: {name: placed_order, count: {gte: 2}, within: 10d}", "segment: {name: vips}", "vips")]
    [InlineData("event: {name: placed_order, count: {gte: 2}, within: 10d}", "rfm: {policy: default, tier: [champions]}", "default")]
    [InlineData("event: {name: placed_order, count: {gte: 2}, within: 10d}", "segment: {name: buyers}", "buyers → buyers")]
    public async Task A_definition_that_cannot_be_used_is_bad_input_with_its_place(string right, string wrong, string expected)
    {
        CliRun run = await EvaluateAsync(Buyers.Replace(right, wrong, StringComparison.Ordinal), [], "2026-01-03T00:00:00Z", "-o", "json");

        run.Code.ShouldBe(2, run.ToString());
        run.Out.ShouldBeEmpty();
        run.Error.ShouldContain(expected);
    }

    [Fact]
    public async Task The_same_name_twice_is_bad_input()
    {
        CliRun run = await EvaluateAsync($"{Buyers}\n---\n{Buyers}", [], "2026-01-03T00:00:00Z");

        run.Code.ShouldBe(2, run.ToString());
        run.Error.ShouldContain("Segment buyers is defined in");
    }

    [Fact]
    public async Task A_segment_that_is_not_there_is_bad_input_and_those_that_are_get_named()
    {
        CliRun run = await EvaluateAsync(Buyers, [], "2026-01-03T00:00:00Z", "--segment", "byers");

        run.Code.ShouldBe(2, run.ToString());
        run.Error.ShouldContain("they hold: buyers");
    }

    [Fact]
    public async Task Rows_that_cannot_be_read_refuse_the_answer_unless_allowed()
    {
        string[] events = [Order("a", 1, "2026-01-01"), "{\"id\":\"x\"}", Order("b", 1, "2026-01-01")];

        CliRun strict = await EvaluateAsync(Buyers, events, "2026-01-03T00:00:00Z", "-o", "json");
        CliRun lenient = await EvaluateAsync(Buyers, events, "2026-01-03T00:00:00Z", "-o", "json", "--allow-rejects");

        strict.Code.ShouldBe(2, strict.ToString());
        strict.Out.ShouldBeEmpty();
        strict.Error.ShouldContain("line 2: name");
        lenient.Code.ShouldBe(0, lenient.ToString());
        lenient.Json.GetProperty("members").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task An_instant_without_an_offset_is_bad_usage()
    {
        CliRun run = await EvaluateAsync(Buyers, [], "2026-01-03");

        run.Code.ShouldBe(2, run.ToString());
        run.Error.ShouldContain("write it like");
    }

    private static string Order(string id, int customer, string day) => JsonSerializer.Serialize(
        new { id, name = "placed_order", profileId = $"p-{customer}", occurredAt = day + "T00:00:00Z", value = 10.5m });

    private Task<CliRun> EvaluateAsync(string definitions, string[] events, string asOf, params string[] options) => CliRun.OfAsync(
        ["evaluate", "-f", _folder.Write("definitions.yaml", definitions), "--events", _folder.Write("events.jsonl", string.Join('\n', events)),
            "--as-of", asOf, .. options]);
}
