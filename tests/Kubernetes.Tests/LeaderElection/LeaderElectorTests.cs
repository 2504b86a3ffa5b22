using System.Text.Json.Nodes;
using Kubernetes.Client;
using Kubernetes.Client.Configuration;
using Kubernetes.LeaderElection;
using Kubernetes.Tests.Server;
using Kubernetes.Tests.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kubernetes.Tests.LeaderElection;

public sealed class LeaderElectorTests : IDisposable
{
    private const string LeasePath = "apis/coordination.k8s.io/v1/leases/operators/the-lease";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTime _time = new();
    private readonly TestMeters _meters = new();
    private readonly CancellationTokenSource _stop = new();

    [Fact]
    public async Task A_free_lease_is_taken_at_once_and_renewed_every_two_seconds()
    {
        await using var server = await FakeApiServer.StartAsync();
        var replica = Start(server, "one");

        await Wait.UntilAsync(() => replica.Leadership.IsLeader);
        Holder(server).ShouldBe("one");
        var requests = server.Requests.Count;
        await _time.AdvanceUntilAsync(() => server.Requests.Count >= requests + 15, Second / 2, TimeSpan.FromSeconds(40));

        replica.Leadership.IsLeader.ShouldBeTrue();
        server.Requests.Skip(requests).ShouldAllBe(request => request.Method == "PATCH"); // one request per renewal
    }

    [Fact]
    public async Task Another_replica_waits_while_the_lease_is_renewed_and_takes_it_when_it_has_not_changed_for_its_duration()
    {
        await using var server = await FakeApiServer.StartAsync();
        using var firstStop = new CancellationTokenSource();
        var first = Start(server, "one", stop: firstStop.Token);
        await Wait.UntilAsync(() => first.Leadership.IsLeader);
        var second = Start(server, "two");
        await _time.AdvanceUntilAsync(() => server.Count(request => request.Method == "GET") >= 10, Second / 2, TimeSpan.FromMinutes(2));
        second.Leadership.IsLeader.ShouldBeFalse();

        await firstStop.CancelAsync(); // as if killed: the lease stays behind
        await Wait.WithinLimitAsync(first.Running.ContinueWith(_ => { }, TaskScheduler.Default));
        var waited = await _time.AdvanceUntilAsync(() => second.Leadership.IsLeader, Second / 2, TimeSpan.FromMinutes(1));

        waited.ShouldBeInRange(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(23));
        Holder(server).ShouldBe("two");
        server.Store.Get(LeasePath)!["spec"]!["leaseTransitions"]!.GetValue<int>().ShouldBe(1);
    }

    [Theory]
    [InlineData("2000-01-01T00:00:00.000000Z")] // written by a machine whose clock is far behind
    [InlineData("2100-01-01T00:00:00.000000Z")]
    public async Task The_time_in_the_record_does_not_matter(string renewTime)
    {
        await using var server = await FakeApiServer.StartAsync();
        server.Store.Create("apis/coordination.k8s.io/v1/leases", LeasePath, new JsonObject
        {
            ["apiVersion"] = "coordination.k8s.io/v1",
            ["kind"] = "Lease",
            ["metadata"] = new JsonObject { ["name"] = "the-lease", ["namespace"] = "operators" },
            ["spec"] = new JsonObject { ["holderIdentity"] = "dead", ["leaseDurationSeconds"] = 15, ["renewTime"] = renewTime },
        });
        var replica = Start(server, "one");

        var waited = await _time.AdvanceUntilAsync(() => replica.Leadership.IsLeader, Second / 2, TimeSpan.FromMinutes(2));
        waited.ShouldBeInRange(TimeSpan.FromSeconds(14), TimeSpan.FromSeconds(22));
    }

    [Fact]
    public async Task Leadership_ends_at_the_renew_deadline_when_the_server_is_out_of_reach()
    {
        await using var server = await FakeApiServer.StartAsync();
        var replica = Start(server, "one");
        await Wait.UntilAsync(() => replica.Leadership.IsLeader);
        var lifetime = await replica.Leadership.WaitAsync(CancellationToken.None);
        server.Fault = async (_, context) =>
        {
            await FakeApiServer.RefuseAsync(context, 503, "ServiceUnavailable");
            return true;
        };

        var waited = await _time.AdvanceUntilAsync(() => lifetime.IsCancellationRequested, Second / 2, TimeSpan.FromMinutes(1));
        waited.ShouldBeInRange(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(13));
        replica.Leadership.IsLeader.ShouldBeFalse();
        await Wait.WithinLimitAsync(replica.Running);
    }

    [Fact]
    public async Task A_leader_that_may_lead_unproven_goes_on_while_the_server_is_out_of_reach_and_renews_when_it_is_back()
    {
        await using var server = await FakeApiServer.StartAsync();
        var replica = Start(server, "one", keepLeading: true);
        await Wait.UntilAsync(() => replica.Leadership.IsLeader);
        var refused = 0;
        server.Fault = async (_, context) =>
        {
            Interlocked.Increment(ref refused);
            await FakeApiServer.RefuseAsync(context, 503, "ServiceUnavailable");
            return true;
        };

        await _time.AdvanceUntilAsync(() => refused >= 20, Second / 2, TimeSpan.FromMinutes(5));
        replica.Leadership.IsLeader.ShouldBeTrue();
        server.Fault = null;
        var patches = server.Count(request => request.Method == "PATCH");
        await _time.AdvanceUntilAsync(() => server.Count(request => request.Method == "PATCH") > patches + 3, Second / 2, TimeSpan.FromMinutes(1));
        replica.Leadership.IsLeader.ShouldBeTrue();
        Holder(server).ShouldBe("one");
    }

    [Fact]
    public async Task A_leader_without_proof_ends_when_another_is_seen_doing_its_work_and_one_with_proof_goes_on()
    {
        await using var server = await FakeApiServer.StartAsync();
        var replica = Start(server, "one", keepLeading: true);
        await Wait.UntilAsync(() => replica.Leadership.IsLeader);
        replica.Leadership.YieldUnlessProven();
        replica.Leadership.IsLeader.ShouldBeTrue();

        var refused = 0;
        server.Fault = async (_, context) =>
        {
            Interlocked.Increment(ref refused);
            await FakeApiServer.RefuseAsync(context, 503, "ServiceUnavailable");
            return true;
        };
        await _time.AdvanceUntilAsync(() => refused >= 20, Second / 2, TimeSpan.FromMinutes(5));
        replica.Leadership.YieldUnlessProven();
        replica.Leadership.IsLeader.ShouldBeFalse();
        await _time.AdvanceUntilAsync(() => replica.Running.IsCompleted, Second / 2, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_process_that_slept_past_the_deadline_knows_at_once_that_it_no_longer_leads()
    {
        await using var server = await FakeApiServer.StartAsync();
        var hang = new TaskCompletionSource();
        var replica = Start(server, "one");
        await Wait.UntilAsync(() => replica.Leadership.IsLeader);
        server.Fault = async (_, _) =>
        {
            await hang.Task;
            return false;
        };

        _time.Advance(TimeSpan.FromSeconds(11));
        replica.Leadership.IsLeader.ShouldBeFalse();
        hang.SetResult();
    }

    [Fact]
    public async Task Leadership_ends_when_another_took_the_lease()
    {
        await using var server = await FakeApiServer.StartAsync();
        var replica = Start(server, "one");
        await Wait.UntilAsync(() => replica.Leadership.IsLeader);

        server.Store.Change(LeasePath, lease =>
        {
            lease["spec"]!["holderIdentity"] = "usurper";
            return true;
        });

        await _time.AdvanceUntilAsync(() => replica.Running.IsCompleted, Second / 2, TimeSpan.FromSeconds(9));
        replica.Leadership.IsLeader.ShouldBeFalse();
        Holder(server).ShouldBe("usurper");
    }

    [Fact]
    public async Task A_conflict_with_a_harmless_writer_does_not_end_leadership_and_its_fields_stay()
    {
        await using var server = await FakeApiServer.StartAsync();
        var replica = Start(server, "one");
        await Wait.UntilAsync(() => replica.Leadership.IsLeader);

        server.Store.Change(LeasePath, lease =>
        {
            lease["metadata"]!["annotations"] = new JsonObject { ["note"] = "hello" };
            lease["spec"]!["strategy"] = "OldestEmulationVersion"; // a field that we know nothing of
            return true;
        });
        var gets = server.Count(request => request.Method == "GET");
        await _time.AdvanceUntilAsync(() => server.Count(request => request.Method == "GET") > gets, Second / 2, TimeSpan.FromSeconds(9));
        var patches = server.Count(request => request.Method == "PATCH");
        await _time.AdvanceUntilAsync(() => server.Count(request => request.Method == "PATCH") > patches + 2, Second / 2, TimeSpan.FromSeconds(20));

        replica.Leadership.IsLeader.ShouldBeTrue();
        server.Store.Get(LeasePath)!["spec"]!["strategy"]!.GetValue<string>().ShouldBe("OldestEmulationVersion");
    }

    [Fact]
    public async Task A_lease_given_up_is_free_for_the_next()
    {
        await using var server = await FakeApiServer.StartAsync();
        var first = Start(server, "one");
        await Wait.UntilAsync(() => first.Leadership.IsLeader);
        await first.Elector.ReleaseAsync(CancellationToken.None);
        Holder(server).ShouldBe("");

        var second = Start(server, "two");
        await Wait.UntilAsync(() => second.Leadership.IsLeader);
        first.Leadership.IsLeader.ShouldBeFalse();
    }

    [Fact]
    public void Times_that_cannot_work_are_refused_with_their_values()
    {
        var options = new LeaderElectionOptions { LeaseName = "x", RenewDeadline = TimeSpan.FromSeconds(20) };
        Should.Throw<InvalidOperationException>(options.Validate).Message.ShouldContain("00:00:20");
        Should.Throw<InvalidOperationException>(new LeaderElectionOptions().Validate).Message.ShouldContain("LeaseName");
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _meters.Dispose();
    }

    private Replica Start(FakeApiServer server, string identity, bool keepLeading = false, CancellationToken stop = default)
    {
        var configuration = new ClientConfiguration { Server = server.Address };
        var transport = new ApiTransport(configuration, new ClientMetrics(_meters), _time, NullLogger<ApiTransport>.Instance);
        var client = new KubernetesClient(transport, new EntityTypes([]), "test");
        var leadership = new Leadership(_time);
        var elector = new LeaderElector(
            new LeaderElectionOptions { LeaseName = "the-lease", KeepLeadingWhileUnreachable = keepLeading }, new LeaseRecord(client, "operators", "the-lease"), leadership, identity, _meters, _time,
            new Random(7), NullLogger<LeaderElector>.Instance);
        return new Replica(elector, leadership, Task.Run(() => elector.RunAsync(stop == default ? _stop.Token : stop), CancellationToken.None));
    }

    private static string Holder(FakeApiServer server) => server.Store.Get(LeasePath)!["spec"]!["holderIdentity"]!.GetValue<string>();

    private sealed record Replica(LeaderElector Elector, Leadership Leadership, Task Running);
}
