using System.Net;
using System.Text;

namespace Segmentation.Operator.Tests.Http;

/// <summary>What <c>POST …/events</c> makes of good and of bad bodies.</summary>
public sealed class EventsEndpointTests(OperatorFixture fixture) : IClassFixture<OperatorFixture>
{
    private const string Secret = "very-personal";

    private OperatorProcess Program => fixture.Program;

    public static TheoryData<string, string> BadEvents => new()
    {
        { """{"name":"n","profileId":"p","occurredAt":"2025-01-01T00:00:00Z"}""", "id: is missing" },
        { """{"id":"e","profileId":"p","occurredAt":"2025-01-01T00:00:00Z"}""", "name: is missing" },
        { """{"id":"e","name":"n","occurredAt":"2025-01-01T00:00:00Z"}""", "profileId: is missing" },
        { """{"id":"e","name":"n","profileId":"p"}""", "occurredAt: is missing" },
        { """{"id":null,"name":"n","profileId":"p","occurredAt":"2025-01-01T00:00:00Z"}""", "id: is missing" },
        { """{"id":"","name":"n","profileId":"p","occurredAt":"2025-01-01T00:00:00Z"}""", "id: is empty" },
        { """{"id":7,"name":"n","profileId":"p","occurredAt":"2025-01-01T00:00:00Z"}""", "id: is not a text" },
        { """{"id":"e","name":"n","profileId":"p","occurredAt":"yesterday"}""", "occurredAt: \"yesterday\" is not RFC 3339" },
        { """{"id":"e","name":"n","profileId":"p","occurredAt":"2025-01-01"}""", "is not RFC 3339" },
        { """{"id":"e","name":"n","profileId":"p","occurredAt":"2025-01-01T00:00:00"}""", "is not RFC 3339" },
        { """{"id":"e","name":"n","profileId":"p","occurredAt":1735689600}""", "occurredAt: 1735689600 is not a text" },
        { """{"id":"e","name":"n","profileId":"p","occurredAt":"1950-01-01T00:00:00Z"}""", "outside the years 1970 to 2200" },
        { """{"id":"e","name":"n","profileId":"p","occurredAt":"2025-01-01T00:00:00Z","value":"12"}""", "value: is not a number" },
        { """{"id":"e","name":"n","profileId":"p","occurredAt":"2025-01-01T00:00:00Z","value":"NaN"}""", "value: is not a number" },
        { """{"id":"e","name":"n","profileId":"p","occurredAt":"2025-01-01T00:00:00Z","value":1e13}""", "value: 1e13 lies outside" },
        { """{"id":"e","name":"n","profileId":"p","occurredAt":"2025-01-01T00:00:00Z","value":{}}""", "value: is not a number" },
        { """{"id":"e","name":"n","profileId":"p","occurredAt":"2025-01-01T00:00:00Z","properties":{"very":{"deep":"very-personal"}}}""", "properties: very is an object" },
        { """{"id":"e","name":"n","profileId":"p","occurredAt":"2025-01-01T00:00:00Z","properties":[]}""", "properties: is not an object" },
        { """{"id":"e","name":"n","profileId":"very-personal\nid","occurredAt":"2025-01-01T00:00:00Z"}""", "profileId: has a control character" },
        { """{"id":"e","id":"f","name":"n","profileId":"p","occurredAt":"2025-01-01T00:00:00Z"}""", "id: is there twice" },
        { """{"id":"e","name":"n","profileId":"\ud800","occurredAt":"2025-01-01T00:00:00Z"}""", "profileId: is not Unicode text" },
        { """{"id":"e","name":"n","profileId":"p","occurredAt":"2025-01-01T00:00:00Z","refunds":"e"}""", "refunds: is the event's own id" },
        { "\"text\"", "event: is not a JSON object" },
        { "17", "event: is not a JSON object" },
        { "null", "event: is not a JSON object" },
        { "[]", "event: is not a JSON object" },
    };

    [Theory]
    [MemberData(nameof(BadEvents))]
    public async Task A_bad_event_is_named_by_its_index_and_keeps_no_other_out(string bad, string reason)
    {
        var answer = await Program.PostEventsAsync($"[{Good("a" + Guid.NewGuid())},{bad},{Good("b" + Guid.NewGuid())}]");

        answer.Status.ShouldBe(HttpStatusCode.Accepted);
        answer.Accepted.ShouldBe(2);
        answer.Rejected.Keys.ShouldBe([1]);
        answer.Rejected[1].ShouldContain(reason);
        answer.Body.ShouldNotContain(Secret);
    }

    [Fact]
    public async Task Only_bad_events_are_a_bad_request_that_still_names_each()
    {
        var answer = await Program.PostEventsAsync("""[{"id":"e"},{"name":"n"}]""");
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Accepted.ShouldBe(0);
        answer.Rejected.Keys.ShouldBe([0, 1]);
    }

    [Theory]
    [InlineData("{\"id\":", "line 1, byte 7")]
    [InlineData("[{\"id\":\"e\"},\n nonsense]", "line 2, byte 3")]
    [InlineData("[{\"id\":\"e\",\"value\":NaN}]", "line 1")]
    [InlineData("[{\"id\":\"e\"}", "line 1")]
    [InlineData("[] trailing", "line 1")]
    [InlineData("", "line 1")]
    [InlineData("   \n ", "not valid JSON")]
    [InlineData("\"text\"", "must be a JSON array of events")]
    [InlineData("[]", "holds no event")]
    [InlineData("very-personal", "line 1, byte 1")]
    public async Task A_body_that_is_not_JSON_is_refused_as_a_whole_with_its_place(string body, string part)
    {
        var answer = await Program.PostEventsAsync(body);
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Error.ShouldContain(part);
        answer.Body.ShouldNotContain(Secret);
    }

    [Theory]
    [InlineData("application/x-ndjson")]
    [InlineData("application/jsonl")]
    [InlineData("application/x-ndjson; charset=utf-8")]
    public async Task A_bad_line_of_NDJSON_spoils_only_itself(string type)
    {
        var answer = await Program.PostEventsAsync($"{Good(NewId())}\n\n{{\"id\":very-personal\r\n{Good(NewId())}\r\n[1]\n", type);
        answer.Status.ShouldBe(HttpStatusCode.Accepted);
        answer.Accepted.ShouldBe(2);
        answer.Rejected.Keys.ShouldBe([1, 3]);
        answer.Rejected[1].ShouldContain("not valid JSON at byte");
        answer.Body.ShouldNotContain(Secret);
    }

    [Theory]
    [InlineData("application/x-ndjson")]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    public async Task Lines_of_objects_are_taken_whatever_the_type_says(string type)
    {
        (await Program.PostEventsAsync($"{Good(NewId())}\n{Good(NewId())}", type)).Accepted.ShouldBe(2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    public async Task A_byte_order_mark_is_no_part_of_the_body(string open)
    {
        byte[] body = [.. "\uFEFF"u8, .. Encoding.UTF8.GetBytes(open.Length == 0 ? Good(NewId()) : $"[{Good(NewId())}]")];
        var answer = await Program.PostEventsAsync(body);
        answer.Status.ShouldBe(HttpStatusCode.Accepted);
        answer.Accepted.ShouldBe(1);
    }

    [Fact]
    public async Task Unknown_fields_are_ignored_and_counted()
    {
        var e = Good(NewId());
        var answer = await Program.PostEventsAsync($"[{e[..^1]},\"extra\":1,\"more\":{{\"deep\":[1,2]}}}},{Good(NewId())}]");
        answer.Status.ShouldBe(HttpStatusCode.Accepted);
        answer.IgnoredFields.ShouldBe(2);
        var metrics = (await Program.GetAsync("/metrics")).Body;
        metrics.ShouldContain("segmentation_event_fields_ignored_total{workspace=\"acme\"}");
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public async Task Ids_have_at_most_256_characters(int length, bool accepted)
    {
        var id = NewId();
        var answer = await Program.PostEventsAsync(Good(id + new string('x', length - id.Length)));
        answer.Status.ShouldBe(accepted ? HttpStatusCode.Accepted : HttpStatusCode.BadRequest);
        if (!accepted) answer.Rejected[0].ShouldBe("id: has 257 characters; at most 256 are allowed");
    }

    [Fact]
    public async Task An_event_far_in_the_future_is_refused_with_the_limit_named()
    {
        var clock = (await Program.GetAsync("/test/clock")).Json["now"]!.GetValue<DateTimeOffset>();
        var answer = await Program.PostEventsAsync(
            $"[{Good(NewId(), clock.AddHours(23))},{Good(NewId(), clock.AddHours(25))}]");
        answer.Accepted.ShouldBe(1);
        answer.Rejected[1].ShouldContain("lies in the future; the latest accepted now is 20");
    }

    [Fact]
    public async Task A_body_of_ten_megabytes_is_refused_with_the_limit_named()
    {
        var body = new byte[10 * 1024 * 1024];
        body.AsSpan().Fill((byte)' ');
        var answer = await Program.PostEventsAsync(body);
        answer.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        answer.Error.ShouldContain("10485760 bytes; send at most 8388608");
    }

    [Fact]
    public async Task So_is_one_that_does_not_say_how_long_it_is()
    {
        var content = new StreamContent(new MemoryStream(new byte[10 * 1024 * 1024]));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/acme/events") { Content = content };
        request.Headers.TransferEncodingChunked = true;
        using var response = await Program.Client.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await response.Content.ReadAsStringAsync()).ShouldContain("8388608");
    }

    [Fact]
    public async Task More_than_twenty_thousand_events_are_too_many_at_a_time()
    {
        var line = "{}\n";
        var answer = await Program.PostEventsAsync(string.Concat(Enumerable.Repeat(line, 20_001)), "application/x-ndjson");
        answer.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        answer.Error.ShouldContain("20001 events; send at most 20000");
    }

    [Fact]
    public async Task An_unknown_workspace_is_not_found()
    {
        var answer = await Program.SendAsync(HttpMethod.Post, "/v1/nobody/events", new StringContent(Good(NewId())));
        answer.Status.ShouldBe(HttpStatusCode.NotFound);
        answer.Error.ShouldContain("Unknown workspace");
        answer.Error.ShouldNotContain("nobody");
    }

    [Fact]
    public async Task What_was_accepted_is_applied_once_however_often_it_is_sent()
    {
        var profile = "twice-" + NewId();
        var e = $$"""{"id":"{{NewId()}}","name":"placed_order","profileId":"{{profile}}","occurredAt":"2025-01-01T00:00:00Z","value":12.5}""";
        for (var i = 0; i < 3; i++) (await Program.PostEventsAsync(e)).Status.ShouldBe(HttpStatusCode.Accepted);
        await Eventually.HoldsAsync(async () => (await Program.GetAsync("/v1/acme/profiles/" + profile)).Status == HttpStatusCode.OK, "the profile is there");
        var counter = (await Program.GetAsync("/v1/acme/profiles/" + profile)).Json["events"]!.AsArray().Single()!;
        (counter["count"]!.GetValue<int>(), counter["sum"]!.GetValue<decimal>()).ShouldBe((1, 12.5m));
    }

    private static string NewId() => "e" + Guid.NewGuid().ToString("N")[..12];

    private static string Good(string id, DateTimeOffset? at = null) =>
        $$"""{"id":"{{id}}","name":"opened_email","profileId":"{{Secret}}-profile","occurredAt":"{{at ?? DateTimeOffset.UnixEpoch:yyyy-MM-ddTHH:mm:ssZ}}"}""";
}
