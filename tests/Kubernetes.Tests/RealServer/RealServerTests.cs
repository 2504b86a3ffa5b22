using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Kubernetes.Client;
using Kubernetes.Controllers;
using Kubernetes.Events;
using Kubernetes.Hosting;
using Kubernetes.Informers;
using Kubernetes.LeaderElection;
using Kubernetes.Model;
using Kubernetes.Tests.Time;
using Kubernetes.Tests.Widgets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kubernetes.Tests.RealServer;

public sealed class RealServerTests(RealApiServer server) : IClassFixture<RealApiServer>
{
    private const string FinalizerName = "test.example.com/cleanup";

    [FactOnRealServer]
    public async Task An_object_lives_its_whole_life_on_a_real_server()
    {
        var controller = new WidgetController();
        using var host = BuildHost(controller, "whole-life");
        controller.OnReconcile = (widget, _) =>
        {
            widget.Status.ObservedGeneration = widget.Metadata.Generation;
            widget.Status.ObservedSize = widget.Spec.Size;
            widget.Status.Conditions ??= [];
            Conditions.Set(widget.Status.Conditions, "Ready", "True", "Sized", "The widget has its size.", widget.Metadata.Generation, TimeProvider.System.GetUtcNow());
            host.Services.GetRequiredService<EntityEvents>().Publish(widget, EntityEventType.Normal, "Sized", "The widget has its size.");
            return Task.FromResult(ReconciliationResult<Widget>.Success(widget));
        };
        var client = host.Services.GetRequiredService<KubernetesClient>();
        await InstallWidgetsAsync(client);
        await host.StartAsync();
        var store = host.Services.GetRequiredService<EntityStore<Widget>>();
        await Wait.UntilAsync(() => host.Services.GetRequiredService<Leadership>().IsLeader && store.HasSynced);

        // Status by server-side apply, under our name, once.
        var created = await client.CreateAsync(Widget.Named("default", "one", size: 4), CancellationToken.None);
        await Wait.UntilAsync(() => store.Get("default", "one")?.Status.ObservedSize == 4);
        var stored = await RawAsync(client, "one");
        stored["metadata"]!["finalizers"]![0]!.GetValue<string>().ShouldBe(FinalizerName);
        stored["metadata"]!["managedFields"]!.AsArray()
            .Single(fields => fields!["subresource"]?.GetValue<string>() == "status" || fields["operation"]!.GetValue<string>() == "Apply")!["manager"]!
            .GetValue<string>().ShouldBe("widget-operator");
        stored["status"]!["conditions"]![0]!["lastTransitionTime"]!.GetValue<string>().ShouldEndWith("Z");

        // A new generation is seen; the condition keeps its time since it did not flip.
        var size = Patch.Merge(new JsonObject { ["spec"] = new JsonObject { ["size"] = 5 } });
        await client.PatchAsync<Widget>("default", "one", size, CancellationToken.None);
        await Wait.UntilAsync(() => store.Get("default", "one")?.Status is { ObservedSize: 5, ObservedGeneration: 2 });
        (await RawAsync(client, "one"))["status"]!["conditions"]![0]!["lastTransitionTime"]!.GetValue<string>()
            .ShouldBe(stored["status"]!["conditions"]![0]!["lastTransitionTime"]!.GetValue<string>());

        // However often it happened, it is one event.
        await Wait.UntilAsync(() => controller.Times("one") >= 2 && EventsAsync(client).GetAwaiter().GetResult().Count > 0);
        var told = (await EventsAsync(client)).ShouldHaveSingleItem();
        told.Note.ShouldBe("The widget has its size.");
        told.Regarding!.Uid.ShouldBe(created.Metadata.Uid);
        if (await MinorVersionAsync(client) < 30) // the newer server composed for tests breaks at any change of an event
            await Wait.UntilAsync(() => EventsAsync(client).GetAwaiter().GetResult() is [{ Series.Count: >= 2 }]);

        // Deletion waits for the finalizer, and is reported.
        await client.DeleteAsync<Widget>("default", "one", CancellationToken.None, created.Metadata.Uid);
        await Wait.UntilAsync(() => controller.Deleted.Count == 1);
        controller.Finalized.Count.ShouldBe(1);
        (await client.FindAsync<Widget>("default", "one", CancellationToken.None)).ShouldBeNull();

        // The lease is held while running and given up at the end.
        (await client.GetAsync<V1Lease>("default", "whole-life", CancellationToken.None)).Spec!.HolderIdentity.ShouldBe(
            host.Services.GetRequiredService<ReplicaIdentity>().Name);
        await host.StopAsync();
        (await client.GetAsync<V1Lease>("default", "whole-life", CancellationToken.None)).Spec!.HolderIdentity.ShouldBeNullOrEmpty();
    }

    [FactOnRealServer]
    public async Task A_second_replica_leads_when_the_first_has_stopped_and_knows_every_object()
    {
        var first = new WidgetController();
        var second = new WidgetController();
        using var firstHost = BuildHost(first, "hand-over");
        using var secondHost = BuildHost(second, "hand-over");
        var client = firstHost.Services.GetRequiredService<KubernetesClient>();
        await InstallWidgetsAsync(client);
        await firstHost.StartAsync();
        await Wait.UntilAsync(() => firstHost.Services.GetRequiredService<Leadership>().IsLeader);
        await secondHost.StartAsync();
        await client.CreateAsync(Widget.Named("default", "shared", size: 2), CancellationToken.None);
        await Wait.UntilAsync(() => first.Times("shared") > 0);
        await Wait.UntilAsync(() => secondHost.Services.GetRequiredService<EntityStore<Widget>>().Get("default", "shared")?.Status.ObservedSize == 2);
        second.Reconciled.ShouldBeEmpty();

        await firstHost.StopAsync();

        await Wait.UntilAsync(() => second.Times("shared") > 0);
        await client.DeleteAsync<Widget>("default", "shared", CancellationToken.None);
        await Wait.UntilAsync(() => second.Deleted.Count == 1);
        await secondHost.StopAsync();
    }

    [FactOnRealServer]
    public async Task Refusals_come_as_typed_errors_with_the_fields_at_fault()
    {
        using var host = BuildHost(new WidgetController(), "errors");
        var client = host.Services.GetRequiredService<KubernetesClient>();
        await InstallWidgetsAsync(client);

        await Should.ThrowAsync<NotFoundException>(client.GetAsync<Widget>("default", "nobody", CancellationToken.None));
        var invalid = await Should.ThrowAsync<InvalidException>(client.CreateAsync(Widget.Named("default", "negative", size: -1), CancellationToken.None));
        invalid.Causes.ShouldContain(cause => cause.Field == "spec.size");
        await client.CreateAsync(Widget.Named("default", "twice"), CancellationToken.None);
        await Should.ThrowAsync<AlreadyExistsException>(client.CreateAsync(Widget.Named("default", "twice"), CancellationToken.None));
        var outdated = Widget.Named("default", "twice");
        outdated.Metadata.ResourceVersion = "1";
        await Should.ThrowAsync<ConflictException>(client.ApplyStatusAsync(outdated, CancellationToken.None));
        await client.DeleteAsync<Widget>("default", "twice", CancellationToken.None);
        var gone = Widget.Named("default", "twice");
        await Should.ThrowAsync<NotFoundException>(client.ApplyStatusAsync(gone, CancellationToken.None));
    }

    [FactOnRealServer]
    public async Task Only_objects_with_the_labels_asked_for_are_seen_and_one_that_loses_them_is_gone_without_being_finalized()
    {
        var controller = new WidgetController();
        using var host = BuildHost(controller, "sharded", options => options.LabelSelector = "shard=a");
        var client = host.Services.GetRequiredService<KubernetesClient>();
        await InstallWidgetsAsync(client);
        await host.StartAsync();
        foreach (var (name, shard) in new[] { ("ours", "a"), ("theirs", "b") })
        {
            var widget = Widget.Named("default", name, size: 3);
            widget.Metadata.Labels = new Dictionary<string, string> { ["shard"] = shard };
            await client.CreateAsync(widget, CancellationToken.None);
        }

        await Wait.UntilAsync(() => controller.Times("ours") > 0);
        await LabelAsync(client, "theirs", "a");
        await Wait.UntilAsync(() => controller.Times("theirs") > 0);
        controller.Deleted.ShouldBeEmpty();
        await LabelAsync(client, "ours", "b");
        await Wait.UntilAsync(() => controller.Deleted.Any(widget => widget.Metadata.Name == "ours"));

        controller.Finalized.ShouldBeEmpty();
        (await client.GetAsync<Widget>("default", "ours", CancellationToken.None)).Metadata.Finalizers.ShouldBe([FinalizerName]); // for whoever has it now
        await LabelAsync(client, "ours", "a");
        await client.DeleteAsync<Widget>("default", "ours", CancellationToken.None);
        await client.DeleteAsync<Widget>("default", "theirs", CancellationToken.None);
        await Wait.UntilAsync(() => controller.Finalized.Count == 2);
        await host.StopAsync();
    }

    private static Task<Widget> LabelAsync(KubernetesClient client, string name, string shard) => client.PatchAsync<Widget>(
        "default", name, Patch.Merge(new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["shard"] = shard } } }), CancellationToken.None);

    private IHost BuildHost(WidgetController controller, string lease, Action<KubernetesRuntimeOptions>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(controller);
        builder.Services
            .AddKubernetesRuntime(options =>
            {
                options.Kubeconfig = server.Kubeconfig;
                options.FieldManager = "widget-operator";
                options.LeaderElection.LeaseName = lease;
                options.LeaderElection.RetryPeriod = TimeSpan.FromMilliseconds(200);
                configure?.Invoke(options);
            })
            .AddEntity(WidgetJson.Default.Widget)
            .AddController<WidgetController, Widget>(workers: 2)
            .AddFinalizer<WidgetController, Widget>(FinalizerName);
        return builder.Build();
    }

    private static async Task<int> MinorVersionAsync(KubernetesClient client)
    {
        var version = JsonNode.Parse(await client.SendAsync(new ApiRequest(HttpMethod.Get, "version"), CancellationToken.None))!;
        return int.Parse(version["gitVersion"]!.GetValue<string>().Split('.')[1], CultureInfo.InvariantCulture);
    }

    private static async Task<JsonObject> RawAsync(KubernetesClient client, string name) => JsonNode.Parse(await client.SendAsync(
        new ApiRequest(HttpMethod.Get, $"apis/test.example.com/v1/namespaces/default/widgets/{name}"), CancellationToken.None))!.AsObject();

    private static async Task<IReadOnlyList<EventsV1Event>> EventsAsync(KubernetesClient client) =>
        [.. (await client.ListAsync<EventsV1Event>("default", options: null, CancellationToken.None)).Items.Where(item => item.Reason == "Sized")];

    private static async Task InstallWidgetsAsync(KubernetesClient client)
    {
        var request = new ApiRequest(HttpMethod.Post, "apis/apiextensions.k8s.io/v1/customresourcedefinitions") { Body = Encoding.UTF8.GetBytes(WidgetDefinition.Json) };
        try
        {
            await client.SendAsync(request, CancellationToken.None);
        }
        catch (AlreadyExistsException)
        {
            // Another test was first.
        }

        for (var served = false; !served;)
        {
            try
            {
                await client.ListAsync<Widget>("default", options: null, CancellationToken.None);
                served = true;
            }
            catch (ApiException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        }
    }
}
