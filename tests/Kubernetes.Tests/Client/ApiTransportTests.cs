using System.Net.Http.Headers;
using Kubernetes.Client;
using Kubernetes.Client.Configuration;
using Kubernetes.Tests.Server;
using Kubernetes.Tests.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kubernetes.Tests.Client;

public sealed class ApiTransportTests : IDisposable
{
    private static readonly ApiRequest Read = new(HttpMethod.Get, "apis/test.example.com/v1/namespaces/acme/widgets/a");

    private readonly ManualTime _time = new();
    private readonly TestMeters _meters = new();

    [Fact]
    public async Task Retry_after_is_honoured_on_429_and_5xx()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        var codes = new Queue<int>([429, 503]);
        server.Fault = async (_, context) =>
        {
            if (!codes.TryDequeue(out var code))
                return false;
            context.Response.Headers.RetryAfter = "30";
            await FakeApiServer.RefuseAsync(context, code, "Busy");
            return true;
        };
        using var transport = Connect(server);
        var sending = transport.SendAsync(Read, CancellationToken.None);

        var moved = await _time.AdvanceUntilAsync(() => sending.IsCompleted, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(3));
        (await sending).ShouldNotBeEmpty();
        moved.ShouldBeInRange(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(75));
        _meters.Sum("rest_client_requests_total").ShouldBe(3);
        _meters.Sum("rest_client_requests_total", "429").ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_always_says_later_is_given_up_after_ten_tries()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.Fault = async (_, context) =>
        {
            context.Response.Headers.RetryAfter = "1";
            await FakeApiServer.RefuseAsync(context, 429, "TooManyRequests");
            return true;
        };
        using var transport = Connect(server);
        var sending = transport.SendAsync(Read, CancellationToken.None);

        await _time.AdvanceUntilAsync(() => sending.IsCompleted, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(3));
        (await Should.ThrowAsync<TooManyRequestsException>(sending)).RetryAfter.ShouldBe(TimeSpan.FromSeconds(1));
        server.Requests.Count.ShouldBe(10);
    }

    [Fact]
    public async Task A_failure_without_retry_after_is_not_repeated()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.Fault = async (_, context) =>
        {
            await FakeApiServer.RefuseAsync(context, 500, "InternalError", "etcd is slow");
            return true;
        };
        using var transport = Connect(server);

        (await Should.ThrowAsync<ApiException>(transport.SendAsync(Read, CancellationToken.None))).Message.ShouldContain("etcd is slow");
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_request_that_gets_no_answer_ends_at_its_time_limit()
    {
        await using var server = await FakeApiServer.StartAsync();
        var never = new TaskCompletionSource<bool>();
        server.Fault = (_, _) => never.Task;
        using var transport = Connect(server);
        var sending = transport.SendAsync(Read, CancellationToken.None);
        await Wait.UntilAsync(() => server.Requests.Count == 1);

        await _time.AdvanceUntilAsync(() => sending.IsCompleted, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(40));
        (await Should.ThrowAsync<ServerUnreachableException>(sending)).Message.ShouldContain("30 s");
        never.SetResult(false);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unreachable_and_not_a_bug()
    {
        var server = await FakeApiServer.StartAsync();
        using var transport = Connect(server);
        await server.DisposeAsync();

        await Should.ThrowAsync<ServerUnreachableException>(transport.SendAsync(Read, CancellationToken.None));
        _meters.Sum("rest_client_requests_total", "<error>").ShouldBe(1);
    }

    [Fact]
    public async Task A_rotated_token_is_picked_up_on_401_and_the_request_repeated_once()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        server.Fault = async (request, context) =>
        {
            if (request.Authorization == "Bearer new")
                return false;
            await FakeApiServer.RefuseAsync(context, 401, "Unauthorized");
            return true;
        };
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "old");
        using var transport = Connect(server, new TokenFileCredential(file, _time));
        await Should.ThrowAsync<UnauthorizedException>(transport.SendAsync(Read, CancellationToken.None));
        server.Requests.Count.ShouldBe(2);

        await File.WriteAllTextAsync(file, "new");
        (await transport.SendAsync(Read, CancellationToken.None)).ShouldNotBeEmpty();
        server.Requests.Last().Authorization.ShouldBe("Bearer new");
        File.Delete(file);
    }

    [Fact]
    public async Task Credentials_that_cannot_be_had_now_count_as_unreachable_so_that_callers_try_again()
    {
        await using var server = await FakeApiServer.StartAsync();
        using var transport = Connect(server, new BrokenCredential());

        (await Should.ThrowAsync<ServerUnreachableException>(transport.SendAsync(Read, CancellationToken.None))).Message.ShouldContain("the plugin broke");
    }

    [Fact]
    public async Task The_callers_cancellation_stays_a_cancellation()
    {
        await using var server = await FakeApiServer.StartAsync();
        var never = new TaskCompletionSource<bool>();
        server.Fault = (_, _) => never.Task;
        using var transport = Connect(server);
        using var cancellation = new CancellationTokenSource();
        var sending = transport.SendAsync(Read, cancellation.Token);
        await Wait.UntilAsync(() => server.Requests.Count == 1);

        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(sending);
        never.SetResult(false);
    }

    public void Dispose() => _meters.Dispose();

    private ApiTransport Connect(FakeApiServer server, ICredential? credential = null) => new(
        new ClientConfiguration { Server = server.Address, Credential = credential }, new ClientMetrics(_meters), _time, NullLogger<ApiTransport>.Instance);

    private sealed class BrokenCredential : ICredential
    {
        public ValueTask<AuthenticationHeaderValue?> AuthorizeAsync(CancellationToken cancellationToken) =>
            throw new ClientConfigurationException("the plugin broke");

        public bool Refused() => true;
    }
}
