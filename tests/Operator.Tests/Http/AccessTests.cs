using System.Net;
using Kubernetes.Tests.Server;
using Segmentation.Operator.Tests.Redis;

namespace Segmentation.Operator.Tests.Http;

/// <summary>With a token Secret configured, nothing of a workspace is open without one of its tokens.</summary>
[Collection(SharedRedis.Name)]
public sealed class AccessTests(RedisServer redis) : IAsyncLifetime
{
    private const string Good = """{"id":"e1","name":"n","profileId":"p","occurredAt":"2025-01-01T00:00:00Z"}""";

    private OperatorProcess _program = null!;

    public async Task InitializeAsync()
    {
        _program = await OperatorProcess.StartAsync(redis.Configuration, "--Http:TokenSecret=ingest");
        OperatorProcess.PutSecret(_program.Api, "ingest", "first-token\nsecond-token\n", ("ingest-token", "shop-token\n"));
    }

    public async Task DisposeAsync() => await _program.DisposeAsync();

    [Fact]
    public async Task Any_token_of_the_workspaces_secret_opens_it_and_nothing_else_does()
    {
        foreach (var right in (string[])["Bearer first-token", "Bearer second-token", "bearer first-token", "Bearer  first-token "])
            (await PostAsync("acme", right)).Status.ShouldBe(HttpStatusCode.Accepted, right);

        foreach (var wrong in (string?[])[null, "", "Bearer", "Bearer ", "Bearer first", "Bearer first-token2", "Bearer shop-token2", "Basic first-token", "first-token"])
        {
            var answer = await PostAsync("acme", wrong);
            answer.Status.ShouldBe(HttpStatusCode.Unauthorized, wrong);
            answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
            answer.Error.ShouldContain("Authorization: Bearer TOKEN");
            answer.Body.ShouldNotContain("first");
        }
    }

    [Fact]
    public async Task Without_the_right_token_nobody_learns_whether_a_workspace_exists_and_the_API_server_is_not_asked()
    {
        var (known, unknown) = (await PostAsync("acme", "Bearer wrong"), await PostAsync("nobody", "Bearer wrong"));
        (unknown.Status, unknown.Body).ShouldBe((known.Status, known.Body));
        _program.Api.Requests.Where(r => r.Path.Contains("/nobody/", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("GET", "/v1/acme/profiles/p")]
    [InlineData("PUT", "/v1/acme/profiles/p")]
    [InlineData("PATCH", "/v1/acme/profiles/p")]
    [InlineData("DELETE", "/v1/acme/profiles/p")]
    [InlineData("GET", "/v1/acme/profiles/p/export")]
    [InlineData("GET", "/v1/acme/segments/buyers/members")]
    public async Task Every_route_of_a_workspace_asks_for_the_token(string method, string path) =>
        (await _program.SendAsync(new HttpMethod(method), path)).Status.ShouldBe(HttpStatusCode.Unauthorized);

    [Fact]
    public async Task A_token_for_ingestion_takes_events_and_properties_in_and_opens_nothing_else()
    {
        const string Shop = "Bearer shop-token";
        (await PostAsync("acme", Shop)).Status.ShouldBe(HttpStatusCode.Accepted);
        foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Patch])
            (await _program.SendAsync(method, "/v1/acme/profiles/p", new StringContent("""{"properties":{"plan":"free"}}"""), Shop)).Status.ShouldBe(HttpStatusCode.Accepted);

        foreach (var (method, path) in ((string, string)[])
            [("GET", "profiles/p"), ("DELETE", "profiles/p"), ("GET", "profiles/p/export"), ("GET", "profiles/p/explain?segment=buyers"), ("POST", "profiles/p/merge"), ("GET", "segments/buyers/members")])
        {
            var answer = await _program.SendAsync(new HttpMethod(method), "/v1/acme/" + path, token: Shop);
            answer.Status.ShouldBe(HttpStatusCode.Forbidden, path);
            answer.Error.ShouldContain("`token`");
        }
        (await _program.SendAsync(HttpMethod.Get, "/v1/acme/profiles/p", token: "Bearer first-token")).Status.ShouldNotBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task While_the_tokens_cannot_be_read_a_right_one_is_told_to_come_again()
    {
        _program.Api.Fault = async (request, context) =>
        {
            if (!request.Path.Contains("/secrets/", StringComparison.Ordinal)) return false;
            await FakeApiServer.RefuseAsync(context, 500, "InternalError");
            return true;
        };
        var answer = await PostAsync("acme", "Bearer first-token");
        answer.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        _program.Api.Fault = null;
        await Eventually.HoldsAsync(async () => (await PostAsync("acme", "Bearer first-token")).Status == HttpStatusCode.Accepted, "the token is read");
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/metrics")]
    public async Task What_the_cluster_asks_needs_none(string path) => (await _program.GetAsync(path)).Status.ShouldBe(HttpStatusCode.OK);

    private Task<Answer> PostAsync(string workspace, string? authorization) =>
        _program.SendAsync(HttpMethod.Post, $"/v1/{workspace}/events", new StringContent(Good), authorization);
}
