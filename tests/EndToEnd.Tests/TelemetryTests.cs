using System.Text.Json;

namespace EndToEnd.Tests;

/// <summary>What an operator says of its work, with the settings of docs/configuration.md: JSON lines, and spans by OTLP.</summary>
[Collection(EnvironmentCollection.Name)]
public sealed class TelemetryTests(LocalEnvironment environment)
{
    private const string Profile = "a-secret-id-4711";

    [Fact]
    public async Task Logs_and_traces_tell_of_every_step_and_name_no_profile()
    {
        await using var workspace = await environment.NewWorkspaceAsync("told");
        using var collector = new TraceCollector();
        using var receiver = new WebhookReceiver();
        var observed = await environment.NewReplicaAsync("observed", new Dictionary<string, string>
        {
            ["Logging__Console__FormatterName"] = "json",
            ["Logging__LogLevel__Default"] = "Debug",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        });
        await environment.Operator.StopAsync();
        try
        {
            await observed.StartAsync();
            using var api = new OperatorApi(observed);
            await workspace.ApplySegmentAsync("buyers", "{event: {name: placed_order}}");
            await workspace.ApplySyncAsync(receiver, "buyers");
            await workspace.BecomesReadyAsync("segment/buyers");
            (await api.PostAsync(workspace.Name, [ShopEvent.Order(Profile, TimeProvider.System.GetUtcNow())])).EnsureSuccessStatusCode();
            await Eventually.BecomesTrueAsync(async () => (await api.MembersAsync(workspace.Name, "buyers")).Contains(Profile), "the order counts");
            await api.PutProfileAsync(workspace.Name, Profile, new { country = "DE" });
            await api.ProfileAsync(workspace.Name, Profile);

            string[] spans = ["accept events", "partition turn", "plan workspace", "deliver audience batch", "reconcile Segment"];
            foreach (var span in spans) await Eventually.BecomesTrueAsync(() => Task.FromResult(collector.Text.Contains(span, StringComparison.Ordinal)), span);
            collector.Text.ShouldContain("segmentation-operator");
            collector.Text.ShouldContain(workspace.Name);
        }
        finally
        {
            await observed.StopAsync();
            await environment.Operator.StartAsync();
        }

        collector.Text.ShouldNotContain(Profile);
        observed.Log.ShouldNotContain(Profile);
        var lines = observed.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        lines.ShouldAllBe(line => line.GetProperty("Timestamp").GetString()!.EndsWith('Z'));
        var reconciled = lines.First(line => line.GetProperty("Message").GetString()!.StartsWith($"Segment {workspace.Name}/buyers:", StringComparison.Ordinal));
        var scope = reconciled.GetProperty("Scopes").EnumerateArray().First(s => s.TryGetProperty("ReconcileId", out _));
        scope.GetProperty("Namespace").GetString().ShouldBe(workspace.Name);
        scope.GetProperty("Name").GetString().ShouldBe("buyers");
        scope.GetProperty("Generation").ToString().ShouldBe("1");
    }
}
