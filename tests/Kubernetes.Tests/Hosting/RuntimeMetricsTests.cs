using System.Diagnostics.Metrics;
using Kubernetes.Controllers;
using Kubernetes.Queue;
using Kubernetes.Tests.Server;
using Kubernetes.Tests.Time;
using Kubernetes.Tests.Widgets;
using Microsoft.Extensions.DependencyInjection;

namespace Kubernetes.Tests.Hosting;

public sealed class RuntimeMetricsTests
{
    [Fact]
    public async Task Reconciliations_queues_requests_and_informers_are_measured_under_the_names_that_dashboards_know()
    {
        using var meters = new TestMeters();
        await using var server = await FakeApiServer.StartAsync();
        foreach (var name in new[] { "fine", "later", "broken", "hopeless" })
            server.AddWidget(name);
        await using var runtime = await RunningRuntime.StartAsync(
            server,
            services: services => services.AddSingleton<IMeterFactory>(meters),
            arrange: controller => controller.OnReconcile = (widget, _) => Task.FromResult(widget.Metadata.Name switch
            {
                "fine" => ReconciliationResult<Widget>.Success(widget),
                "later" => ReconciliationResult<Widget>.Success(widget, TimeSpan.FromHours(1)),
                "broken" => ReconciliationResult<Widget>.Failure(widget, "broken"),
                _ => ReconciliationResult<Widget>.Terminal(widget, "hopeless"),
            }));

        await Wait.UntilAsync(() => runtime.Controller.Reconciled.Count == 4 && runtime.Get<EntityQueue<Widget>>().IsIdle);

        meters.Sum("controller_runtime_reconcile_total", "success").ShouldBe(1);
        meters.Sum("controller_runtime_reconcile_total", "requeue_after").ShouldBe(1);
        meters.Sum("controller_runtime_reconcile_total", "error").ShouldBe(2);
        meters.Sum("controller_runtime_reconcile_errors_total", "widget").ShouldBe(2);
        meters.Sum("controller_runtime_terminal_reconcile_errors_total").ShouldBe(1);
        meters.Sum("controller_runtime_active_workers").ShouldBe(0);
        meters.Sum("workqueue_adds_total", "widget").ShouldBe(4);
        meters.Sum("workqueue_depth").ShouldBe(0);
        meters.Sum("workqueue_retries_total").ShouldBe(1);
        meters.Sum("rest_client_requests_total", "GET").ShouldBe(1);
        meters.Observe();
        meters.Sum("informer_synced", "Widget").ShouldBe(1);
        meters.Sum("informer_objects", "Widget").ShouldBe(4);
        meters.Sum("informer_unreachable_seconds").ShouldBe(0);
    }

    [Fact]
    public async Task The_leader_shows_as_master()
    {
        using var meters = new TestMeters();
        await using var server = await FakeApiServer.StartAsync();
        await using var runtime = await RunningRuntime.StartAsync(
            server,
            services: services => services.AddSingleton<IMeterFactory>(meters),
            configure: options =>
            {
                options.LeaderElection.Enabled = true;
                options.LeaderElection.LeaseName = "widgets";
            });

        await Wait.UntilAsync(() => runtime.Get<Kubernetes.LeaderElection.Leadership>().IsLeader);
        meters.Observe();
        meters.Sum("leader_election_master_status", "widgets").ShouldBe(1);
    }
}
