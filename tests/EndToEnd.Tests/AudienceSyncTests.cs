namespace EndToEnd.Tests;

[Collection(EnvironmentCollection.Name)]
public sealed class AudienceSyncTests(LocalEnvironment environment)
{
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task The_destination_follows_the_segment_by_signed_deliveries()
    {
        using var receiver = new WebhookReceiver();
        await using var workspace = await environment.NewWorkspaceAsync("audience");
        await workspace.ApplySegmentAsync("recent", "{event: {name: placed_order, within: 30d}}");
        await workspace.SendAsync(ShopEvent.Order("anna", Now), ShopEvent.Order("ben", Now.AddDays(-20)));
        await workspace.MembersBecomeAsync("recent", "anna", "ben");

        await workspace.ApplySyncAsync(receiver, "recent");
        await AudienceBecomesAsync(receiver, "anna", "ben");
        await workspace.SendAsync(ShopEvent.Order("cleo", Now));
        await AudienceBecomesAsync(receiver, "anna", "ben", "cleo");
        await environment.Api.SetClockAsync(Now.AddDays(15));
        await AudienceBecomesAsync(receiver, "anna", "cleo");

        await workspace.StatusBecomesAsync(
            "audiencesync/crm", status => status.Is("Ready", "True") && status.Number("synced") == 4 && status.Number("pending") == 0, "four changes synced");
        receiver.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_delivery_that_is_refused_is_repeated_with_the_same_id_until_it_is_accepted()
    {
        using var receiver = new WebhookReceiver(refusals: 2);
        await using var workspace = await environment.NewWorkspaceAsync("refused");
        await workspace.ApplySegmentAsync("buyers", "{event: {name: placed_order}}");
        await workspace.ApplySyncAsync(receiver, "buyers");
        await workspace.SendAsync(ShopEvent.Order("anna", Now));

        await AudienceBecomesAsync(receiver, "anna");
        receiver.Attempts.Take(3).Distinct().Count().ShouldBe(1);
        receiver.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_lost_when_the_operator_is_killed_between_a_change_and_its_delivery()
    {
        using var receiver = new WebhookReceiver(refusals: 1);
        await using var workspace = await environment.NewWorkspaceAsync("lost");
        await workspace.ApplySegmentAsync("buyers", "{event: {name: placed_order}}");
        await workspace.ApplySyncAsync(receiver, "buyers");
        await workspace.SendAsync(Enumerable.Range(0, 50).Select(i => ShopEvent.Order($"p-{i}", Now)));
        await Eventually.BecomesTrueAsync(() => Task.FromResult(!receiver.Attempts.IsEmpty), "a delivery was tried");

        await environment.Operator.KillAsync();
        await environment.Operator.StartAsync();

        await AudienceBecomesAsync(receiver, [.. Enumerable.Range(0, 50).Select(i => $"p-{i}")]);
        receiver.Complaints.ShouldBeEmpty();
    }

    private static Task<string> AudienceBecomesAsync(WebhookReceiver receiver, params string[] wanted) =>
        Eventually.GetAsync(
            () => Task.FromResult(string.Join(' ', receiver.Audience)), audience => audience == string.Join(' ', wanted.Order(StringComparer.Ordinal)), "the audience follows");
}
