using System.Net;
using Segmentation.Operator.Tests.Redis;

namespace Segmentation.Operator.Tests.Http;

/// <summary>What callers see while something else is away or full. Each test has servers of its own.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private readonly RedisServer _redis = new(appendOnly: true);

    public Task InitializeAsync() => _redis.InitializeAsync();

    public Task DisposeAsync() => _redis.DisposeAsync();

    [Fact]
    public async Task Without_Redis_nothing_is_acknowledged_and_afterwards_everything_goes_on()
    {
        await using var program = await OperatorProcess.StartAsync(_redis.Configuration);
        (await program.PostEventsAsync(Order("before"))).Status.ShouldBe(HttpStatusCode.Accepted);
        await _redis.KillAsync();

        foreach (var answer in (Answer[])
        [
            await program.PostEventsAsync(Order("during")),
            await program.ChangeProfileAsync(HttpMethod.Put, "very-personal", """{"properties":{"a":1}}"""),
            await program.GetAsync("/v1/acme/profiles/very-personal"),
            await program.GetAsync("/v1/acme/segments/buyers/members"),
        ])
        {
            answer.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
            answer.Error.ShouldContain("send the request again");
        }
        await Eventually.HoldsAsync(async () => (await program.GetAsync("/readyz")).Body.Contains("not connected", StringComparison.Ordinal), "readiness tells of it");
        (await program.GetAsync("/healthz")).Status.ShouldBe(HttpStatusCode.OK);

        await _redis.StartAsync();
        await Eventually.HoldsAsync(async () => (await program.PostEventsAsync(Order("after"))).Status == HttpStatusCode.Accepted, "events are taken again");
        await Eventually.HoldsAsync(async () => await MembersAsync(program) == 2, "both acknowledged orders count and no other");
        program.Log.ShouldNotContain("personal");
        program.Log.ShouldNotContain("profile-before");
    }

    [Fact]
    public async Task A_full_log_is_told_with_when_to_come_back()
    {
        // Without workers no turn is ever taken: the log only fills.
        await using var program = await OperatorProcess.StartAsync(_redis.Configuration, "--Redis:MaxLogLength=3", "--DataPlane:Workers=0");
        Answer? full = null;
        for (var i = 0; i < 20 && full is null; i++)
        {
            var answer = await program.PostEventsAsync(Order($"e{i}", profile: "ada"));
            if (answer.Status == HttpStatusCode.TooManyRequests) full = answer;
            else answer.Status.ShouldBe(HttpStatusCode.Accepted);
        }

        full.ShouldNotBeNull().Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        full.Error.ShouldContain("The log is full");
        var change = await program.ChangeProfileAsync(HttpMethod.Put, "ada", """{"properties":{"a":1}}""");
        change.Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Without_the_API_server_events_are_taken_and_evaluated_on_the_definitions_known()
    {
        await using var program = await OperatorProcess.StartAsync(_redis.Configuration);
        (await program.PostEventsAsync(Order("before"))).Status.ShouldBe(HttpStatusCode.Accepted);
        await Eventually.HoldsAsync(async () => await MembersAsync(program) == 1, "the order counts");
        program.Api.Fault = async (_, context) =>
        {
            await Kubernetes.Tests.Server.FakeApiServer.RefuseAsync(context, 503, "ServiceUnavailable");
            return true;
        };
        program.Api.Watches.BreakAll();

        (await program.PostEventsAsync(Order("during"))).Status.ShouldBe(HttpStatusCode.Accepted);
        await Eventually.HoldsAsync(async () => await MembersAsync(program) == 2, "the second order counts");
        await Eventually.HoldsAsync(async () => (await program.GetAsync("/readyz")).Body.Contains("unreachable since", StringComparison.Ordinal), "readiness tells of it");
        (await program.GetAsync("/readyz")).Status.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<int> MembersAsync(OperatorProcess program)
    {
        var answer = await program.GetAsync("/v1/acme/segments/buyers/members");
        return answer.Status == HttpStatusCode.OK ? answer.Json["count"]!.GetValue<int>() : -1;
    }

    private static string Order(string id, string? profile = null) =>
        $$"""{"id":"{{id}}","name":"placed_order","profileId":"{{profile ?? "profile-" + id}}","occurredAt":"2025-01-01T00:00:00Z"}""";
}
