using System.Net;
using System.Text.Json.Nodes;

namespace Segmentation.Operator.Tests.Http;

/// <summary>Properties in by PUT and PATCH, everything known out by GET.</summary>
public sealed class ProfileEndpointTests(OperatorFixture fixture) : IClassFixture<OperatorFixture>
{
    private OperatorProcess Program => fixture.Program;

    public static TheoryData<string, string> BadBodies => new()
    {
        { "", "not valid JSON at line 1" },
        { "nonsense", "not valid JSON at line 1, byte 2" },
        { "[]", "must be a JSON object such as" },
        { "{}", "must be a JSON object such as" },
        { """{"country":"very-personal"}""", "must be a JSON object such as" },
        { """{"properties":null}""", "must be a JSON object such as" },
        { """{"properties":[]}""", "must be a JSON object such as" },
        { """{"properties":{"a":1}""", "not valid JSON at line 1" },
        { """{"properties":{"a":1}} very-personal""", "not valid JSON at line 1" },
        { """{"properties":{"a":NaN}}""", "not valid JSON at line 1" },
        { """{"properties":{"a":{"very":"personal"}}}""", "a is an object" },
        { """{"properties":{"a":1,"a":"very-personal"}}""", "a is there twice" },
        { """{"properties":{"a":1},"properties":{"b":1}}""", "properties is there twice" },
        { """{"properties":{"a":[1]}}""", "a is a list with something else than texts" },
        { """{"properties":{"a":1e20}}""", "a is a number outside" },
        { """{"properties":{"\ud800":null}}""", "not Unicode" },
        { """{"properties":{"a":"\ud800"}}""", "a is not Unicode" },
        { """{"properties":{"":1}}""", "a name of 0 characters" },
        { """{"properties":{"$consent.email":"personal"}}""", "kept for consent; send \"consent\":{\"email\":\"subscribed\"}" },
        { """{"properties":{"$suppressed.email":null}}""", "kept for suppressed" },
        { """{"consent":"personal"}""", "consent must be an object of channels such as" },
        { """{"suppressed":null}""", "suppressed must be an object of channels such as" },
        { """{"consent":{"very personal":"subscribed"}}""", "consent: a channel is a small letter" },
        { """{"consent":{"email":"personal"}}""", "consent: email: write subscribed or unsubscribed" },
        { """{"consent":{"email":true}}""", "consent: email: write subscribed or unsubscribed" },
        { """{"consent":{"email":{"since":"2020-01-01T00:00:00Z"}}}""", "consent: email: write subscribed or unsubscribed" },
        { """{"consent":{"email":{"status":"subscribed","personal":1}}}""", "neither status nor since" },
        { """{"consent":{"email":{"status":"subscribed","since":"personal"}}}""", "since is not RFC 3339" },
        { """{"consent":{"email":{"status":"subscribed","since":"2199-01-01T00:00:00Z"}}}""", "since lies in the future" },
        { """{"consent":{"email":{"status":"subscribed","status":"subscribed"}}}""", "status is there twice" },
        { """{"consent":{"email":"subscribed","email":"unsubscribed"}}""", "consent: email is there twice" },
        { """{"suppressed":{"email":"personal"}}""", "suppressed: email: write true or false" },
        { """{"suppressed":{},"suppressed":{}}""", "suppressed is there twice" },
        { "{\"suppressed\":{" + string.Join(',', Enumerable.Range(0, 33).Select(i => $"\"c{i}\":true")) + "}}", "more than 32 channels" },
    };

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task A_bad_body_is_refused_and_says_what_to_mend(string body, string part)
    {
        foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Patch])
        {
            var answer = await Program.ChangeProfileAsync(method, "ada", body);
            answer.Status.ShouldBe(HttpStatusCode.BadRequest);
            answer.Error.ShouldContain(part);
            answer.Body.ShouldNotContain("personal");
        }
    }

    [Fact]
    public async Task Put_replaces_patch_merges_and_null_removes()
    {
        var id = NewId();
        await ChangeAsync(HttpMethod.Put, id, """{"properties":{"country":"DE","visits":3,"tags":["a","b"]}}""");
        await ShouldBecomeAsync(id, """{"country":"DE","tags":["a","b"],"visits":3}""");
        await ChangeAsync(HttpMethod.Patch, id, """{"properties":{"visits":4,"country":null,"vip":true,"unknown":null},"other":1}""");
        await ShouldBecomeAsync(id, """{"tags":["a","b"],"vip":true,"visits":4}""");
        await ChangeAsync(HttpMethod.Put, id, """{"properties":{"vip":false,"country":null}}""");
        await ShouldBecomeAsync(id, """{"vip":false}""");
    }

    [Fact]
    public async Task Consent_and_suppression_stay_until_they_are_stated_anew_and_are_shown_apart()
    {
        var id = NewId();
        await ChangeAsync(
            HttpMethod.Put,
            id,
            """{"properties":{"plan":"free"},"consent":{"email":"subscribed","sms":{"status":"unsubscribed","since":"2025-01-01T00:00:00Z"}},"suppressed":{"email":true}}""");
        var profile = await ProfileAsync(id, p => p["consent"]!.AsObject().Count == 2);
        profile["properties"]!.ToJsonString().ShouldBe("""{"plan":"free"}""");
        profile["consent"]!["sms"]!.ToJsonString().ShouldBe("""{"status":"unsubscribed","since":"2025-01-01T00:00:00Z"}""");
        profile["consent"]!["email"]!["status"]!.GetValue<string>().ShouldBe("subscribed");
        var since = profile["consent"]!["email"]!["since"]!.GetValue<DateTimeOffset>();
        profile["suppressed"]!.ToJsonString().ShouldBe("""{"email":true}""");

        await ChangeAsync(HttpMethod.Put, id, """{"properties":{"visits":1}}""");
        await ChangeAsync(HttpMethod.Put, id, """{"consent":{"sms":{"status":"subscribed","since":"2024-01-01T00:00:00Z"},"push":null},"suppressed":{"sms":false}}""");
        await ChangeAsync(HttpMethod.Patch, id, """{"consent":{"email":"subscribed"}}""");
        profile = await ProfileAsync(id, p => p["suppressed"]!.AsObject().Count == 2);
        profile["properties"]!.ToJsonString().ShouldBe("""{"visits":1}""", "a PUT without properties leaves them");
        profile["consent"]!["sms"]!.ToJsonString().ShouldBe("""{"status":"unsubscribed","since":"2025-01-01T00:00:00Z"}""", "the latest since counts");
        profile["consent"]!["email"]!["since"]!.GetValue<DateTimeOffset>().ShouldBe(since, "nothing changed");

        await ChangeAsync(HttpMethod.Patch, id, """{"consent":{"email":null,"sms":null},"suppressed":{"email":null,"sms":null}}""");
        profile = await ProfileAsync(id, p => p["consent"]!.AsObject().Count == 0);
        profile["suppressed"]!.ToJsonString().ShouldBe("{}");
    }

    [Fact]
    public async Task A_byte_order_mark_is_no_part_of_the_body()
    {
        var id = NewId();
        await ChangeAsync(HttpMethod.Put, id, "\uFEFF{\"properties\":{\"a\":1}}");
        await ShouldBecomeAsync(id, """{"a":1}""");
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("a b+c")]
    [InlineData("ü?&#\U0001F600")]
    [InlineData("50%")]
    [InlineData("user@example.com")]
    public async Task Any_id_is_found_again_however_it_must_be_escaped(string suffix)
    {
        var id = NewId() + suffix;
        var sent = new JsonObject
        {
            ["id"] = NewId(), ["name"] = "placed_order", ["profileId"] = id, ["occurredAt"] = "2025-01-01T00:00:00Z", ["value"] = 3,
        };
        (await Program.PostEventsAsync(sent.ToJsonString())).Status.ShouldBe(HttpStatusCode.Accepted);
        await ChangeAsync(HttpMethod.Patch, Uri.EscapeDataString(id), """{"properties":{"a":1}}""");

        var profile = await ProfileAsync(Uri.EscapeDataString(id), p => p["properties"]!.AsObject().Count == 1 && p["events"]!.AsArray().Count == 1);

        profile["id"]!.GetValue<string>().ShouldBe(id);
    }

    [Theory]
    [InlineData(256, HttpStatusCode.Accepted)]
    [InlineData(257, HttpStatusCode.BadRequest)]
    public async Task Ids_have_at_most_256_characters(int length, HttpStatusCode status) =>
        (await Program.ChangeProfileAsync(HttpMethod.Put, new string('x', length), """{"properties":{}}""")).Status.ShouldBe(status);

    [Fact]
    public async Task A_profile_that_is_erased_is_not_found_any_more_and_comes_back_with_its_next_event()
    {
        var id = NewId() + "/ü";
        var escaped = Uri.EscapeDataString(id);
        var order = new JsonObject { ["id"] = NewId(), ["name"] = "placed_order", ["profileId"] = id, ["occurredAt"] = "2025-01-01T00:00:00Z" }.ToJsonString();
        await Program.PostEventsAsync(order);
        await ChangeAsync(HttpMethod.Patch, escaped, """{"properties":{"a":1},"consent":{"email":"subscribed"}}""");
        await ProfileAsync(escaped, p => p["consent"]!.AsObject().Count == 1);

        (await Program.SendAsync(HttpMethod.Delete, "/v1/acme/profiles/" + escaped)).Status.ShouldBe(HttpStatusCode.Accepted);
        await Eventually.HoldsAsync(async () => (await Program.GetAsync("/v1/acme/profiles/" + escaped)).Status == HttpStatusCode.NotFound, "it is gone");

        await Program.PostEventsAsync(order);
        var profile = await ProfileAsync(escaped, p => p["events"]!.AsArray().Count == 1);
        profile["properties"]!.ToJsonString().ShouldBe("{}");
        profile["consent"]!.ToJsonString().ShouldBe("{}");
    }

    [Theory]
    [InlineData("nobody", HttpStatusCode.Accepted)]
    [InlineData("a%0Ab", HttpStatusCode.BadRequest)]
    public async Task Only_an_id_that_none_can_have_is_not_erased(string escapedId, HttpStatusCode status) =>
        (await Program.SendAsync(HttpMethod.Delete, "/v1/acme/profiles/" + escapedId)).Status.ShouldBe(status);

    [Fact]
    public async Task A_control_character_in_an_id_is_refused() =>
        (await Program.ChangeProfileAsync(HttpMethod.Put, "a%0Ab", """{"properties":{}}""")).Status.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task An_id_never_seen_is_not_found_and_not_echoed()
    {
        var answer = await Program.GetAsync("/v1/acme/profiles/very-personal");
        answer.Status.ShouldBe(HttpStatusCode.NotFound);
        answer.Body.ShouldNotContain("personal");
    }

    [Fact]
    public async Task The_profile_says_when_a_membership_changes_if_nothing_happens()
    {
        var id = NewId();
        var clock = (await Program.GetAsync("/test/clock")).Json["now"]!.GetValue<DateTimeOffset>();
        var orderedAt = DateTimeOffset.FromUnixTimeSeconds(clock.AddDays(-10).ToUnixTimeSeconds());
        await Program.PostEventsAsync(
            $$"""{"id":"{{NewId()}}","name":"placed_order","profileId":"{{id}}","occurredAt":"{{orderedAt:yyyy-MM-ddTHH:mm:ssZ}}","value":3}""");

        var profile = await ProfileAsync(id, p => Membership(p, "recent")["member"]!.GetValue<bool>() && Membership(p, "buyers")["member"]!.GetValue<bool>());

        Membership(profile, "recent")["nextChange"]!.GetValue<DateTimeOffset>().ShouldBe(orderedAt.AddDays(30));
        Membership(profile, "recent")["joinedAt"]!.GetValue<DateTimeOffset>().ShouldBeGreaterThanOrEqualTo(clock.AddSeconds(-1));
        Membership(profile, "buyers")["nextChange"].ShouldBeNull();
        Membership(profile, "loyal")["nextChange"]!.GetValue<DateTimeOffset>()
            .ShouldBe(Membership(profile, "buyers")["joinedAt"]!.GetValue<DateTimeOffset>().AddDays(7));
        Membership(profile, "germans")["member"]!.GetValue<bool>().ShouldBeFalse();
        Membership(profile, "germans")["joinedAt"].ShouldBeNull();
    }

    [Fact]
    public async Task It_explains_why_a_profile_is_a_member_and_until_when()
    {
        var id = NewId() + "/ü";
        var clock = (await Program.GetAsync("/test/clock")).Json["now"]!.GetValue<DateTimeOffset>();
        var orderedAt = DateTimeOffset.FromUnixTimeSeconds(clock.AddDays(-10).ToUnixTimeSeconds());
        await Program.PostEventsAsync(
            $$"""{"id":"{{NewId()}}","name":"placed_order","profileId":"{{id}}","occurredAt":"{{orderedAt:yyyy-MM-ddTHH:mm:ssZ}}","value":3}""");
        await ProfileAsync(Uri.EscapeDataString(id), p => Membership(p, "recent")["member"]!.GetValue<bool>());

        var answer = await Program.GetAsync($"/v1/acme/profiles/{Uri.EscapeDataString(id)}/explain?segment=recent");

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Json["profileId"]!.GetValue<string>().ShouldBe(id);
        answer.Json["matches"]!.GetValue<bool>().ShouldBeTrue();
        answer.Json["member"]!.GetValue<bool>().ShouldBeTrue();
        answer.Json["nextChange"]!.GetValue<DateTimeOffset>().ShouldBe(orderedAt.AddDays(30));
        answer.Json["condition"]!["path"]!.GetValue<string>().ShouldBe("match.event");
    }

    [Theory]
    [InlineData("nobody/explain?segment=recent", HttpStatusCode.NotFound)]
    [InlineData("nobody/explain?segment=nosuch", HttpStatusCode.NotFound)]
    [InlineData("nobody/explain", HttpStatusCode.BadRequest)]
    public async Task An_explanation_of_nothing_is_refused(string path, HttpStatusCode status) =>
        (await Program.GetAsync("/v1/acme/profiles/" + path)).Status.ShouldBe(status);

    private static JsonObject Membership(JsonObject profile, string segment) =>
        profile["memberships"]!.AsArray().Select(m => m!.AsObject()).Single(m => m["segment"]!.GetValue<string>() == segment);

    private async Task ChangeAsync(HttpMethod method, string escapedId, string body) =>
        (await Program.ChangeProfileAsync(method, escapedId, body)).Status.ShouldBe(HttpStatusCode.Accepted);

    private async Task ShouldBecomeAsync(string id, string properties) =>
        await ProfileAsync(id, profile => profile["properties"]!.ToJsonString() == properties);

    private async Task<JsonObject> ProfileAsync(string escapedId, Func<JsonObject, bool> holds)
    {
        JsonObject? profile = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                var answer = await Program.GetAsync("/v1/acme/profiles/" + escapedId);
                profile = answer.Status == HttpStatusCode.OK ? answer.Json : null;
                return profile is not null && profile["memberships"]!.AsArray().Count == 4 && holds(profile);
            },
            "the profile is as expected");
        return profile!;
    }

    private static string NewId() => "p" + Guid.NewGuid().ToString("N")[..12];
}
