using System.Text.Json.Nodes;
using Kubernetes.Client;
using Kubernetes.Client.Configuration;
using Kubernetes.LeaderElection;
using Kubernetes.Tests.Server;
using Kubernetes.Tests.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kubernetes.Tests.LeaderElection;

/// <summary>Replicas know each other by their Leases: who is counted, for how long, and what is concluded when nothing can be seen.</summary>
public sealed class LiveReplicasTests : IDisposable
{
    private const string Collection = "apis/coordination.k8s.io/v1/leases";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly LeaderElectionOptions Options = new() { LeaseName = "widgets", ReplicaLabel = "test.example.com/replica-of" };

    private readonly ManualTime _time = new();
    private readonly TestMeters _meters = new();
    private readonly CancellationTokenSource _stop = new();

    [Fact]
    public async Task Replicas_find_each_other_and_nobody_else()
    {
        await using var server = await FakeApiServer.StartAsync();
        AddLease(server, "another-program", holder: "stranger", replicaOf: "gadgets");
        var (a, b) = (Start(server, "a"), Start(server, "b"));

        await _time.AdvanceUntilAsync(() => Sees(a, "a", "b") && Sees(b, "a", "b"), Second / 2, TimeSpan.FromSeconds(10));
        a.Live.IsProven.ShouldBeTrue();
        await _time.AdvanceUntilAsync(() => server.Count(request => request.Method == "PATCH") > 30, Second / 2, TimeSpan.FromMinutes(2));
        (Sees(a, "a", "b") && Sees(b, "a", "b")).ShouldBeTrue("renewals keep them counted");
    }

    [Fact]
    public async Task One_that_leaves_is_not_counted_any_more_without_time_passing()
    {
        await using var server = await FakeApiServer.StartAsync();
        var (a, b) = (Start(server, "a"), Start(server, "b"));
        await _time.AdvanceUntilAsync(() => Sees(a, "a", "b") && Sees(b, "a", "b"), Second / 2, TimeSpan.FromSeconds(10));

        await b.StopAsync();
        b.Live.Current.ShouldBe(["a"], "it counts itself out first");
        b.Live.IsProven.ShouldBeFalse();
        await Wait.UntilAsync(() => Sees(a, "a"));
        server.Store.List(Collection, "operators").Count.ShouldBe(1);
    }

    [Fact]
    public async Task One_that_crashed_is_counted_for_the_duration_of_its_lease_and_its_lease_is_deleted_long_after()
    {
        await using var server = await FakeApiServer.StartAsync();
        var (a, b) = (Start(server, "a"), Start(server, "b"));
        await _time.AdvanceUntilAsync(() => Sees(a, "a", "b") && Sees(b, "a", "b"), Second / 2, TimeSpan.FromSeconds(10));

        await b.CrashAsync();
        var waited = await _time.AdvanceUntilAsync(() => Sees(a, "a"), Second / 2, TimeSpan.FromMinutes(1));
        waited.ShouldBeInRange(TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(17));
        server.Store.List(Collection, "operators").Count.ShouldBe(2);
        await _time.AdvanceUntilAsync(() => server.Store.List(Collection, "operators").Count == 1, Second, TimeSpan.FromMinutes(12));
    }

    [Theory]
    [InlineData("2000-01-01T00:00:00.000000Z")]
    [InlineData("2100-01-01T00:00:00.000000Z")]
    public async Task The_time_in_a_lease_does_not_matter(string renewTime)
    {
        await using var server = await FakeApiServer.StartAsync();
        AddLease(server, "left-behind", "dead", "widgets", renewTime);
        var a = Start(server, "a");
        await _time.AdvanceUntilAsync(() => Sees(a, "a", "dead"), Second / 2, TimeSpan.FromSeconds(10));
        var waited = await _time.AdvanceUntilAsync(() => Sees(a, "a"), Second / 2, TimeSpan.FromMinutes(1));
        waited.ShouldBeInRange(TimeSpan.FromSeconds(11), TimeSpan.FromSeconds(17));
    }

    [Fact]
    public async Task While_the_server_is_away_nobody_is_counted_out_nor_right_after()
    {
        await using var server = await FakeApiServer.StartAsync();
        var (a, b) = (Start(server, "a"), Start(server, "b"));
        await _time.AdvanceUntilAsync(() => Sees(a, "a", "b") && Sees(b, "a", "b"), Second / 2, TimeSpan.FromSeconds(10));
        var changes = 0;
        a.Live.Changed += () => changes += a.Live.Current.Count == 2 ? 0 : 1;
        server.Fault = async (_, context) =>
        {
            await FakeApiServer.RefuseAsync(context, 503, "ServiceUnavailable");
            return true;
        };
        server.Watches.BreakAll();

        await _time.AdvanceUntilAsync(() => !a.Live.IsProven && !b.Live.IsProven, Second, TimeSpan.FromMinutes(1));
        for (var i = 0; i < 60; i++) _time.Advance(Second);
        (Sees(a, "a", "b") && Sees(b, "a", "b")).ShouldBeTrue();
        server.Fault = null;
        await _time.AdvanceUntilAsync(() => a.Live.IsProven && b.Live.IsProven, Second / 2, TimeSpan.FromMinutes(2));
        (Sees(a, "a", "b") && Sees(b, "a", "b")).ShouldBeTrue();
        changes.ShouldBe(0);
    }

    [Fact]
    public async Task One_whose_watch_has_gone_silent_does_not_take_the_others_for_dead()
    {
        await using var server = await FakeApiServer.StartAsync();
        var (a, b) = (Start(server, "a"), Start(server, "b"));
        await _time.AdvanceUntilAsync(() => Sees(a, "a", "b") && Sees(b, "a", "b"), Second / 2, TimeSpan.FromSeconds(10));

        // Its renewals arrive, but nothing comes back.
        server.Watches.Silent = true;
        await _time.AdvanceUntilAsync(() => !a.Live.IsProven, Second, TimeSpan.FromMinutes(1));
        for (var i = 0; i < 30; i++) _time.Advance(Second);
        Sees(a, "a", "b").ShouldBeTrue();
    }

    [Fact]
    public async Task One_that_slept_past_its_lease_knows_at_once_that_it_has_to_prove_itself()
    {
        await using var server = await FakeApiServer.StartAsync();
        var a = Start(server, "a");
        await _time.AdvanceUntilAsync(() => a.Live.IsProven, Second / 2, TimeSpan.FromSeconds(10));
        server.Fault = (_, context) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => true, TaskScheduler.Default);

        _time.Advance(TimeSpan.FromSeconds(16));

        a.Live.IsProven.ShouldBeFalse();
        Sees(a, "a").ShouldBeTrue("what it knew stays");
    }

    [Fact]
    public async Task A_lease_that_somebody_deleted_is_there_again_with_the_next_renewal()
    {
        await using var server = await FakeApiServer.StartAsync();
        var (a, b) = (Start(server, "a"), Start(server, "b"));
        await _time.AdvanceUntilAsync(() => Sees(a, "a", "b") && Sees(b, "a", "b"), Second / 2, TimeSpan.FromSeconds(10));

        server.Store.Delete($"{Collection}/operators/widgets-b").ShouldBeTrue();

        await _time.AdvanceUntilAsync(() => Sees(a, "a"), Second / 10, TimeSpan.FromSeconds(1));
        await _time.AdvanceUntilAsync(() => Sees(a, "a", "b"), Second / 2, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Alone_there_is_nothing_to_prove()
    {
        var alone = LiveReplicas.Alone("me");
        (alone.IsProven, alone.Current.Single()).ShouldBe((true, "me"));
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _meters.Dispose();
    }

    private static bool Sees(Replica replica, params string[] names) => replica.Live.Current.SequenceEqual(names);

    private static void AddLease(FakeApiServer server, string name, string holder, string replicaOf, string renewTime = "2024-01-01T00:00:00.000000Z") =>
        server.Store.Create(Collection, $"{Collection}/operators/{name}", new JsonObject
        {
            ["apiVersion"] = "coordination.k8s.io/v1",
            ["kind"] = "Lease",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "operators", ["labels"] = new JsonObject { [Options.ReplicaLabel] = replicaOf } },
            ["spec"] = new JsonObject { ["holderIdentity"] = holder, ["leaseDurationSeconds"] = 15, ["renewTime"] = renewTime },
        });

    private Replica Start(FakeApiServer server, string name)
    {
        var transport = new ApiTransport(new ClientConfiguration { Server = server.Address }, new ClientMetrics(_meters), _time, NullLogger<ApiTransport>.Instance);
        var client = new KubernetesClient(transport, new EntityTypes([]), "test");
        var live = new LiveReplicas(name, Options.LeaseDuration, _time);
        var record = new LeaseRecord(client, "operators", "widgets-" + name, new Dictionary<string, string> { [Options.ReplicaLabel] = Options.LeaseName });
        var lease = new ReplicaLease(Options, record, client, "operators", live, _time, NullLogger<ReplicaLease>.Instance);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        return new Replica(live, lease, stop, Task.Run(() => lease.RunAsync(stop.Token), CancellationToken.None));
    }

    private sealed record Replica(LiveReplicas Live, ReplicaLease Lease, CancellationTokenSource Stop, Task Running)
    {
        public async Task CrashAsync()
        {
            await Stop.CancelAsync();
            await Wait.WithinLimitAsync(Running);
        }

        public async Task StopAsync()
        {
            await CrashAsync();
            await Wait.WithinLimitAsync(Lease.LeaveAsync());
        }
    }
}
