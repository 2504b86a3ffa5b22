using Kubernetes.Controllers;
using Kubernetes.Hosting;
using Kubernetes.LeaderElection;
using Kubernetes.Queue;
using Kubernetes.Tests.Server;
using Kubernetes.Tests.Time;
using Kubernetes.Tests.Widgets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Kubernetes.Tests.Hosting;

public sealed class RuntimeHostTests
{
    private const string LeasePath = "apis/coordination.k8s.io/v1/leases/operators/widgets";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Only_the_leader_reconciles_and_every_replica_has_the_objects()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        await using var leader = await RunningRuntime.StartAsync(server, configure: Elect);
        await Wait.UntilAsync(() => leader.Controller.Times("a") == 1);
        await using var follower = await RunningRuntime.StartAsync(server, configure: Elect);
        await Wait.UntilAsync(() => follower.Store.HasSynced);

        follower.Get<EntityQueue<Widget>>().Enqueue("acme", "a"); // dropped: not the leader
        server.AddWidget("b");
        await Wait.UntilAsync(() => leader.Controller.Times("b") == 1 && follower.Store.Count == 2);

        follower.Get<Leadership>().IsLeader.ShouldBeFalse();
        follower.Controller.Reconciled.ShouldBeEmpty();
    }

    [Fact]
    public async Task Lost_leadership_cuts_running_work_short_and_ends_the_process()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        var cut = new TaskCompletionSource();
        await using var runtime = await RunningRuntime.StartAsync(server, configure: Elect, arrange: controller => controller.OnReconcile = async (widget, token) =>
        {
            using var registration = token.Register(cut.SetResult);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return ReconciliationResult<Widget>.Success(widget);
        });
        await Wait.UntilAsync(() => runtime.Controller.Times("a") == 1);

        server.Store.Change(LeasePath, lease =>
        {
            lease["spec"]!["holderIdentity"] = "another";
            return true;
        });
        await runtime.Time.AdvanceUntilAsync(() => cut.Task.IsCompleted, Second, TimeSpan.FromSeconds(10));

        await Wait.UntilAsync(() => runtime.Stopping.IsCancellationRequested);
        runtime.Get<Leadership>().IsLeader.ShouldBeFalse();
        Environment.ExitCode.ShouldBe(1);
        Environment.ExitCode = 0; // that of the test run itself
    }

    [Fact]
    public async Task A_leader_that_goes_on_unproven_writes_nothing_until_it_has_renewed_its_lease()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        await using var runtime = await RunningRuntime.StartAsync(
            server,
            configure: options =>
            {
                Elect(options);
                options.LeaderElection.KeepLeadingWhileUnreachable = true;
            },
            arrange: controller => controller.OnReconcile = (widget, _) =>
            {
                widget.Status.ObservedSize = widget.Spec.Size;
                return Task.FromResult(ReconciliationResult<Widget>.Success(widget));
            });
        await Wait.UntilAsync(() => runtime.Controller.Times("a") == 1);

        // As after a long sleep: the watch has news, and the lease was last renewed long ago.
        var leaseIsAway = true;
        server.Fault = async (request, context) =>
        {
            if (!leaseIsAway || !request.Path.Contains("leases", StringComparison.Ordinal))
                return false;
            await FakeApiServer.RefuseAsync(context, 500, "InternalError", "no leases now");
            return true;
        };
        runtime.Time.Advance(TimeSpan.FromMinutes(1));
        server.ChangeWidget("a", widget => widget["spec"]!["size"] = 7);
        await Wait.UntilAsync(() => runtime.Store.Get("acme", "a")!.Spec.Size == 7);
        await runtime.Time.AdvanceUntilAsync(() => server.Requests.Count(r => r.Path.Contains("leases", StringComparison.Ordinal)) > 10, Second, TimeSpan.FromMinutes(1));
        runtime.Get<Leadership>().IsLeader.ShouldBeTrue();
        runtime.Get<Leadership>().IsProven.ShouldBeFalse();
        runtime.Controller.Times("a").ShouldBe(1);

        leaseIsAway = false;
        await runtime.Time.AdvanceUntilAsync(() => server.Widget("a")!["status"]?["observedSize"]?.GetValue<int>() == 7, Second, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Stopping_finishes_what_runs_takes_nothing_new_and_only_then_gives_up_the_lease()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("running");
        var finish = new TaskCompletionSource();
        var log = new List<string>();
        var work = new FlakyWork(failures: 0);
        server.Fault = (request, _) =>
        {
            if (request.Body.Contains("\"holderIdentity\":\"\"", StringComparison.Ordinal))
                log.Add("released");
            return Task.FromResult(false);
        };
        await using var runtime = await RunningRuntime.StartAsync(server, configure: Elect, arrange: controller => controller.OnReconcile = async (widget, _) =>
        {
            await finish.Task;
            log.Add("finished");
            widget.Status.ObservedSize = 1;
            return ReconciliationResult<Widget>.Success(widget);
        }, services: services => services.AddSingleton<ILeaderWork>(work));
        await Wait.UntilAsync(() => runtime.Controller.Times("running") == 1 && work.Started == 1);

        var stopping = runtime.StopAsync();
        await Wait.UntilAsync(() => work.Cancelled);
        server.AddWidget("new");
        await Wait.UntilAsync(() => runtime.Store.Get("acme", "new") is not null);
        log.ShouldBeEmpty();
        finish.SetResult();
        await stopping;

        log.Distinct().ShouldBe(["finished", "released"]); // it may take two tries to release: a renewal may have come between
        runtime.Controller.Times("new").ShouldBe(0);
        server.Widget("running")!["status"]!["observedSize"]!.GetValue<int>().ShouldBe(1);
        server.Store.Get(LeasePath)!["spec"]!["holderIdentity"]!.GetValue<string>().ShouldBeEmpty();
    }

    [Fact]
    public async Task Work_that_does_not_end_is_cut_short_after_the_drain_timeout()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        await using var runtime = await RunningRuntime.StartAsync(server, arrange: controller => controller.OnReconcile = async (widget, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return ReconciliationResult<Widget>.Success(widget);
        });
        await Wait.UntilAsync(() => runtime.Controller.Times("a") == 1);

        var stopping = runtime.StopAsync();
        var waited = await runtime.Time.AdvanceUntilAsync(() => stopping.IsCompleted, Second, TimeSpan.FromMinutes(1));
        waited.ShouldBeInRange(TimeSpan.FromSeconds(29), TimeSpan.FromSeconds(33));
    }

    [Fact]
    public async Task Without_an_api_server_the_process_starts_and_says_what_is_wrong()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        var down = true;
        server.Fault = async (_, context) =>
        {
            if (down)
                await FakeApiServer.RefuseAsync(context, 503, "ServiceUnavailable", "still starting");
            return down;
        };
        await using var runtime = await RunningRuntime.StartAsync(server);

        await Wait.UntilAsync(() => runtime.Health.UnreachableSince is not null);
        runtime.Health.AllSynced.ShouldBeFalse();
        runtime.Health.Snapshot().Single().LastError!.ShouldContain("still starting");

        down = false;
        await runtime.Time.AdvanceUntilAsync(() => runtime.Controller.Times("a") == 1, Second, TimeSpan.FromMinutes(1));
        runtime.Health.UnreachableSince.ShouldBeNull();
    }

    [Fact]
    public async Task Leader_work_that_fails_is_started_again_and_stops_with_the_process()
    {
        await using var server = await FakeApiServer.StartAsync();
        var work = new FlakyWork(failures: 2);
        await using var runtime = await RunningRuntime.StartAsync(server, services: services => services.AddSingleton<ILeaderWork>(work));

        await runtime.Time.AdvanceUntilAsync(() => work.Started == 3, Second / 2, TimeSpan.FromMinutes(1));
        await runtime.StopAsync();
        work.Cancelled.ShouldBeTrue();
    }

    [Fact]
    public void Wrong_registrations_are_refused_when_they_are_written()
    {
        var services = new ServiceCollection();
        var runtime = services.AddKubernetesRuntime(_ => { });

        Should.Throw<InvalidOperationException>(() => runtime.AddController<WidgetController, Widget>()).Message.ShouldContain("add the entity Widget first");
        runtime.AddEntity(WidgetJson.Default.Widget);
        Should.Throw<InvalidOperationException>(() => runtime.AddFinalizer<WidgetController, Widget>("a/b")).Message.ShouldContain("controller");
        runtime.AddController<WidgetController, Widget>();
        Should.Throw<ArgumentException>(() => runtime.AddFinalizer<WidgetController, Widget>("no-domain")).Message.ShouldContain("domain/name");
        using var provider = services.BuildServiceProvider();
        Should.Throw<InvalidOperationException>(() => provider.GetRequiredService<IOptions<KubernetesRuntimeOptions>>().Value)
            .Message.ShouldContain("FieldManager");
    }

    [Fact]
    public async Task Every_replica_works_and_deletes_its_lease_when_its_work_has_ended_although_the_leader_still_finishes_a_reconciliation()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.AddWidget("a");
        var finish = new TaskCompletionSource();
        var (atLeader, atFollower) = (new LingeringWork(), new LingeringWork());
        await using var leader = await RunningRuntime.StartAsync(
            server, configure: Share, services: services => services.AddSingleton<IReplicaWork>(atLeader), arrange: controller => controller.OnReconcile = async (widget, _) =>
            {
                await finish.Task;
                return ReconciliationResult<Widget>.Success(widget);
            });
        await Wait.UntilAsync(() => leader.Controller.Times("a") == 1 && atLeader.IsRunning);
        await using var follower = await RunningRuntime.StartAsync(server, configure: Share, services: services => services.AddSingleton<IReplicaWork>(atFollower));
        await Wait.UntilAsync(() => atFollower.IsRunning && follower.Get<LiveReplicas>().Current.Count == 2);

        var stopping = leader.StopAsync();
        await Wait.UntilAsync(() => atLeader.IsCancelled);
        follower.Get<LiveReplicas>().Current.Count.ShouldBe(2, "its work has not ended yet");
        atLeader.End.SetResult();
        await Wait.UntilAsync(() => follower.Get<LiveReplicas>().Current.Count == 1);
        follower.Get<LiveReplicas>().Current.ShouldBe([follower.Get<LiveReplicas>().Self]);
        server.Store.Get(LeasePath)!["spec"]!["holderIdentity"]!.GetValue<string>().ShouldBe(leader.Get<LiveReplicas>().Self, "it leads until its reconciliation has ended");
        finish.SetResult();
        await stopping;
        server.Store.Get(LeasePath)!["spec"]!["holderIdentity"]!.GetValue<string>().ShouldNotBe(leader.Get<LiveReplicas>().Self);
        atFollower.End.SetResult();
    }

    private static void Share(KubernetesRuntimeOptions options)
    {
        Elect(options);
        options.LeaderElection.ReplicaLabel = "test.example.com/replica-of";
    }

    private static void Elect(KubernetesRuntimeOptions options)
    {
        options.LeaderElection.Enabled = true;
        options.LeaderElection.LeaseName = "widgets";
    }

    private sealed class FlakyWork(int failures) : ILeaderWork
    {
        private int _started;

        public int Started => _started;

        public bool Cancelled { get; private set; }

        public async Task RunAsync(CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _started) <= failures)
                throw new InvalidDataException("not yet");
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
            finally
            {
                Cancelled = cancellationToken.IsCancellationRequested;
            }
        }
    }

    private sealed class LingeringWork : IReplicaWork
    {
        public bool IsRunning { get; private set; }

        public bool IsCancelled { get; private set; }

        public TaskCompletionSource End { get; } = new();

        public async Task RunAsync(CancellationToken cancellationToken)
        {
            IsRunning = true;
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            IsCancelled = true;
            await End.Task;
        }
    }
}
