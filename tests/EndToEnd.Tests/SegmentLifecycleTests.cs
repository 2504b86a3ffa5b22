namespace EndToEnd.Tests;

[Collection(EnvironmentCollection.Name)]
public sealed class SegmentLifecycleTests(LocalEnvironment environment)
{
    private const string AnyOrder = "{event: {name: placed_order}}";

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task An_applied_segment_becomes_ready_and_kubectl_shows_its_members()
    {
        await using var workspace = await environment.NewWorkspaceAsync("applied");
        await workspace.ApplySegmentAsync("buyers", AnyOrder);
        await workspace.KubectlAsync("wait", "--for=condition=Ready", "--timeout=60s", "segment/buyers");

        await workspace.SendAsync(ShopEvent.Order("anna", Now), ShopEvent.Order("ben", Now));
        await workspace.StatusBecomesAsync("segment/buyers", status => status.MemberCount == 2, "two members");
        await workspace.MembersBecomeAsync("buyers", "anna", "ben");

        var lines = (await workspace.KubectlAsync("get", "seg")).Split('\n');
        Cells(lines[0]).ShouldBe(["NAME", "READY", "MEMBERS", "ENTERED-24H", "LEFT-24H", "DRIFT", "LAST-CHANGE", "AGE"]);
        Cells(lines[1]).Take(5).ShouldBe(["buyers", "True", "2", "2", "0"]);
        (await workspace.KubectlAsync("get", "segmentation")).ShouldContain("buyers");
    }

    [Fact]
    public async Task Kubectl_describe_tells_which_revision_serves()
    {
        await using var workspace = await environment.NewWorkspaceAsync("described");
        await workspace.ApplySegmentAsync("buyers", AnyOrder);
        var revision = (await workspace.BecomesReadyAsync("segment/buyers")).ActiveRevision;
        await Eventually.GetAsync(
            () => workspace.KubectlAsync("describe", "segment", "buyers"),
            text => text.Contains("RevisionServing", StringComparison.Ordinal) && text.Contains($"Revision {revision} serves", StringComparison.Ordinal),
            "the event is there");
    }

    [Fact]
    public async Task A_segment_applied_to_a_filled_workspace_counts_what_was_there_before()
    {
        await using var workspace = await environment.NewWorkspaceAsync("backfilled");
        await workspace.ApplySegmentAsync("first", AnyOrder);
        await workspace.SendAsync(Enumerable.Range(0, 500).SelectMany(i => Enumerable.Range(0, 1 + (i % 3)).Select(_ => ShopEvent.Order($"p-{i}", Now))));
        await workspace.StatusBecomesAsync("segment/first", status => status.MemberCount == 500, "500 members");

        await workspace.ApplySegmentAsync("loyal", "{event: {name: placed_order, count: {gte: 3}}}");
        await workspace.StatusBecomesAsync("segment/loyal", status => status.Is("Ready", "True") && status.MemberCount == 166, "166 members");
    }

    [Fact]
    public async Task While_an_edit_is_evaluated_the_members_are_the_old_ones_and_then_at_once_the_new_ones()
    {
        const int Profiles = 4000;
        await using var workspace = await environment.NewWorkspaceAsync("edited");
        await workspace.ApplySegmentAsync("buyers", AnyOrder);
        await workspace.SendAsync(Enumerable.Range(0, Profiles).Select(i => ShopEvent.Order($"p-{i}", Now, value: i)));
        var old = await workspace.StatusBecomesAsync("segment/buyers", status => status.Is("Ready", "True") && status.MemberCount == Profiles, "all are members");

        await workspace.ApplySegmentAsync("buyers", "{event: {name: placed_order, max: {of: value, lt: 1000}}}");
        var seen = new List<int>();
        while (seen.LastOrDefault(Profiles) == Profiles) seen.Add((await workspace.MembersAsync("buyers")).Count);
        for (var i = 0; i < 20; i++) seen.Add((await workspace.MembersAsync("buyers")).Count);
        seen.Distinct().ShouldBe(seen[0] == Profiles ? [Profiles, 1000] : [1000]);

        var edited = await workspace.StatusBecomesAsync("segment/buyers", status => status.Is("Ready", "True") && status.MemberCount == 1000, "1000 members");
        edited.ActiveRevision.ShouldNotBe(old.ActiveRevision);
        edited.Is("Reconciling", "True").ShouldBeFalse();
    }

    [Fact]
    public async Task A_deleted_segment_leaves_nothing_of_its_own_in_Redis_and_others_untouched()
    {
        await using var workspace = await environment.NewWorkspaceAsync("deleted");
        await workspace.ApplySegmentAsync("goes", AnyOrder);
        await workspace.ApplySegmentAsync("stays", AnyOrder);
        await workspace.SendAsync(Enumerable.Range(0, 300).Select(i => ShopEvent.Order($"p-{i}", Now)));
        foreach (var segment in (string[])["goes", "stays"])
            await workspace.StatusBecomesAsync("segment/" + segment, status => status.MemberCount == 300, "300 members");
        (await workspace.TracesInRedisAsync("goes")).ShouldNotBeEmpty();

        await workspace.KubectlAsync("delete", "segment", "goes", "--timeout=60s");

        (await workspace.TracesInRedisAsync("goes")).ShouldBeEmpty();
        (await workspace.MembersAsync("stays")).Count.ShouldBe(300);
    }

    [Fact]
    public async Task A_segment_of_the_same_name_begins_anew_after_its_predecessor_was_deleted()
    {
        await using var workspace = await environment.NewWorkspaceAsync("again");
        await workspace.ApplySegmentAsync("buyers", AnyOrder);
        await workspace.SendAsync(ShopEvent.Order("anna", Now, 5), ShopEvent.Order("ben", Now, 50));
        await workspace.MembersBecomeAsync("buyers", "anna", "ben");

        await workspace.KubectlAsync("delete", "segment", "buyers", "--timeout=60s");
        await workspace.ApplySegmentAsync("buyers", "{event: {name: placed_order, max: {of: value, gt: 20}}}");
        await workspace.MembersBecomeAsync("buyers", "ben");
    }

    [Fact]
    public async Task A_suspended_segment_keeps_its_members_and_catches_up_when_it_is_resumed()
    {
        await using var workspace = await environment.NewWorkspaceAsync("suspended");
        await workspace.ApplySegmentAsync("buyers", AnyOrder);
        await workspace.ApplySegmentAsync("witness", AnyOrder);
        await workspace.SendAsync(ShopEvent.Order("anna", Now));
        await workspace.MembersBecomeAsync("buyers", "anna");

        await workspace.ApplySegmentAsync("buyers", AnyOrder, "suspend: true");
        await workspace.StatusBecomesAsync("segment/buyers", status => status.Reason("Ready") == "Suspended", "suspended");
        await workspace.SendAsync(ShopEvent.Order("ben", Now));
        await workspace.MembersBecomeAsync("witness", "anna", "ben");
        (await workspace.MembersAsync("buyers")).ShouldBe(["anna"]);

        await workspace.ApplySegmentAsync("buyers", AnyOrder, "suspend: false");
        await workspace.MembersBecomeAsync("buyers", "anna", "ben");
        await workspace.StatusBecomesAsync("segment/buyers", status => status.Reason("Ready") == "Serving" && status.MemberCount == 2, "serving");
    }

    [Fact]
    public async Task Membership_in_another_segment_follows_it()
    {
        await using var workspace = await environment.NewWorkspaceAsync("chained");
        await workspace.ApplySegmentAsync("buyers", "{event: {name: placed_order, sum: {of: value, gte: 100}}}");
        await workspace.ApplySegmentAsync("not-buyers", "{all: [{event: {name: opened_email}}, {segment: {name: buyers, is: notMember}}]}");
        await workspace.SendAsync(new ShopEvent("m-1", "opened_email", "anna", Now), new ShopEvent("m-2", "opened_email", "ben", Now));
        await workspace.MembersBecomeAsync("not-buyers", "anna", "ben");

        await workspace.SendAsync(ShopEvent.Order("anna", Now, 60), ShopEvent.Order("anna", Now, 40));
        await workspace.MembersBecomeAsync("not-buyers", "ben");
    }

    private static string[] Cells(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
