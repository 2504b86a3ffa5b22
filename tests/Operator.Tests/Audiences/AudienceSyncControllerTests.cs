using Kubernetes.Client;
using Kubernetes.Controllers;
using Kubernetes.Events;
using Kubernetes.Informers;
using Kubernetes.Model;
using Microsoft.Extensions.DependencyInjection;
using Segmentation.Operator.Audiences;
using Segmentation.Operator.Reconcilers;
using Segmentation.Resources;

namespace Operator.Tests.Audiences;

[Collection(AudienceCollection.Name)]
public sealed class AudienceSyncControllerTests(RedisServer redis)
{
    [Fact]
    public async Task The_status_tells_what_was_synced_and_what_waits()
    {
        await using var bench = await AudienceBench.StartAsync(redis);
        await bench.Data.ServeAsync("r1", ["a", "b"], "uid-crm");
        AddSegment(bench);
        var sync = bench.Apply();
        bench.Lead();
        await bench.InSyncAsync();

        var status = (await ReconcileAsync(bench, sync)).Entity.Status;

        status.ShouldSatisfyAllConditions(
            s => s.ObservedGeneration.ShouldBe(1),
            s => s.Synced.ShouldBe(2),
            s => s.Pending.ShouldBe(0),
            s => s.FailedAttempts.ShouldBe(0),
            s => s.LastError.ShouldBeNull(),
            s => s.LastSync.ShouldNotBeNull(),
            s => Conditions.Find(s.Conditions, Conditions.Ready)!.Reason.ShouldBe(AudienceReasons.InSync));
    }

    [Fact]
    public async Task A_failing_destination_makes_one_event_and_is_named_in_the_status()
    {
        await using var bench = await AudienceBench.StartAsync(redis, configure: options => options.FirstBackoff = options.LongestBackoff = TimeSpan.FromHours(1));
        bench.Receiver.Answer(503);
        await bench.Data.ServeAsync("r1", ["a"], "uid-crm");
        AddSegment(bench);
        var sync = bench.Apply();
        bench.Lead();
        await bench.StateBecomesAsync(s => s.FailedAttempts == 1, "an attempt has failed");
        var events = Events(bench);

        await ReconcileAsync(bench, sync, events);
        var result = await ReconcileAsync(bench, sync, events);

        result.IsSuccess.ShouldBeTrue();
        sync.Status.LastError.ShouldBe("HTTP 503");
        sync.Status.Pending.ShouldBe(1);
        Conditions.Find(sync.Status.Conditions, Conditions.Ready)!.Message.ShouldBe("HTTP 503; 1 attempt failed, and it is tried again.");
        events.Queue.TryRead(out var happened).ShouldBeTrue();
        (happened!.Key.Type, happened.Key.Reason).ShouldBe((EntityEventType.Warning, AudienceReasons.DestinationUnreachable));
        events.Queue.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_requested_reconcile_is_echoed_and_tries_again()
    {
        await using var bench = await AudienceBench.StartAsync(redis, configure: options => options.FirstBackoff = options.LongestBackoff = TimeSpan.FromHours(1));
        bench.Receiver.Answer(503);
        await bench.Data.ServeAsync("r1", ["a"], "uid-crm");
        AddSegment(bench);
        var sync = bench.Apply();
        bench.Lead();
        await bench.StateBecomesAsync(s => s.FailedAttempts == 1, "an attempt has failed");
        sync.Metadata.Annotations = new Dictionary<string, string> { [SegmentationApi.ReconcileRequestedAnnotation] = "now" };

        await ReconcileAsync(bench, sync);

        sync.Status.LastHandledReconcileAt.ShouldBe("now");
        await bench.InSyncAsync();
    }

    [Fact]
    public async Task An_invalid_spec_is_not_followed()
    {
        await using var bench = await AudienceBench.StartAsync(redis);
        var sync = bench.Apply(configure: spec => spec.Destination.Webhook!.Url = "ftp://crm.example.com");
        bench.Lead();

        var result = await ReconcileAsync(bench, sync);

        Conditions.IsTrue(result.Entity.Status.Conditions, Conditions.Stalled).ShouldBeTrue();
        Conditions.Find(result.Entity.Status.Conditions, Conditions.Ready)!.Message.ShouldStartWith("spec.destination.webhook.url: ");
        result.RequeueAfter.ShouldBeNull();
        bench.State().ShouldBeNull();
    }

    private static void AddSegment(AudienceBench bench) => bench.Get<EntityStore<Segment>>().Upsert(
        new Segment { Metadata = new() { Name = AudienceBench.Segment, Namespace = bench.Workspace, Uid = "uid-vips", ResourceVersion = AudienceBench.NextVersion() } });

    private static Task<ReconciliationResult<AudienceSync>> ReconcileAsync(AudienceBench bench, AudienceSync sync, EntityEvents? events = null) =>
        new AudienceSyncController(bench.Registry, bench.Get<EntityStore<Segment>>(), bench.Get<EntityStore<RfmPolicy>>(), events ?? Events(bench), TimeProvider.System)
            .ReconcileAsync(sync, CancellationToken.None);

    private static EntityEvents Events(AudienceBench bench) => new(
        new EntityTypes([new EntityType<AudienceSync>(ResourcesJson.Default.AudienceSync)]),
        ActivatorUtilities.CreateInstance<EventMetrics>(bench.Get<IServiceProvider>()),
        TimeProvider.System);
}
