using System.Net;
using System.Text.Json.Nodes;

namespace Segmentation.Operator.Tests.Http;

/// <summary>One profile is told to count for another one.</summary>
public sealed class MergeEndpointTests(OperatorFixture fixture) : IClassFixture<OperatorFixture>
{
    private OperatorProcess Program => fixture.Program;

    public static TheoryData<string, string> BadBodies => new()
    {
        { "", "not valid JSON at line 1" },
        { "[]", "must be a JSON object such as" },
        { "{}", "must be a JSON object such as" },
        { """{"into":"a"} personal""", "not valid JSON at line 1" },
        { """{"into":7}""", "into: is not a text" },
        { """{"into":null}""", "into: is not a text" },
        { """{"into":"\ud800"}""", "into: is not a text" },
        { """{"into":""}""", "into: the profile id must have 1 to 256 characters" },
        { """{"into":"personal\n"}""", "no control characters" },
        { $$"""{"into":"{{new string('x', 257)}}"}""", "1 to 256 characters" },
        { """{"into":"personal","into":"a"}""", "into is there twice" },
        { """{"into":"itself"}""", "name another one" },
    };

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task A_bad_body_is_refused_and_says_what_to_mend(string body, string part)
    {
        var answer = await MergeAsync("itself", body);
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Error.ShouldContain(part);
        answer.Body.ShouldNotContain("personal");
    }

    [Fact]
    public async Task It_tells_into_which_and_the_other_has_all_of_it()
    {
        var (id, into) = (NewId() + "/ü", NewId());
        await PostOrderAsync(id, "1");
        await PostOrderAsync(into, "2");
        (await MergeAsync(Uri.EscapeDataString(id), $$"""{"into":"{{into}}","other":1}""")).Status.ShouldBe(HttpStatusCode.Accepted);
        await PostOrderAsync(id, "3");

        var profile = await ProfileAsync(into, p => Orders(p) == 3 && p["memberships"]!.AsArray().Count > 0);
        profile.ContainsKey("mergedInto").ShouldBeFalse();
        profile["memberships"]!.AsArray().Single(m => m!["segment"]!.GetValue<string>() == "buyers")!["member"]!.GetValue<bool>().ShouldBeTrue();
        var merged = await ProfileAsync(Uri.EscapeDataString(id), p => p.ContainsKey("mergedInto"));
        merged["mergedInto"]!.GetValue<string>().ShouldBe(into);
        merged["events"]!.AsArray().ShouldBeEmpty();
        merged["memberships"]!.AsArray().ShouldBeEmpty();
        (await Program.GetAsync($"/v1/acme/profiles/{Uri.EscapeDataString(id)}/export")).Json["mergedInto"]!.GetValue<string>().ShouldBe(into);
        (await Program.GetAsync($"/v1/acme/profiles/{into}/export")).Json["mergedFrom"]!.AsArray().Select(from => from!.GetValue<string>()).ShouldBe([id]);
        (await Program.GetAsync($"/v1/acme/profiles/{Uri.EscapeDataString(id)}/explain?segment=buyers")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Again_is_accepted_into_another_or_in_a_circle_is_not()
    {
        var (id, into, third) = (NewId(), NewId(), NewId());
        await MergeAsync(id, $$"""{"into":"{{into}}"}""");
        await MergeAsync(into, $$"""{"into":"{{third}}"}""");
        await ProfileAsync(id, p => p.ContainsKey("mergedInto"));
        await ProfileAsync(into, p => p.ContainsKey("mergedInto"));

        (await MergeAsync(id, $$"""{"into":"{{into}}"}""")).Status.ShouldBe(HttpStatusCode.Accepted);
        var another = await MergeAsync(id, $$"""{"into":"{{third}}"}""");
        (another.Status, another.Error.Contains("the first merge holds", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.Conflict, true));
        var circle = await MergeAsync(third, $$"""{"into":"{{id}}"}""");
        (circle.Status, circle.Error.Contains("counts for this one already", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.Conflict, true));
    }

    private static string NewId() => "m-" + Guid.NewGuid().ToString("N")[..8];

    private static int Orders(JsonObject profile) => profile["events"]!.AsArray().Sum(e => e!["count"]!.GetValue<int>());

    private Task<Answer> MergeAsync(string escapedId, string body) => Program.ChangeProfileAsync(HttpMethod.Post, escapedId + "/merge", body);

    private async Task PostOrderAsync(string id, string number) =>
        (await Program.PostEventsAsync($$"""{"id":"{{id}}-{{number}}","name":"placed_order","profileId":"{{id}}","occurredAt":"2025-01-01T00:00:00Z","value":3}"""))
            .Status.ShouldBe(HttpStatusCode.Accepted);

    private async Task<JsonObject> ProfileAsync(string escapedId, Func<JsonObject, bool> holds)
    {
        JsonObject? profile = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                var answer = await Program.GetAsync("/v1/acme/profiles/" + escapedId);
                profile = answer.Status == HttpStatusCode.OK ? answer.Json : null;
                return profile is not null && holds(profile);
            },
            "the profile is as it should be");
        return profile!;
    }
}
