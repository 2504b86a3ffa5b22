namespace EndToEnd.Tests;

/// <summary>Time alone moves members: no event arrives when they do.</summary>
[Collection(EnvironmentCollection.Name)]
public sealed class TimeTests(LocalEnvironment environment)
{
    private static readonly DateTimeOffset Start = DateTimeOffset.Parse("2024-03-01T12:00:00Z");

    [Fact]
    public async Task A_member_leaves_when_its_last_order_is_exactly_as_old_as_the_window()
    {
        await using var workspace = await environment.NewWorkspaceAsync("leaves", Start);
        await workspace.ApplySegmentAsync("recent", "{event: {name: placed_order, within: 30d}}");
        await workspace.ApplySegmentAsync("lapsed", "{all: [{event: {name: placed_order}}, {none: [{event: {name: placed_order, within: 30d}}]}]}");
        await workspace.BecomesReadyAsync("segment/lapsed"); // or its first members would count as the first, not as entered
        await workspace.SendAsync(ShopEvent.Order("anna", Start.AddDays(-1)), ShopEvent.Order("ben", Start.AddDays(-10)));
        await workspace.MembersBecomeAsync("recent", "anna", "ben");

        await environment.Api.SetClockAsync(Start.AddDays(20));
        await workspace.MembersBecomeAsync("recent", "anna");
        await workspace.MembersBecomeAsync("lapsed", "ben");
        await workspace.StatusBecomesAsync("segment/lapsed", status => status.MemberCount == 1 && status.Number("entered24h") == 1, "one entered");
        await environment.Api.SetClockAsync(Start.AddDays(29));
        await workspace.MembersBecomeAsync("recent");
        await workspace.MembersBecomeAsync("lapsed", "anna", "ben");
    }

    [Fact]
    public async Task The_profile_tells_when_its_membership_will_end()
    {
        await using var workspace = await environment.NewWorkspaceAsync("foretold", Start);
        await workspace.ApplySegmentAsync("recent", "{event: {name: placed_order, within: 7d}}");
        await workspace.SendAsync(ShopEvent.Order("anna", Start.AddDays(-2)));
        await workspace.MembersBecomeAsync("recent", "anna");
        var membership = (await environment.Api.ProfileAsync(workspace.Name, "anna")).GetProperty("memberships")[0];
        membership.GetProperty("nextChange").GetDateTimeOffset().ShouldBe(Start.AddDays(5));
    }

    [Fact]
    public async Task A_window_of_seconds_empties_by_the_real_clock()
    {
        await using var workspace = await environment.NewWorkspaceAsync("seconds");
        await workspace.ApplySegmentAsync("ever", "{event: {name: viewed_page}}");
        await workspace.ApplySegmentAsync("just-now", "{event: {name: viewed_page, within: 5s}}");
        await workspace.BecomesReadyAsync("segment/just-now");
        await workspace.SendAsync(new ShopEvent("v-1", "viewed_page", "anna", await environment.Api.ClockAsync()));
        await workspace.MembersBecomeAsync("ever", "anna");
        await workspace.MembersBecomeAsync("just-now");
        await workspace.StatusBecomesAsync("segment/just-now", s => s.MemberCount == 0 && s.Number("entered24h") == 1 && s.Number("left24h") == 1, "entered and left");
    }

    [Fact]
    public async Task An_event_that_lies_ahead_counts_when_its_time_comes()
    {
        await using var workspace = await environment.NewWorkspaceAsync("ahead", Start);
        await workspace.ApplySegmentAsync("buyers", "{event: {name: placed_order}}");
        await workspace.SendAsync(ShopEvent.Order("anna", Start), ShopEvent.Order("ben", Start.AddHours(20)));
        await workspace.MembersBecomeAsync("buyers", "anna");
        await environment.Api.SetClockAsync(Start.AddHours(20));
        await workspace.MembersBecomeAsync("buyers", "anna", "ben");
    }
}
