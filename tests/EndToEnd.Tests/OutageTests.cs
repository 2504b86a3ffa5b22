using System.Net;

namespace EndToEnd.Tests;

/// <summary>Any part may go away at any time: what was acknowledged counts, once, and what can go on goes on.</summary>
[Collection(EnvironmentCollection.Name)]
public sealed class OutageTests(LocalEnvironment environment) : IDisposable
{
    private static readonly string Cli = Path.Combine(AppContext.BaseDirectory, "kubectl-segment.dll");

    private readonly string _folder = Directory.CreateTempSubdirectory("outage-").FullName;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Every_event_counts_once_although_the_operator_was_killed_in_the_middle_of_an_import()
    {
        const int Profiles = 1500, OrdersEach = 40;
        var file = Path.Combine(_folder, "orders.jsonl");
        var start = Now.AddDays(-OrdersEach - 1);
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, Profiles * OrdersEach)
            .Select(i => new ShopEvent($"o-{i}", "placed_order", $"p-{i % Profiles}", start.AddDays(i / Profiles), 1m).ToJson()));
        await using var workspace = await environment.NewWorkspaceAsync("killed");
        await workspace.ApplySegmentAsync("all-there", "{event: {name: placed_order, count: {eq: " + OrdersEach + "}}}");
        await workspace.BecomesReadyAsync("segment/all-there");

        using var import = Command.Start(
            "dotnet", [Cli, "import", file, "--server", environment.Operator.Address.ToString(), "--workspace", workspace.Name, "--batch", "500", "--parallel", "2"]);
        var output = Task.WhenAll(import.StandardOutput.ReadToEndAsync(), import.StandardError.ReadToEndAsync());
        await Eventually.GetAsync(
            () => environment.Api.MetricAsync("segmentation_events_applied_total", $"workspace=\"{workspace.Name}\""), applied => applied >= 2000, "the import is under way");
        await environment.Operator.KillAsync();
        import.HasExited.ShouldBeFalse("the import had ended before the operator was killed");
        await environment.Operator.StartAsync();

        await import.WaitForExitAsync();
        import.ExitCode.ShouldBe(0, string.Join('\n', await output));
        await workspace.StatusBecomesAsync("segment/all-there", status => status.MemberCount == Profiles, $"all {Profiles} profiles have {OrdersEach} orders");
    }

    [Fact]
    public async Task While_Redis_is_away_nothing_is_acknowledged_and_afterwards_all_is_as_before()
    {
        await using var workspace = await environment.NewWorkspaceAsync("no-redis");
        await workspace.ApplySegmentAsync("buyers", "{event: {name: placed_order}}");
        await workspace.SendAsync(ShopEvent.Order("anna", Now));
        await workspace.MembersBecomeAsync("buyers", "anna");
        var order = ShopEvent.Order("ben", Now);

        await environment.Redis.StopAsync();
        using (var refused = await environment.Api.PostAsync(workspace.Name, [order]))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            refused.Headers.RetryAfter.ShouldNotBeNull();
        }

        await Eventually.GetAsync(environment.Api.ReadinessAsync, r => !r.GetProperty("ready").GetBoolean(), "not ready");
        (await environment.Api.ReadinessAsync()).GetProperty("checks").GetProperty("redis").GetString().ShouldNotBe("ok");

        await environment.Redis.StartAsync();
        await workspace.SendAsync(order);
        await workspace.SendAsync(order);
        await workspace.MembersBecomeAsync("buyers", "anna", "ben");
        await Eventually.GetAsync(environment.Api.ReadinessAsync, r => r.GetProperty("ready").GetBoolean(), "ready again");
        var orders = (await environment.Api.ProfileAsync(workspace.Name, "ben")).GetProperty("events")[0];
        orders.GetProperty("count").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task While_the_API_server_is_away_members_stay_current_and_the_operator_says_what_it_misses()
    {
        await using var workspace = await environment.NewWorkspaceAsync("no-api-server");
        await workspace.ApplySegmentAsync("buyers", "{event: {name: placed_order}}");
        await workspace.SendAsync(ShopEvent.Order("anna", Now));
        await workspace.MembersBecomeAsync("buyers", "anna");

        await environment.ControlPlane.StopApiServerAsync();
        // Longer, for each of the three kinds, than a lease lasts.
        await Eventually.GetAsync(() => environment.Api.MetricAsync("informer_unreachable_seconds"), seconds => seconds > 3 * 8, "the API server is missed");
        (await environment.Api.ReadinessAsync()).GetProperty("checks").GetProperty("apiServer").GetString().ShouldStartWith("unreachable since");
        (await environment.Api.ReadinessAsync()).GetProperty("ready").GetBoolean().ShouldBeTrue();
        await workspace.SendAsync(ShopEvent.Order("ben", Now));
        await workspace.MembersBecomeAsync("buyers", "anna", "ben");

        await environment.ControlPlane.StartAsync();
        await workspace.StatusBecomesAsync("segment/buyers", status => status.MemberCount == 2, "the status follows");
        await workspace.ApplySegmentAsync("new", "{event: {name: placed_order}}");
        await workspace.StatusBecomesAsync("segment/new", status => status.Is("Ready", "True") && status.MemberCount == 2, "new segments are served");
        await Eventually.GetAsync(() => environment.Api.MetricAsync("informer_unreachable_seconds"), seconds => seconds.Equals(0), "nothing is missed");
        (await environment.Api.ReadinessAsync()).GetProperty("checks").GetProperty("apiServer").GetString().ShouldBe("ok");
    }

    [Fact]
    public async Task What_was_created_edited_and_deleted_while_the_operator_was_away_is_done_when_it_is_back()
    {
        await using var workspace = await environment.NewWorkspaceAsync("away");
        await workspace.ApplySegmentAsync("edited", "{event: {name: placed_order}}");
        await workspace.ApplySegmentAsync("deleted", "{event: {name: placed_order}}");
        await workspace.SendAsync(ShopEvent.Order("anna", Now, 10), ShopEvent.Order("ben", Now, 100));
        await workspace.MembersBecomeAsync("edited", "anna", "ben");
        await workspace.MembersBecomeAsync("deleted", "anna", "ben");

        await environment.Operator.StopAsync();
        await workspace.ApplySegmentAsync("edited", "{event: {name: placed_order, max: {of: value, gt: 50}}}");
        await workspace.ApplySegmentAsync("created", "{event: {name: placed_order, max: {of: value, lt: 50}}}");
        await workspace.KubectlAsync("delete", "segment", "deleted", "--wait=false");
        await environment.Operator.StartAsync();

        await workspace.MembersBecomeAsync("edited", "ben");
        await workspace.MembersBecomeAsync("created", "anna");
        await workspace.KubectlAsync("wait", "--for=delete", "segment/deleted", "--timeout=60s");
        (await environment.Redis.KeysAsync(workspace.Name)).ShouldNotContain(key => key.Contains(":deleted", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
