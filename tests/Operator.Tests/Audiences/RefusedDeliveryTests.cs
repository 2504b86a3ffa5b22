using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Segmentation.Operator.Audiences;

namespace Operator.Tests.Audiences;

[Collection(AudienceCollection.Name)]
public sealed class RefusedDeliveryTests(RedisServer redis)
{
    [Fact]
    public async Task What_fails_is_sent_again_until_it_is_accepted()
    {
        await using var bench = await StartAsync();
        foreach (var status in new[] { 500, 503, 302, 404, 429 }) bench.Receiver.Answer(status);
        bench.Apply();

        var attempts = new List<Delivery>();
        for (var i = 0; i < 6; i++) attempts.Add(await bench.Receiver.NextAsync());

        attempts.Select(a => (a.Id, a.Body)).Distinct().Count().ShouldBe(1);
        attempts.ShouldAllBe(a => a.Path == "/hook");
        await bench.InSyncAsync();
        bench.State()!.ShouldSatisfyAllConditions(s => s.FailedAttempts.ShouldBe(0), s => s.LastError.ShouldBeNull(), s => s.Synced.ShouldBe(3));
    }

    [Theory]
    [InlineData(429, "120", 120, AudienceReasons.DestinationUnreachable)]
    [InlineData(503, "7", 7, AudienceReasons.DestinationUnreachable)]
    [InlineData(500, "Sun, 01 Mar 2026 12:01:30 GMT", 90, AudienceReasons.DestinationUnreachable)]
    [InlineData(403, "45", 45, AudienceReasons.DestinationRejected)]
    [InlineData(429, "1000000", 3600, AudienceReasons.DestinationUnreachable)]
    public async Task Retry_After_is_honoured(int status, string retryAfter, int seconds, string reason)
    {
        var clock = new TestClock();
        await using var bench = await StartAsync(clock, options => options.SweepInterval = TimeSpan.FromDays(1));
        bench.Receiver.Answer(status, retryAfter);
        bench.Apply(configure: spec => spec.Batch = new() { MaxSize = 3, MaxDelay = "1h" });
        await bench.Receiver.NextAsync();

        await clock.SleeperAsync(TimeSpan.FromSeconds(seconds));
        await bench.StateBecomesAsync(s => s.Reason == reason && s.LastError == $"HTTP {status}" && s.FailedAttempts == 1, "the failure is reported");
        clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        bench.Receiver.Count.ShouldBe(1);
        clock.Advance(TimeSpan.FromMilliseconds(1));

        await bench.Receiver.NextAsync();
    }

    [Fact]
    public async Task A_request_to_reconcile_tries_again_at_once()
    {
        await using var bench = await StartAsync(configure: options => options.FirstBackoff = options.LongestBackoff = TimeSpan.FromHours(1));
        bench.Receiver.Answer(503);
        bench.Apply();
        await bench.StateBecomesAsync(s => s.FailedAttempts == 1, "the failure is reported");

        bench.Registry.Find(new(bench.Workspace, "crm"))!.RetryNow();

        await bench.InSyncAsync();
    }

    [Fact]
    public async Task A_destination_that_is_gone_gets_nothing_until_the_spec_changes()
    {
        await using var bench = await StartAsync();
        bench.Receiver.Answer(410);
        bench.Apply();
        await bench.StateBecomesAsync(s => s is { Phase: AudiencePhase.Stopped, Reason: AudienceReasons.DestinationGone, Pending: 3 }, "stopped");
        await bench.Registry.Find(new(bench.Workspace, "crm"))!.Completion;
        await bench.StopAsync();

        bench.Lead(); // a restart does not forget it
        await bench.StateBecomesAsync(s => s is { Phase: AudiencePhase.Stopped, Reason: AudienceReasons.DestinationGone }, "stopped");
        await bench.Registry.Find(new(bench.Workspace, "crm"))!.Completion;
        bench.Receiver.Count.ShouldBe(1);
        var refused = await bench.Receiver.NextAsync();

        bench.Apply(); // a new generation
        (await bench.Receiver.NextAsync()).Id.ShouldBe(refused.Id);
        await bench.Receiver.MembersBecomeAsync(["a", "b", "c"]);
    }

    [Fact]
    public async Task A_batch_that_is_too_large_is_halved_until_it_fits()
    {
        await using var bench = await StartAsync(members: [.. Enumerable.Range(0, 16).Select(i => $"c-{i}")]);
        bench.Receiver.Default = (context, delivery) => WebhookReceiver.Status(context, delivery.Changes.Count > 4 ? 413 : 200);
        bench.Apply();

        await bench.InSyncAsync();

        bench.Receiver.Members.Count.ShouldBe(16);
        var sizes = new List<(string Id, int Size)>();
        for (var i = bench.Receiver.Count; i > 0; i--)
        {
            var delivery = await bench.Receiver.NextAsync();
            sizes.Add((delivery.Id, delivery.Changes.Count));
        }
        sizes.Select(s => s.Size).ShouldBe([16, 8, 4, 4, 4, 4]);
        sizes.Select(s => s.Id).Distinct().Count().ShouldBe(6, "another content needs another id");
    }

    [Fact]
    public async Task A_single_change_that_is_too_large_counts_as_refused()
    {
        await using var bench = await StartAsync(members: ["a"]);
        bench.Receiver.Answer(413);
        bench.Apply();

        var first = await bench.Receiver.NextAsync();
        (await bench.Receiver.NextAsync()).Id.ShouldBe(first.Id);
        await bench.InSyncAsync();
    }

    [Fact]
    public async Task Silence_times_out_and_is_tried_again()
    {
        await using var bench = await StartAsync();
        var held = new TaskCompletionSource();
        bench.Receiver.Default = (_, _) => held.Task;
        bench.Apply(configure: spec => spec.Destination.Webhook!.Timeout = "1s");

        await bench.StateBecomesAsync(s => s is { Reason: AudienceReasons.DestinationUnreachable, LastError: "timed out after 1s" }, "it has timed out");
        held.SetResult();

        await bench.InSyncAsync();
    }

    [Fact]
    public async Task A_connection_that_is_refused_is_named_so()
    {
        await using var bench = await StartAsync(configure: options => options.FirstBackoff = options.LongestBackoff = TimeSpan.FromHours(1));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        bench.Apply(configure: spec => spec.Destination.Webhook!.Url = $"http://127.0.0.1:{port}/hook?token=very-secret-token");

        await bench.StateBecomesAsync(s => s is { Reason: AudienceReasons.DestinationUnreachable, LastError: "connection refused" }, "connection refused");
    }

    [Fact]
    public async Task A_missing_secret_is_named_and_found_when_it_is_there()
    {
        await using var bench = await StartAsync();
        bench.Receiver.Secrets.Clear();
        bench.Apply();
        await bench.StateBecomesAsync(s => s is { Reason: AudienceReasons.SecretNotFound, Message: "Secret crm does not exist" }, "the Secret is missed");

        bench.Receiver.Secrets["crm"] = WebhookReceiver.Secret;

        await bench.InSyncAsync();
    }

    [Fact]
    public async Task A_broken_secret_is_named_without_its_value()
    {
        await using var bench = await StartAsync();
        bench.Receiver.Secrets["crm"] = "hush-hush";
        bench.Apply();

        await bench.StateBecomesAsync(s => s.Reason == AudienceReasons.InvalidSecret, "the Secret is refused");

        bench.State()!.Message!.ShouldStartWith("key whsec of Secret crm does not begin with whsec_");
        bench.State()!.ToString().ShouldNotContain("hush");
    }

    [Fact]
    public async Task A_replaced_secret_signs_beside_the_old_one_and_then_alone()
    {
        var clock = new TestClock();
        await using var bench = await StartAsync(clock);
        const string Next = "whsec_TmV4dCBiYXNlNjQgb2YgbWFueSBieXRlcw==";
        bench.Apply();
        await clock.SleeperAsync(TimeSpan.FromMilliseconds(1));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        (await bench.Receiver.NextAsync()).Signature.Split(' ').Length.ShouldBe(1);

        bench.Receiver.Secrets["crm"] = WebhookReceiver.Secret + "\n" + Next;
        var both = await AfterFreshnessAsync("during");
        both.Signature.ShouldBe(Expected(WebhookReceiver.Secret, both) + " " + Expected(Next, both));

        bench.Receiver.Secrets["crm"] = Next;
        var alone = await AfterFreshnessAsync("after");
        alone.Signature.ShouldBe(Expected(Next, alone));

        async Task<Delivery> AfterFreshnessAsync(string profile)
        {
            await bench.InSyncAsync(); // the answer has come back: its time must not run out
            clock.Advance(TimeSpan.FromSeconds(30));
            await bench.Data.JoinAsync(profile);
            await clock.SleeperAsync(TimeSpan.FromMilliseconds(1));
            clock.Advance(TimeSpan.FromMilliseconds(1));
            return await bench.Receiver.NextAsync();
        }
    }

    [Fact]
    public async Task Nothing_secret_and_no_profile_reaches_logs_or_status()
    {
        await using var bench = await StartAsync(members: ["profile-of-alice"]);
        foreach (var status in new[] { 500, 401, 301 })
        {
            bench.Receiver.Answer(async context =>
            {
                context.Response.StatusCode = status;
                await context.Response.WriteAsync("the-answers-body about profile-of-alice");
            });
        }
        var states = new HashSet<string>();
        bench.Apply();
        await Eventually.HoldsAsync(
            () =>
            {
                states.Add(bench.State()?.ToString() ?? "");
                return bench.State() is { Phase: AudiencePhase.Following, Pending: 0 };
            },
            "in sync");

        bench.Log.Lines.ShouldContain(l => l.Contains("HTTP 500", StringComparison.Ordinal));
        foreach (var text in bench.Log.Lines.Where(l => !l.Contains("Kestrel", StringComparison.Ordinal)).Concat(states))
        {
            text.ShouldNotContain("very-secret-token");
            text.ShouldNotContain(WebhookReceiver.Secret["whsec_".Length..]);
            text.ShouldNotContain("profile-of-alice");
            text.ShouldNotContain("the-answers-body");
        }
    }

    private static string Expected(string secret, Delivery delivery) =>
        StandardWebhooksVerifier.Signature(secret, delivery.Id, delivery.Timestamp, System.Text.Encoding.UTF8.GetBytes(delivery.Body));

    private async Task<AudienceBench> StartAsync(TimeProvider? time = null, Action<AudienceOptions>? configure = null, string[]? members = null)
    {
        var bench = await AudienceBench.StartAsync(redis, time, configure);
        await bench.Data.ServeAsync("r1", members ?? ["a", "b", "c"], "uid-crm");
        bench.Lead();
        return bench;
    }
}
